"""A hospital's own settings, on its own host."""

from django.urls import path

from apps.facilities import views, views_training

app_name = "facilities"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("training/", views_training.training, name="training"),
]
