"""Callback addresses on the State host. Some senders leave `/api` out."""

from django.urls import path

from apps.gateway import views

app_name = "gateway"
SUPPORT = [
    path("abdm/messages/", views.messages, name="messages"),
    path("abdm/messages/<str:way>/<uuid:message_id>/", views.message, name="message"),
    path("abdm/messages/<str:way>/<uuid:message_id>/retry", views.retry, name="retry"),
]
IDS = [
    path("abdm/ids/", views.care, name="care"),
    path("abdm/ids/<uuid:user_id>/", views.registers, name="registers"),
]
AT_FACILITY = [*SUPPORT, *IDS, path("abdm/link/", views.link, name="link")]
urlpatterns = [
    *SUPPORT,
    *IDS,
    path("abdm/links/", views.links, name="links"),
    path("abdm/links/bridge", views.bridge, name="bridge"),
    path("abdm/links/<uuid:facility_id>/", views.link_of, name="link_of"),
    path("abdm/api/v3/<path:kind>", views.callback, name="callback"),
    path("abdm/v3/<path:kind>", views.callback, name="callback_short"),
]
