"""The one door for callbacks: check the sender, keep the message, answer at once. And the pages
where staff see how the mail moves, how hospitals are tied to ABDM, and which ids need care."""

import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages as told
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import actions as accounts
from apps.core.errors import Refused
from apps.core.guards import open_to_all, reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.facilities import actions as facilities
from apps.gateway import actions, ids, queries, support, verify
from apps.gateway.environment import is_on
from apps.gateway.forms import HfrForm, RegistersForm, ServiceForm

log = logging.getLogger(__name__)
PAGE = 50
Step = Callable[[Request, UUID], None]


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


# --- how hospitals are tied to ABDM -------------------------------------------------------


@require_GET
@reads(Permission.ABDM_OPS)
def links(request: Request) -> HttpResponse:
    """The office's hospitals and how far each is linked; the one address. 8 queries."""
    return page(request, "gateway/links.html", "list", ids.links(request.actor))


@require_POST
@reads(Permission.ABDM_OPS)
def bridge(request: Request) -> HttpResponse:
    """Ask the gateway about our address, or send it there; a job does it, the page shows it."""
    try:
        if request.POST.get("do") == "send":
            actions.send_bridge_url(actor=request.actor)
        else:
            actions.ask_bridge(actor=request.actor)
    except Refused as no:
        context = {**ids.links(request.actor), "error": no.sentence}
        return page(request, "gateway/links.html", "list", context, status=422)
    return redirect("gateway:links")


@require_http_methods(["GET", "POST"])
@reads(Permission.ABDM_OPS)
def link(request: Request) -> HttpResponse:
    """The own hospital's link, on its host."""
    return _link(request, request.facility.pk)


@require_http_methods(["GET", "POST"])
@reads(Permission.ABDM_OPS)
def link_of(request: Request, facility_id: UUID) -> HttpResponse:
    """The link of one hospital of the office, on the State host."""
    return _link(request, facility_id)


def _save_hfr(request: Request, facility_id: UUID) -> None:
    form = HfrForm(request.POST)
    if not form.is_valid():
        raise Refused("gateway.day_form")
    kept = form.cleaned_data
    facilities.set_hfr(facility_id, hfr_id=kept["hfr_id"], until=kept["until"], actor=request.actor)
    if kept["hfr_id"] and is_on():
        actions.check_hospital(facility_id, actor=request.actor)


def _save_service(request: Request, facility_id: UUID) -> None:
    form = ServiceForm(request.POST)
    if not form.is_valid():
        raise Refused("gateway.service_form")
    service_id, name = actions.checked_service(**form.cleaned_data)
    actions.link_service(facility_id, service_id=service_id, name=name, actor=request.actor)
    if is_on():
        actions.ask_bridge(actor=request.actor)


def _check(request: Request, facility_id: UUID) -> None:
    actions.check_hospital(facility_id, actor=request.actor)


def _ask_bridge(request: Request, facility_id: UUID) -> None:
    actions.ask_bridge(actor=request.actor)


def _find(request: Request, facility_id: UUID) -> None:
    actions.find_hospital(facility_id, request.POST.get("text", ""), actor=request.actor)


def _tie(request: Request, facility_id: UUID) -> None:
    actions.tie_hospital(facility_id, request.POST.get("name", ""), actor=request.actor)


STEPS: dict[str, Step] = {
    "hfr": _save_hfr, "check": _check, "find": _find, "service": _save_service, "tie": _tie,
    "bridge": _ask_bridge,
}  # fmt: skip


def _link(request: Request, facility_id: UUID) -> HttpResponse:
    """One page, one small form a step. 12 queries to look at it."""
    hospital, refused, do = ids.hospital(facility_id, request.actor), None, ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do not in STEPS:
            raise Http404
        try:
            STEPS[do](request, facility_id)
            return redirect(request.path)
        except Refused as no:
            refused = no
    context: dict[str, Any] = {**ids.link(hospital, request.actor), "refused": refused, "at": do}
    context["typed"] = request.POST if refused else {}
    return page(request, "gateway/link.html", "link", context, status=422 if refused else 200)


# --- ids that need care -------------------------------------------------------------------


@require_GET
@reads(Permission.ABDM_OPS, Permission.USER_CREATE)
def care(request: Request) -> HttpResponse:
    """Hospitals and signers whose id is missing, ends soon or has ended. 14 queries."""
    what = request.GET.get("what", "all")
    if what not in ids.CARE:
        raise Http404
    context = ids.care(request.actor, what)
    sheet = Paginator(context.pop("people"), PAGE).get_page(request.GET.get("page"))
    context |= {"sheet": sheet, "rows": ids.rows_of_people(sheet, seen_by=request.actor)}
    return page(request, "gateway/care.html", "list", context)


@require_http_methods(["GET", "POST"])
@reads(Permission.ABDM_OPS, Permission.USER_CREATE)
def registers(request: Request, user_id: UUID) -> HttpResponse:
    """One person's registrations: seen, written, and asked about at the HPR."""
    context = ids.person(user_id, request.actor)
    form = RegistersForm(request.POST or None, initial=_known(context["person"]))
    if request.method == "POST":
        try:
            if request.POST.get("do") == "ask":
                actions.check_person(user_id, context["person"].hpr_id, actor=request.actor)
                return redirect("gateway:registers", user_id)
            if form.is_valid():
                written = accounts.Registers(**form.cleaned_data)
                accounts.set_registers(user_id, written, actor=request.actor)
                told.success(request, _("Saved."), "ok")
                return redirect("gateway:registers", user_id)
        except Refused as no:
            context["error"] = no.sentence
        context["form"] = form
        return page(request, "gateway/registers.html", context=context, status=422)
    context["form"] = form
    return page(request, "gateway/registers.html", context=context)


def _known(person: Any) -> dict[str, Any]:
    return {name: getattr(person, name) for name in RegistersForm.base_fields}
