"""Callback addresses on the State host. Some senders leave `/api` out."""

from django.urls import path

from apps.gateway import views

app_name = "gateway"
urlpatterns = [
    path("abdm/api/v3/<path:kind>", views.callback, name="callback"),
    path("abdm/v3/<path:kind>", views.callback, name="callback_short"),
]
