"""The store's pages: what is there, one thing with its ledger, what ends, what was not there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.pharmacy import actions, forms, queries, stores
from apps.pharmacy.views import place as places
from apps.prescriptions import queries as prescriptions
from apps.supply import queries as supply
from apps.terminology import queries as terminology

VIEW = Permission.STOCK_VIEW


def base(request: Request) -> dict[str, Any]:
    """What every page of the store shows: where one stands, and the places to choose from."""
    here = places.place(request)
    return {"store": here, "place": places.name(here), "stores": places.choices()}


@require_GET
@reads(VIEW)
def shelf(request: Request) -> HttpResponse:
    """The stock of the chosen store. 4 queries of ours."""
    context = base(request)
    show, text = request.GET.get("show", ""), request.GET.get("q", "").strip()
    context |= {
        "rows": queries.shelf(store=context["store"].code, show=show, text=text),
        "show": show,
        "q": text,
        "alarm": queries.known_changes_alarm(),
    }
    return page(request, "pharmacy/stock.html", "rows", context)


@require_GET
@reads(VIEW)
def item(request: Request, code: str) -> HttpResponse:
    found = queries.item_page(code)
    if found is None:
        raise Http404
    context = base(request) | found
    context |= {
        "ledger": queries.ledger(code),
        "store_names": dict(context["stores"]),
        "moves": forms.MOVES,
        "change_why": forms.CHANGE_WHY,
        "block_why": forms.BLOCK_WHY,
        "form_id": uuid7(),
        "near": supply.surplus(code, actor=request.actor, near=request.facility.pk, limit=5),
    }
    return page(request, "pharmacy/item.html", context=context)


@require_POST
@reads(Permission.RX_DISPENSE, Permission.STOCK_MOVE)
def bin_empty(request: Request, code: str) -> HttpResponse:
    """One press: nothing of it is given here until it is filled or counted."""
    counter = request.POST.get("from") == "counter"
    here = places.place(request, counter=counter)
    store = request.POST.get("store") or here.code
    if actions.bin_empty(code, store=store, actor=request.actor):
        messages.success(request, _("Marked empty. The doctor sees it now."))
    back = forms.as_uuid(request.POST.get("on", ""))
    if back:
        return redirect("pharmacy:dispense", back)
    return redirect("pharmacy:item", code)


@require_POST
@reads(Permission.STOCK_ADJUST)
def stop(request: Request, batch_id: UUID) -> HttpResponse:
    """Stop a lot with a reason, or release it."""
    if request.POST.get("what") == "release":
        lot = actions.release(batch_id, actor=request.actor)
        messages.success(request, _("Released. It can be given again."))
    else:
        reason = request.POST.get("reason", "")
        lot = actions.block(batch_id, reason=reason, actor=request.actor)
        messages.success(request, _("Stopped. Nobody can give it now."))
    return redirect("pharmacy:item", lot.medication_code)


@require_GET
@reads(VIEW)
def expiry(request: Request) -> HttpResponse:
    """What ends in 30 or 90 days, and the tray of what has ended."""
    days = 30 if request.GET.get("days") == "30" else 90
    context = base(request)
    rows = queries.expiring(days)
    context |= {
        "days": days,
        "expired": [row for row in rows if row["expired"]],
        "rows": [row for row in rows if not row["expired"]],
        "form_id": uuid7(),
    }
    return page(request, "pharmacy/expiry.html", context=context)


@require_GET
@reads(VIEW)
def drugs(request: Request) -> HttpResponse:
    """The medicines this hospital should keep by its level, with what a counter has now."""
    config = stores.config()
    codes = terminology.drugs_for(config)
    known, there = terminology.medications(codes), queries.on_hand(codes)
    rows: list[dict[str, Any]] = [
        {"drug": known[code], "on_hand": there[code]} for code in codes if code in known
    ]
    rows.sort(key=lambda row: str(row["drug"].generic_name).lower())
    context = base(request) | {
        "rows": rows,
        "level": config.level,
        "own": bool(config.drug_codes),
        "out": sum(1 for row in rows if not row["on_hand"]),
    }
    return page(request, "pharmacy/drugs.html", context=context)


@require_GET
@reads(VIEW)
def not_given(request: Request) -> HttpResponse:
    """What patients were told is not available, by medicine: it feeds the indent."""
    form, status, error = forms.RangeForm(request.GET), 200, ""
    try:
        first, last = form.days()
    except Refused as no:
        first, last = forms.RangeForm({}).days()
        status, error = 422, no.sentence
    context = base(request) | {
        "rows": prescriptions.not_given(first, last),
        "first": first,
        "last": last,
        "error": error,
    }
    return page(request, "pharmacy/not_given.html", context=context, status=status)
