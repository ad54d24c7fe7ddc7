"""ABDM for the people of one hospital, on its host."""

from django.urls import path

from apps.abdm.views import abha, posters

app_name = "abdm"
urlpatterns = [
    path("abdm/posters/", posters.posters, name="posters"),
    path("abdm/posters.pdf", posters.posters_pdf, name="posters_pdf"),
    path("patients/<uuid:patient_id>/abha/", abha.abha_desk, name="abha"),
    path("patients/<uuid:patient_id>/abha/card", abha.abha_card, name="abha_card"),
]
