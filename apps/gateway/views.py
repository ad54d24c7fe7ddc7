"""The one door for callbacks: check the sender, keep the message, answer at once."""

import json
import logging
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core.guards import open_to_all
from apps.core.http import Request
from apps.gateway import actions, verify
from apps.gateway.environment import is_on

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
@open_to_all
def callback(request: Request, kind: str) -> HttpResponse:
    """202 for whatever the gateway signed, known or not: nothing tells a sender what exists here.

    401 unsigned or wrongly signed, 400 without a request id or with a body that is no JSON.
    """
    if not is_on():
        return HttpResponse(status=404)
    try:
        verify.check(request.headers.get("Authorization", ""))
    except verify.Unverified as reason:
        log.warning("callback refused: %s", reason)
        return HttpResponse(status=401)
    try:
        request_id = UUID(request.headers.get("REQUEST-ID", ""))
        body = json.loads(request.body)
        if not isinstance(body, dict):
            raise ValueError
    except ValueError:
        return JsonResponse({"error": {"code": "ABDM-1030", "message": "Bad request"}}, status=400)
    service = request.headers.get("X-HIP-ID") or request.headers.get("X-HIU-ID") or ""
    actions.receive(request_id=request_id, kind=kind.strip("/"), body=body, service_id=service)
    return HttpResponse(status=202)
