"""The one door for callbacks: check the sender, keep the message, answer at once. And the pages
where staff see how the mail moves."""

import json
import logging
from uuid import UUID

from django.contrib import messages as told
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import Refused
from apps.core.guards import open_to_all, reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.gateway import actions, queries, support, verify
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


@require_GET
@reads(Permission.ABDM_OPS)
def messages(request: Request) -> HttpResponse:
    """How the link stands and what waits for a person; all other states by a press. 7 queries."""
    state = request.GET.get("state", "parked")
    if state not in support.STATES:
        raise Http404
    context = support.listing(request.actor, state) | _health(request)
    return page(request, "gateway/messages.html", "list", context)


@require_GET
@reads(Permission.ABDM_OPS)
def message(request: Request, way: str, message_id: UUID) -> HttpResponse:
    """The life of one message. 2 queries."""
    context = {"line": _line(request, way, message_id), **_may(request)}
    return page(request, "gateway/message.html", context=context)


@require_POST
@reads(Permission.ABDM_OPS)
def retry(request: Request, way: str, message_id: UUID) -> HttpResponse:
    """Once more from its first try, after a person mended the cause."""
    line = _line(request, way, message_id)
    try:
        if line.way == "sent":
            actions.resend(line.id, actor=request.actor)
        else:
            actions.handle_again(line.id, actor=request.actor)
    except Refused as no:
        context = {"line": line, "error": no.sentence, **_may(request)}
        return page(request, "gateway/message.html", context=context, status=422)
    told.success(request, _("It is tried again now."))
    return redirect("gateway:message", way=way, message_id=message_id)


def _line(request: Request, way: str, message_id: UUID) -> support.Line:
    if way not in ("sent", "got"):
        raise Http404
    return support.message(request.actor, way, message_id)


def _may(request: Request) -> dict[str, bool]:
    return {"may": request.actor.may(Permission.ABDM_OPS)}


def _health(request: Request) -> dict[str, object]:
    here = request.actor.facility_id
    since = queries.down_since()
    return {
        "on": is_on(),
        "down_since": since,
        "service": queries.service_of(here) if here else None,
        **_may(request),
    }
