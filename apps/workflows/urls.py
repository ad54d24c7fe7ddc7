"""The doctor's room and joining two records, on a facility's host."""

from django.urls import path

from apps.workflows import merge_views, views

app_name = "workflows"
urlpatterns = [
    path("patients/merge", merge_views.merge, name="merge"),
    path("patients/<uuid:patient_id>/unmerge", merge_views.unmerge, name="unmerge"),
    path("opd/", views.opd, name="opd"),
    path("opd/queue", views.rail, name="rail"),
    path("opd/next", views.call_next, name="call_next"),
    path("opd/<str:number>/", views.consult, name="consult"),
    path("opd/<str:number>/call", views.call, name="call"),
    path("opd/<str:number>/skip", views.skip, name="skip"),
    path("opd/<str:number>/draft", views.draft, name="draft"),
    path("opd/<str:number>/find/<str:part>", views.find, name="find"),
    path("opd/<str:number>/preview", views.preview, name="preview"),
    path("opd/<str:number>/sign", views.sign, name="sign"),
]
