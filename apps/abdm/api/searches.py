"""Searches. By day and id with GET; by the number of a person only as a form (`_search`), for no
number of a person belongs in an address."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.abdm import records
from apps.abdm.api import asked
from apps.abdm.api.base import FhirApi, sent
from apps.abdm.api.reads import FHIR_JSON
from apps.abdm.fhir import rest
from apps.accounts.api_keys import KeyScope


class PatientSearch(FhirApi):
    """GET by `_id`, or POST `_search` with `identifier=system|value`."""

    scope = KeyScope.PATIENT

    @extend_schema(
        responses=FHIR_JSON,
        operation_id="fhir_search_patient",
        parameters=[OpenApiParameter("_id", OpenApiTypes.UUID)],
    )
    def get(self, request: Request) -> Response:
        told = sent(request)
        if "identifier" in told:
            raise ValidationError("Send identifier as a form: POST Patient/_search.")
        return self._by_id(told)

    @extend_schema(
        request={"application/x-www-form-urlencoded": OpenApiTypes.OBJECT},
        responses=FHIR_JSON,
        operation_id="fhir_search_patient_by_form",
    )
    def post(self, request: Request) -> Response:
        told = sent(request)
        if "identifier" not in told:
            return self._by_id(told)
        asked.refuse_strange(told, {"identifier"})
        system, mark, value = asked.single(told, "identifier").partition("|")
        if not (mark and system and value.strip()):
            raise ValidationError("identifier: system|value.")
        return self._answer(records.with_identifier(system, value), "Patient/_search")

    def _by_id(self, told: dict[str, list[str]]) -> Response:
        asked.refuse_strange(told, {"_id"})
        id = asked.reference(asked.single(told, "_id"), "_id")
        return self._answer(records.patient(id), f"Patient?_id={id}")

    def _answer(self, found: records.Found, here: str) -> Response:
        self.note("Patient", found)
        return Response(rest.searchset(found.rows, base=records.base(), here=here))


def _described(day: str) -> Any:
    """What OpenAPI says of a search, by address and by form alike."""
    asks = [
        OpenApiParameter("patient", OpenApiTypes.UUID, required=True),
        OpenApiParameter(day, str, many=True, description="ge2026-01-01, lt2026-02-01, …"),
        OpenApiParameter("_count", int, description="1 to 50, usually 20"),
        OpenApiParameter("_cursor", str, description="as the next link says"),
    ]
    return extend_schema(responses=FHIR_JSON, parameters=asks, request=None)


class _Search(FhirApi):
    """A page of one patient's record, newest first, at most 50 a page."""

    kind, day = "", "date"

    def get(self, request: Request) -> Response:
        wish = asked.one_patient(sent(request), day=self.day)
        found = records.page(self.kind, wish.patient_id, part=wish.part, actor=self.actor)
        self.note(self.kind, found)
        here, onward = self._address(wish, wish.patient_id), ""
        if found.after:
            onward = f"{here}&_cursor={asked.cursor_of(found.after)}"
        bundle = rest.searchset(found.rows, base=records.base(), here=here, onward=onward)
        return Response(bundle)

    def post(self, request: Request) -> Response:
        return self.get(request)

    def _address(self, wish: asked.Asked, patient_id: UUID) -> str:
        days = "".join(f"&{self.day}={day}" for day in wish.days)
        return f"{self.kind}?patient={patient_id}{days}&_count={wish.part.limit}"


@_described("date")
class EncounterSearch(_Search):
    """Visits by `date`. 4 queries beside key and trail."""

    kind, scope = "Encounter", KeyScope.ENCOUNTER


@_described("authoredon")
class MedicationRequestSearch(_Search):
    """Prescribed lines by `authoredon`. 3 queries beside key and trail."""

    kind, day, scope = "MedicationRequest", "authoredon", KeyScope.MEDICATION_REQUEST


@_described("date")
class DiagnosticReportSearch(_Search):
    """Released reports by `date`. 3 queries beside key and trail."""

    kind, scope = "DiagnosticReport", KeyScope.DIAGNOSTIC_REPORT


@_described("date")
class DocumentReferenceSearch(_Search):
    """Signed papers by `date`. 2 queries beside key and trail."""

    kind, scope = "DocumentReference", KeyScope.DOCUMENT_REFERENCE
