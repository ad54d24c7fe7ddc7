"""Patients on a facility's host. The record itself (`/patients/<id>/`) belongs to encounters."""

from django.urls import path

from apps.patients import api, views

app_name = "patients"
urlpatterns = [
    path("patients/", views.patient_list, name="list"),
    path("patients/practice", views.practice, name="practice"),
    path("patients/search", views.search, name="search"),
    path("patients/<uuid:patient_id>/identity", views.identity, name="identity"),
    path("patients/<uuid:patient_id>/edit", views.edit, name="edit"),
    path("api/patients/<uuid:patient_id>", api.PatientApi.as_view(), name="api_patient"),
    path("api/patients/search", api.PatientSearchApi.as_view(), name="api_search"),
]
