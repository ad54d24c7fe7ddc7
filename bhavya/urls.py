"""Addresses on a facility's host."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from apps.accounts import urls as accounts
from apps.accounts.views import home
from apps.core.endpoint import StaffSession
from apps.gateway import urls as gateway
from apps.monitoring import urls as monitoring
from apps.portal import urls as portal
from apps.reporting import urls as reporting

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.forbidden"
handler404 = "apps.core.views.not_found"
handler429 = "apps.accounts.views.slow_down"
handler500 = "apps.core.views.our_fault"

urlpatterns = [
    path("", home, name="home"),
    path("", include((accounts.AT_FACILITY, "accounts"))),
    path("", include("apps.facilities.urls.facility")),
    path("accounts/", include("apps.accounts.urls.login")),
    path("", include("apps.patients.urls")),
    path("", include("apps.encounters.urls")),
    path("", include("apps.labs.urls")),  # before the doctor's: opd/results/ is no slip
    path("", include("apps.workflows.urls")),
    path("", include("apps.workflows.prompts.urls")),
    path(
        "api/schema",
        SpectacularAPIView.as_view(
            permission_classes=[IsAuthenticated], authentication_classes=[StaffSession]
        ),
        name="api_schema",
    ),
    path("", include("apps.documents.urls")),
    path("", include("apps.pharmacy.urls")),
    path("", include("apps.abdm.urls")),
    path("", include((gateway.AT_FACILITY, "gateway"))),
    path("", include((portal.AT_FACILITY, "portal"))),
    path("", include((monitoring.AT_FACILITY, "monitoring"))),
    path("", include((reporting.AT_FACILITY, "reporting"))),
]
