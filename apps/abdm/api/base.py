"""What every FHIR class shares: JSON alone, OperationOutcome for every no, ETags, the trail."""

from typing import Any

from django.utils import translation
from rest_framework import exceptions
from rest_framework.parsers import FormParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.abdm import actions, records
from apps.abdm.fhir import rest
from apps.accounts.authentication import KeyApi

CODES = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported",
    406: "not-supported", 415: "not-supported", 429: "throttled",
}  # fmt: skip


class FhirRenderer(JSONRenderer):
    media_type = "application/fhir+json"
    format = "json"
    charset = None


class PlainRenderer(JSONRenderer):
    """For who asks for application/json: the same, under that name."""

    format = "plain"


class FhirApi(KeyApi):
    """One read. English words, as the codes around them; nothing is ever written."""

    renderer_classes = [FhirRenderer, PlainRenderer]
    parser_classes = [FormParser]  # FHIR posts a search as a form

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with translation.override("en"):
            response = super().dispatch(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

    def handle_exception(self, error: Exception) -> Response:
        """A refusal in FHIR's words; an error of ours goes on to the house."""
        response = super().handle_exception(error)
        if response.status_code in CODES:
            response.data = rest.outcome(CODES[response.status_code], _words(error))
            response.content_type = FhirRenderer.media_type
        return response

    def note(self, kind: str, found: records.Found) -> None:
        actions.note_read(kind, rows=len(found.rows), patient_id=found.patient_id, actor=self.actor)

    def single(self, kind: str, found: records.Found) -> Response:
        """The one resource with its ETag, 304 when the reader has it already, or 404."""
        self.note(kind, found)
        if not found.rows:
            raise exceptions.NotFound("There is no such resource here.")
        (row,) = found.rows
        # A document is of version 1 for ever, yet it tells when its paper was taken back.
        version = rest.version_of(row) if kind == "Bundle" else row["meta"]["versionId"]
        tag = f'W/"{version}"'
        if tag in self.request.headers.get("If-None-Match", ""):
            return Response(status=304, headers={"ETag": tag})
        return Response(row, headers={"ETag": tag})


def sent(request: Request) -> dict[str, list[str]]:
    """Parameters of a search: of the address, or of the form of `_search`."""
    told: Any = request.query_params if request.method == "GET" else request.data
    return {name: told.getlist(name) for name in told}


def _words(error: Exception) -> str:
    detail = getattr(error, "detail", "")
    if isinstance(detail, list):
        return " ".join(str(one) for one in detail)
    return str(detail) or "There is no such resource here."
