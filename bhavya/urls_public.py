"""Addresses on the State host."""

from django.urls import include, path

from apps.abdm import urls as abdm
from apps.accounts import urls as accounts
from apps.accounts.views import home
from apps.documents import urls as documents
from apps.monitoring import urls as monitoring
from apps.reporting import urls as reporting
from apps.workflows import urls as workflows

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.forbidden"
handler404 = "apps.core.views.not_found"
handler500 = "apps.core.views.our_fault"

urlpatterns = [
    path("", home, name="home"),
    path("", include((accounts.AT_STATE, "accounts"))),
    path("", include("apps.accounts.urls.keys")),
    path("", include("apps.facilities.urls.state")),
    path("", include("apps.terminology.urls")),
    path("", include("apps.supply.urls")),
    path("", include("apps.workflows.prompts.urls_state")),
    path("", include((monitoring.AT_STATE, "monitoring"))),
    path("", include((reporting.AT_STATE, "reporting"))),
    path("", include("apps.notices.urls")),
    path("", include((documents.AT_STATE, "documents"))),
    path("", include((workflows.AT_STATE, "workflows"))),
    path("", include("apps.portal.urls")),
    path("", include("apps.gateway.urls")),
    path("", include((abdm.AT_STATE, "abdm"))),
    path("accounts/", include("apps.accounts.urls.login")),
]
