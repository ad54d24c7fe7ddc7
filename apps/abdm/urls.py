"""ABDM for the people of one hospital, on its host; on the State host, where records arrive."""

from django.urls import path

from apps.abdm.views import abha, others, posters, push

app_name = "abdm"
urlpatterns = [
    path("abdm/posters/", posters.posters, name="posters"),
    path("abdm/posters.pdf", posters.posters_pdf, name="posters_pdf"),
    path("patients/<uuid:patient_id>/abha/", abha.abha_desk, name="abha"),
    path("patients/<uuid:patient_id>/abha/card", abha.abha_card, name="abha_card"),
    path("patients/<uuid:patient_id>/others/", others.others, name="others"),
    path("patients/<uuid:patient_id>/others/ask", others.ask_others, name="ask_others"),
    path(
        "patients/<uuid:patient_id>/others/<uuid:record_id>/",
        others.other_record,
        name="other_record",
    ),
    path(
        "patients/<uuid:patient_id>/others/<uuid:record_id>/files/<int:n>",
        others.other_file,
        name="other_file",
    ),
]
AT_STATE = [path("abdm/push/<str:key>", push.push, name="push")]
