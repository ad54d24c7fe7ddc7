"""The clinical rules, on the State host."""

from django.urls import path

from apps.workflows.prompts import views

app_name = "rules"
urlpatterns = [
    path("rules/", views.rule_list, name="list"),
    path("rules/<slug:code>/", views.rule, name="rule"),
]
