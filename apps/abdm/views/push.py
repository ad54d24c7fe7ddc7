"""Where other hospitals push records that we asked for. Public: the address alone is the key."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.abdm import actions
from apps.core.guards import open_to_all
from apps.core.http import Request
from apps.gateway import queries as mail

MEGABYTE = 1024 * 1024
CHUNK = 256 * 1024


@csrf_exempt
@require_POST
@open_to_all
def push(request: Request, key: str) -> HttpResponse:
    """202 for a page that was taken; it is read later. 413 when it is too large, 400 with a code of
    the specification for anything else, the same for an ended flow and for an address of nobody."""
    if not mail.is_on():
        return HttpResponse(status=404)
    body = _body(request)
    if body is None:
        limit = settings.PUSH_MAX_SIZE // MEGABYTE
        return _no("1006", f"A page may have {limit} MB at most; send more pages", 413)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return _no("1006", "Bad request")
    taken = actions.take_records(key, told)
    return _no(taken.code, taken.message) if taken.code else HttpResponse(status=202)


def _body(request: Request) -> bytes | None:
    """The body up to the limit, None beyond; a sender that hides its length reads as far as it."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > settings.PUSH_MAX_SIZE:
        return None
    kept: list[bytes] = []
    size = 0
    while chunk := request.read(CHUNK):
        size += len(chunk)
        if size > settings.PUSH_MAX_SIZE:
            return None
        kept.append(chunk)
    return b"".join(kept)


def _no(code: str, message: str, status: int = 400) -> JsonResponse:
    told: dict[str, Any] = {"error": {"code": f"ABDM-{code}", "message": message}}
    return JsonResponse(told, status=status)
