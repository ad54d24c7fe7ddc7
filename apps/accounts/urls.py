"""People's own pages; on every host."""

from django.urls import path

from apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("language", views.language, name="language"),
    path("duty", views.duty, name="duty"),
    path("me", views.me, name="me"),
]
