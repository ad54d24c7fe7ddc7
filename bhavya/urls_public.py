"""Addresses on the State host."""

from django.urls import include, path

from apps.accounts.views import home

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.forbidden"
handler404 = "apps.core.views.not_found"
handler500 = "apps.core.views.our_fault"

urlpatterns = [
    path("", home, name="home"),
    path("", include("apps.accounts.urls")),
    path("", include("apps.facilities.urls.state")),
    path("", include("apps.terminology.urls")),
    path("", include("apps.supply.urls")),
    path("", include("apps.notices.urls")),
    path("", include("apps.portal.urls")),
    path("accounts/", include("apps.accounts.urls.login")),
]
