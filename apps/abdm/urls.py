"""ABDM for the people of one hospital, on its host; on the State host, where records arrive."""

from typing import Any

from django.urls import URLPattern, path

from apps.abdm import api
from apps.abdm.views import abha, others, posters, push

app_name = "abdm"
# A search comes by address or as a form; POST to the address itself would be a creation.
GET: Any = {"http_method_names": ["get"]}
FORM: Any = {"http_method_names": ["post"]}


def _kind(name: str, search: Any, one: Any) -> list[URLPattern]:
    """A resource's addresses: search, search by form, read."""
    return [
        path(f"fhir/R4/{name}", search.as_view(**GET), name=f"fhir_{name}_search"),
        path(f"fhir/R4/{name}/_search", search.as_view(**FORM), name=f"fhir_{name}_form"),
        path(f"fhir/R4/{name}/<uuid:id>", one.as_view(), name=f"fhir_{name}"),
    ]


urlpatterns = [
    path("abdm/posters/", posters.posters, name="posters"),
    path("abdm/posters.pdf", posters.posters_pdf, name="posters_pdf"),
    path("patients/<uuid:patient_id>/abha/", abha.abha_desk, name="abha"),
    path("patients/<uuid:patient_id>/abha/card", abha.abha_card, name="abha_card"),
    path("fhir/R4/metadata", api.MetadataApi.as_view(), name="fhir_metadata"),
    path("fhir/R4/Patient", api.PatientSearch.as_view(**GET), name="fhir_patients"),
    path("fhir/R4/Patient/_search", api.PatientSearch.as_view(**FORM), name="fhir_patients_form"),
    path("fhir/R4/Patient/<uuid:id>", api.PatientApi.as_view(), name="fhir_patient"),
    path("fhir/R4/Patient/<uuid:id>/$everything", api.EverythingApi.as_view(), name="fhir_all"),
    *_kind("Encounter", api.EncounterSearch, api.EncounterApi),
    *_kind("MedicationRequest", api.MedicationRequestSearch, api.MedicationRequestApi),
    *_kind("DiagnosticReport", api.DiagnosticReportSearch, api.DiagnosticReportApi),
    *_kind("DocumentReference", api.DocumentReferenceSearch, api.DocumentReferenceApi),
    path("fhir/R4/Bundle/<uuid:id>", api.BundleApi.as_view(), name="fhir_document"),
    path("fhir/R4/<path:rest>", api.StrangeApi.as_view(), name="fhir_strange"),
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
