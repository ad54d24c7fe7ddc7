"""Callback addresses on the State host. Some senders leave `/api` out."""

from django.urls import path

from apps.gateway import views

app_name = "gateway"
SUPPORT = [
    path("abdm/messages/", views.messages, name="messages"),
    path("abdm/messages/<str:way>/<uuid:message_id>/", views.message, name="message"),
    path("abdm/messages/<str:way>/<uuid:message_id>/retry", views.retry, name="retry"),
]
AT_FACILITY = SUPPORT
urlpatterns = [
    *SUPPORT,
    path("abdm/api/v3/<path:kind>", views.callback, name="callback"),
    path("abdm/v3/<path:kind>", views.callback, name="callback_short"),
]
