"""Receiving, moving, counting, taking back, and changes that two people make."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import queries as visits
from apps.pharmacy import actions, delivery_file, forms, gs1, items, queries, stores
from apps.pharmacy.views.shelf import base
from apps.prescriptions import queries as prescriptions

MOVE, ADJUST = Permission.STOCK_MOVE, Permission.STOCK_ADJUST
BOTH = ["GET", "POST"]


@require_http_methods(BOTH)
@reads(MOVE)
def receive(request: Request) -> HttpResponse:
    """One lot: scanned or typed. A pack code that is new is asked for once."""
    context = base(request)
    if request.method == "POST":
        return _received(request, context)
    scanned, text = request.GET.get("scan", "").strip(), request.GET.get("q", "").strip()
    start: dict[str, Any] = {"id": uuid7(), "store": stores.main().code}
    pack = gs1.read(scanned) if scanned else None
    if pack:
        known = queries.item_of_gtin(pack.gtin)
        start |= {
            "gtin": pack.gtin,
            "batch_no": pack.batch_no,
            "expiry": f"{pack.expiry:%d-%m-%Y}" if pack.expiry else "",
            "medication_code": known.code if known else "",
        }
    for name in ("gtin", "batch_no", "expiry"):
        start[name] = request.GET.get(name, start.get(name, ""))
    if code := request.GET.get("code", ""):
        start["medication_code"] = code
    context |= {
        "form": forms.ReceiveForm(initial=start, places=context["stores"]),
        "scan": scanned,
        "scan_wrong": bool(scanned) and pack is None,
        "new_code": bool(pack) and not start["medication_code"],
        "start": start,
        "chosen": items.items([start.get("medication_code", "")]).get(
            start.get("medication_code", "")
        ),
        "q": text,
        "hits": items.search(text) if text else [],
        "file_id": uuid7(),
    }
    status = 422 if context["scan_wrong"] else 200
    return page(request, "pharmacy/receive.html", context=context, status=status)


def _received(request: Request, context: dict[str, Any]) -> HttpResponse:
    form = forms.ReceiveForm(request.POST, places=context["stores"])
    code = request.POST.get("medication_code", "").strip().upper()
    error = ""
    if form.is_valid():
        try:
            lot = actions.receive(**form.cleaned_data, actor=request.actor)
        except Refused as no:
            error = no.sentence
        else:
            told = {"batch": lot.batch_no, "n": f"{lot.on_hand.normalize():f}"}
            messages.success(request, _("Batch %(batch)s is on the shelf, %(n)s now.") % told)
            return redirect("pharmacy:receive")
    context |= {"form": form, "error": error, "chosen": items.items([code]).get(code),
                "file_id": uuid7()}  # fmt: skip
    return page(request, "pharmacy/receive.html", context=context, status=422)


@require_POST
@reads(MOVE)
def receive_file(request: Request) -> HttpResponse:
    """A whole delivery. Bad rows are listed; nothing is written until somebody takes the good."""
    context = base(request)
    form = forms.FileForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise Refused("file.unreadable")
        told = form.cleaned_data
        text = delivery_file.text_of(told["file"].read()) if told["file"] else told["text"]
        report = actions.receive_file(
            text,
            id=told["id"],
            store=told["store"],
            source=told["source"],
            keep=told["keep"],
            actor=request.actor,
        )
    except Refused as no:
        start = {"id": uuid7(), "store": stores.main().code}
        context |= {"form": forms.ReceiveForm(initial=start, places=context["stores"]),
                    "file_error": no.sentence, "file_id": uuid7()}  # fmt: skip
        return page(request, "pharmacy/receive.html", context=context, status=422)
    if report.bad:
        context |= {"report": report, "told": told, "text": text}
        status = 200 if report.written else 422
        return page(request, "pharmacy/report.html", context=context, status=status)
    said = ngettext("%(n)s row is on the shelf.", "%(n)s rows are on the shelf.", report.written)
    messages.success(request, said % {"n": report.written})
    return redirect("pharmacy:shelf")


@require_http_methods(BOTH)
@reads(MOVE)
def transfer(request: Request) -> HttpResponse:
    """From the chosen store to another."""
    context = base(request)
    text, error = request.GET.get("q", "").strip(), ""
    if request.method == "POST":
        try:
            batch_id = forms.as_uuid(request.POST.get("batch_id", ""))
            if batch_id is None:
                raise Refused("stock.unknown_batch")
            moved = actions.transfer(
                batch_id,
                id=forms.as_uuid(request.POST.get("id", "")) or uuid7(),
                to_store=request.POST.get("to_store", ""),
                quantity=forms.number(request.POST.get("quantity", "")),
                actor=request.actor,
            )
        except Refused as no:
            error = no.sentence
        else:
            n = f"{-moved.quantity.normalize():f}"
            messages.success(request, _("Moved: %(n)s. Both stores show it now.") % {"n": n})
            return redirect("pharmacy:transfer")
    context |= {
        "lots": queries.lots_in(context["store"].code, text=text),
        "q": text,
        "error": error,
        "typed": request.POST,
        "form_id": request.POST.get("id") or uuid7(),
    }
    status = 422 if error else 200
    return page(request, "pharmacy/transfer.html", context=context, status=status)


@require_GET
@reads(ADJUST)
def count_start(request: Request) -> HttpResponse:
    return redirect("pharmacy:count", uuid7())


@require_http_methods(BOTH)
@reads(ADJUST)
def count(request: Request, count_id: UUID) -> HttpResponse:
    """A physical count on a phone: each lot is written when its number is sent."""
    context = base(request)
    error, text = "", request.GET.get("q", "").strip()
    if request.method == "POST":
        error = _counted(request, count_id, context["store"].code)
        if not error:
            return redirect("pharmacy:count", count_id)
    pack = gs1.read(text) if text else None
    known = queries.item_of_gtin(pack.gtin) if pack else None
    wanted = known.name if known else text
    done = queries.counted_in(count_id)
    counted = {row.batch_id for row in done}
    lots = queries.lots_in(context["store"].code, text=wanted)
    context |= {
        "count_id": count_id,
        "done": done,
        "lots": [{**row, "form_id": uuid7()} for row in lots if row["lot"].pk not in counted],
        "q": text,
        "missing": bool(text) and not lots,
        "why": forms.COUNT_WHY,
        "error": error,
        "typed": request.POST,
    }
    status = 422 if error or context["missing"] else 200
    return page(request, "pharmacy/count.html", context=context, status=status)


def _counted(request: Request, count_id: UUID, store: str) -> str:
    """Write one counted lot; the sentence of the refusal, "" when it is written."""
    batch_id = forms.as_uuid(request.POST.get("batch_id", ""))
    try:
        if batch_id is None:
            raise Refused("stock.unknown_batch")
        actions.count(
            count_id,
            id=forms.as_uuid(request.POST.get("id", "")) or uuid7(),
            batch_id=batch_id,
            store=store,
            counted=forms.number(request.POST.get("counted", "")),
            reason=request.POST.get("reason", ""),
            actor=request.actor,
        )
    except Refused as no:
        return no.sentence
    return ""


@require_http_methods(BOTH)
@reads(Permission.RX_DISPENSE)
def returns(request: Request) -> HttpResponse:
    """What a patient brings back: found by the slip."""
    scanned, error = request.GET.get("q", "").strip(), ""
    visit = visits.by_number(scanned) if scanned else None
    prescription = prescriptions.to_hand_over(visit.pk) if visit else None
    if request.method == "POST":
        try:
            dispense_id = forms.as_uuid(request.POST.get("dispense_id", ""))
            if dispense_id is None:
                raise Refused("dispense.not_here")
            actions.take_back(
                dispense_id,
                id=forms.as_uuid(request.POST.get("id", "")) or uuid7(),
                quantity=forms.number(request.POST.get("quantity", "")),
                opened=request.POST.get("state") != "sealed",
                actor=request.actor,
            )
        except Refused as no:
            error = no.sentence
        else:
            messages.success(request, _("Taken back and written down."))
            return redirect(request.get_full_path())
    rows = queries.handed_over(prescription.pk) if prescription else []
    context = base(request) | {
        "q": scanned,
        "visit": visits.visit_brief(visit) if visit else None,
        "rows": [{**row, "form_id": uuid7()} for row in rows],
        "error": error,
        "missing": bool(scanned) and prescription is None,
    }
    status = 422 if error or context["missing"] else 200
    return page(request, "pharmacy/returns.html", context=context, status=status)


@require_GET
@reads(ADJUST)
def changes(request: Request) -> HttpResponse:
    """What waits for a second person."""
    rows = [{"change": change, "form_id": uuid7()} for change in queries.pending_changes()]
    context = base(request) | {"rows": rows, "why": forms.CHANGE_WHY, "moves": forms.MOVES}
    return page(request, "pharmacy/changes.html", context=context)


@require_POST
@reads(ADJUST)
def ask_change(request: Request, batch_id: UUID) -> HttpResponse:
    """Ask for more, less, or writing off; another person approves."""
    lot = queries.batch(batch_id)
    try:
        if lot is None:
            raise Refused("stock.unknown_batch")
        kind = "condemned" if request.POST.get("kind") == "condemned" else "adjusted"
        quantity = forms.number(request.POST.get("quantity", ""))
        less = kind == "condemned" or request.POST.get("way") == "less"
        actions.ask_change(
            batch_id,
            id=forms.as_uuid(request.POST.get("id", "")) or uuid7(),
            kind=kind,
            quantity=-abs(quantity) if less else abs(quantity),
            reason=request.POST.get("reason", ""),
            actor=request.actor,
        )
    except Refused as no:
        messages.error(request, no.sentence, extra_tags="bad")
    else:
        messages.success(request, _("Asked. Another person has to approve it."))
    if lot is None:
        return redirect("pharmacy:changes")
    return redirect("pharmacy:item", lot.medication_code)


@require_POST
@reads(ADJUST)
def answer_change(request: Request, asked_id: UUID) -> HttpResponse:
    form_id = forms.as_uuid(request.POST.get("id", "")) or uuid7()
    try:
        if request.POST.get("what") == "refuse":
            actions.refuse_change(asked_id, id=form_id, actor=request.actor)
            messages.success(request, _("Refused. Nothing has changed."))
        else:
            actions.approve_change(asked_id, id=form_id, actor=request.actor)
            messages.success(request, _("Approved. The shelf is changed."))
    except Refused as no:
        messages.error(request, no.sentence, extra_tags="bad")
    return redirect("pharmacy:changes")
