"""Single resources, everything of a patient, the document behind a paper, what the API can."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.abdm import records
from apps.abdm.api import asked
from apps.abdm.api.base import FhirApi, sent
from apps.abdm.fhir import capability, rest
from apps.accounts.api_keys import KeyScope
from apps.core.slices import Slice

SCOPES = {
    "Encounter": KeyScope.ENCOUNTER,
    "MedicationRequest": KeyScope.MEDICATION_REQUEST,
    "DiagnosticReport": KeyScope.DIAGNOSTIC_REPORT,
    "DocumentReference": KeyScope.DOCUMENT_REFERENCE,
}
FHIR_JSON = {(200, "application/fhir+json"): OpenApiTypes.OBJECT}


class MetadataApi(FhirApi):
    """GET the CapabilityStatement; no key."""

    authentication_classes = []
    permission_classes = [AllowAny]
    scope = None

    def check_scope(self) -> None:
        """Open to all."""

    @extend_schema(responses=FHIR_JSON, operation_id="fhir_metadata")
    def get(self, request: Request) -> Response:
        return Response(capability.statement(records.base()))


class PatientApi(FhirApi):
    """GET one patient. 1 query beside key and trail."""

    scope = KeyScope.PATIENT

    @extend_schema(responses=FHIR_JSON, operation_id="fhir_patient")
    def get(self, request: Request, id: UUID) -> Response:
        return self.single("Patient", records.patient(id))


class _One(FhirApi):
    kind = ""

    def get(self, request: Request, id: UUID) -> Response:
        return self.single(self.kind, records.one(self.kind, id, actor=self.actor))


@extend_schema(responses=FHIR_JSON)
class EncounterApi(_One):
    """GET one visit. 4 queries beside key and trail."""

    kind, scope = "Encounter", KeyScope.ENCOUNTER


@extend_schema(responses=FHIR_JSON)
class MedicationRequestApi(_One):
    """GET one prescribed line. 3 queries beside key and trail."""

    kind, scope = "MedicationRequest", KeyScope.MEDICATION_REQUEST


@extend_schema(responses=FHIR_JSON)
class DiagnosticReportApi(_One):
    """GET one released report. 3 queries beside key and trail."""

    kind, scope = "DiagnosticReport", KeyScope.DIAGNOSTIC_REPORT


@extend_schema(responses=FHIR_JSON)
class DocumentReferenceApi(_One):
    """GET what is known of one signed paper. 2 queries beside key and trail."""

    kind, scope = "DocumentReference", KeyScope.DOCUMENT_REFERENCE


class BundleApi(FhirApi):
    """GET the FHIR document of one signed paper. 5 queries beside key and trail."""

    scope = KeyScope.DOCUMENT_REFERENCE

    @extend_schema(responses=FHIR_JSON, operation_id="fhir_document")
    def get(self, request: Request, id: UUID) -> Response:
        return self.single("Bundle", records.document(id, actor=self.actor))


class EverythingApi(FhirApi):
    """GET a patient with visits and all that hangs on them, a page of visits at a time."""

    scope = KeyScope.PATIENT

    @extend_schema(responses=FHIR_JSON, operation_id="fhir_patient_everything")
    def get(self, request: Request, id: UUID) -> Response:
        """4 to 10 queries beside key and trail. Kinds that the key may not read are left out."""
        if not self.key.allows(KeyScope.ENCOUNTER):
            self.refuse_scope()
        told = sent(request)
        asked.refuse_strange(told, set())
        part = Slice(limit=asked.count(told), after=asked.cursor(told))
        names = [name for name, scope in SCOPES.items() if self.key.allows(scope)]
        found = records.everything(id, names, part=part, actor=self.actor)
        self.note("Patient/$everything", found)
        if found.patient_id is None:
            raise NotFound("There is no such resource here.")
        here, onward = f"Patient/{id}/$everything?_count={part.limit}", ""
        if found.after:
            onward = f"{here}&_cursor={asked.cursor_of(found.after)}"
        bundle = rest.searchset(found.rows, base=records.base(), here=here, onward=onward)
        return Response(bundle)


class StrangeApi(FhirApi):
    """Any other address below: the key is checked, then it is not there."""

    def check_scope(self) -> None:
        if not self.key.scopes:
            self.refuse_scope()

    @extend_schema(exclude=True)
    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound("This kind of resource is not read here. See metadata.")

    post = put = patch = delete = get
