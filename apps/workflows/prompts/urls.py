"""Prompt cards on a facility's host."""

from django.urls import path

from apps.workflows.prompts import views

app_name = "prompts"
urlpatterns = [
    path("prompts/<str:number>/look", views.look, name="look"),
    path("prompts/<str:number>/cards", views.cards, name="cards"),
    path("prompts/<str:number>/cards/<slug:card>", views.mark, name="mark"),
    path("prompts/<str:number>/curves", views.curves, name="curves"),
    path("overdue/", views.overdue, name="overdue"),
]
