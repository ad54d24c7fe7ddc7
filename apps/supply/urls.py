"""Indents and levels of an office, on the State host."""

from django.urls import path

from apps.supply import views

app_name = "supply"
urlpatterns = [
    path("supply/", views.indents, name="indents"),
    path("supply/level", views.level, name="level"),
    path("supply/<uuid:indent_id>/", views.indent, name="indent"),
    path("supply/<uuid:indent_id>/answer", views.answer, name="answer"),
]
