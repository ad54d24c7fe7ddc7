"""What every API class shares: strict input, problem+json answers."""

import re
from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from apps.core.actor import Actor
from apps.core.errors import REFUSALS, Forbidden, Refused, Unseen
from apps.core.permission import Permission


class StaffSession(SessionAuthentication):
    """The log-in of the pages. A stranger is told 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class FacilityApi(APIView):
    """One operation of the API. `reads` names the capability it needs before the body is read."""

    authentication_classes = [StaffSession]
    reads: Permission | None = None

    @property
    def actor(self) -> Actor:
        """The Actor that the middleware built on the underlying request."""
        return self.request._request.actor  # type: ignore[attr-defined]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.actor.is_posted:
            raise Forbidden(self.reads or "posting")
        if self.reads and not self.actor.sees(self.reads):
            raise Forbidden(self.reads)

    def parse(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The validated body as a dict; a bad one is answered 422 with each field's sentence."""
        serializer = shape(data=self.request.data)
        if not serializer.is_valid():
            raise Unprocessable(serializer.errors)
        return dict(serializer.validated_data)


def with_dollar(endpoints: list[tuple[Any, ...]], **_more: Any) -> list[tuple[Any, ...]]:
    """OpenAPI's paths with the dollar of FHIR's operations, which is taken for an end else."""
    told = []
    for path, pattern, *rest in endpoints:
        for name in re.findall(r"/\$(\w+)", pattern):
            path = path.replace(f"/{name}", f"/${name}")
        told.append((path, pattern, *rest))
    return told


class Unprocessable(APIException):
    status_code = 422
    default_code = "form.incomplete"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """RFC 9457: {type, title, status, detail, code} in the caller's language."""
    if isinstance(error, Refused):
        return _problem(409, error.code, error.sentence)
    if isinstance(error, Unseen):
        context["request"]._request.refusal = error
        return _problem(404, "not_found", str(REFUSALS["not_found"]))
    if isinstance(error, Forbidden):
        context["request"]._request.refusal = error
        return _problem(403, "forbidden", "")
    if isinstance(error, ParseError):
        return _problem(400, "body.not_json", str(REFUSALS["body.not_json"]))
    if isinstance(error, Http404):
        return _problem(404, "not_found", str(REFUSALS["not_found"]))
    response = exception_handler(error, context)
    if response is not None:
        code = getattr(error, "default_code", "error")
        response.data = {"code": code, "status": response.status_code, "errors": response.data}
        response.content_type = "application/problem+json"
    return response


def _problem(status: int, code: str, detail: str) -> Response:
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    return Response(body, status=status, content_type="application/problem+json")
