"""The register of hospitals and what a district does with it, on the State host."""

from django.urls import path

from apps.facilities import views, views_list, views_release, views_training

app_name = "facilities"
urlpatterns = [
    path("releases/", views_release.releases, name="releases"),
    path("releases/all", views_release.upgrade_all, name="upgrade_all"),
    path("releases/<str:code>", views_release.upgrade, name="upgrade"),
    path("hospitals/", views.register, name="register"),
    path("hospitals/many", views_list.bring_many, name="bring_many"),
    path("hospitals/many.csv", views_list.list_template, name="list_template"),
    path("hospitals/many/<uuid:list_id>", views_list.list_made, name="list_made"),
    path("hospitals/many/<uuid:list_id>.csv", views_list.list_report, name="list_report"),
    path("hospitals/<str:code>/", views.hospital, name="hospital"),
    path("hospitals/<str:code>/onboard", views.onboard, name="onboard"),
    path("hospitals/<str:code>/progress", views.progress, name="progress"),
    path("hospitals/<str:code>/retry", views.retry, name="retry"),
    path("hospitals/<str:code>/retire", views.retire, name="retire"),
    path("hospitals/<str:code>/settings", views.settings_of, name="settings_of"),
    path("hospitals/<str:code>/training", views_training.training_of, name="training_of"),
]
