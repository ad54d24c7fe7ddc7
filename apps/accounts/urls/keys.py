"""API keys of other departments' programs, on the State host."""

from django.urls import path

from apps.accounts import views

app_name = "keys"
urlpatterns = [
    path("keys/", views.key_list, name="list"),
    path("keys/new", views.key_new, name="new"),
    path("keys/<uuid:key_id>/revoke", views.key_revoke, name="revoke"),
]
