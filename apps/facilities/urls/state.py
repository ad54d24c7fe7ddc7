"""The register of hospitals and what a district does with it, on the State host."""

from django.urls import path

from apps.facilities import views

app_name = "facilities"
urlpatterns = [
    path("hospitals/", views.register, name="register"),
    path("hospitals/<str:code>/", views.hospital, name="hospital"),
    path("hospitals/<str:code>/onboard", views.onboard, name="onboard"),
    path("hospitals/<str:code>/progress", views.progress, name="progress"),
    path("hospitals/<str:code>/retry", views.retry, name="retry"),
    path("hospitals/<str:code>/retire", views.retire, name="retire"),
    path("hospitals/<str:code>/settings", views.settings_of, name="settings_of"),
]
