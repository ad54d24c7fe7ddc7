"""The medicine counter: queue, one prescription, labels, slip."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.pharmacy import actions, forms, gs1, queries, stores
from apps.pharmacy.views import place as places
from apps.prescriptions import queries as prescriptions

DISPENSE = Permission.RX_DISPENSE


@require_GET
@reads(DISPENSE)
def counter(request: Request) -> HttpResponse:
    """The queue in order of signing; what was scanned opens. 4 queries of ours."""
    scanned = request.GET.get("q", "").strip()
    here = places.place(request, counter=True)
    if scanned:
        found = _opened(request, scanned)
        if found is not None:
            return found
    done = forms.as_uuid(request.GET.get("done", ""))
    context = _shell(here) | {
        "q": scanned,
        "not_found": bool(scanned),
        "done": queries.slip(done) if done else None,
        "now": None,
    }
    response = page(
        request, "pharmacy/counter.html", "rows", context, status=422 if scanned else 200
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _shell(here: Any) -> dict[str, Any]:
    return {
        "rows": queries.queue(),
        "store": here,
        "place": places.name(here),
        "counters": stores.config().medicine_counters,
    }


def _opened(request: Request, scanned: str) -> HttpResponse | None:
    """A slip opens its prescription; a pack's code goes to the prescription that is open."""
    open_id = forms.as_uuid(request.GET.get("on", ""))
    pack = gs1.read(scanned)
    if pack is not None and open_id is not None:
        target = redirect("pharmacy:dispense", open_id)
        target["Location"] += f"?gtin={pack.gtin}&batch={pack.batch_no}"
        return target
    visit = visits.by_number(scanned)
    prescription = prescriptions.to_hand_over(visit.pk) if visit else None
    return redirect("pharmacy:dispense", prescription.pk) if prescription else None


@require_POST
@reads(DISPENSE, Permission.STOCK_VIEW)
def choose_store(request: Request) -> HttpResponse:
    places.choose(request, request.POST.get("store", ""))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = ""
    return redirect(target or "pharmacy:counter")


@require_POST
@reads(DISPENSE)
def call_next(request: Request) -> HttpResponse:
    """Call whoever is next at the counter and open the prescription."""
    here = places.place(request, counter=True)
    token = encounters.call_next("pharmacy", queue=None, room=here.code[:10], actor=request.actor)
    if token is None:
        messages.info(request, _("Nobody is waiting at the medicine counter."))
        return redirect("pharmacy:counter")
    prescription = prescriptions.to_hand_over(token.encounter_id)
    if prescription is None:
        return redirect("pharmacy:counter")
    return redirect("pharmacy:dispense", prescription.pk)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(DISPENSE)
def dispense(request: Request, prescription_id: UUID) -> HttpResponse:
    """One prescription: lots picked, counts shown, one press gives all. 16 queries of ours."""
    here = places.place(request, counter=True)
    if request.method == "POST":
        return _handed_over(request, prescription_id, here)
    sheet = _sheet(prescription_id, here)
    actions.record_viewed(prescription_id, patient_id=sheet.patient["id"], actor=request.actor)
    return _page(request, sheet, here, {"picked": _picked(request, sheet)})


def _sheet(prescription_id: UUID, here: Any) -> queries.Sheet:
    sheet = queries.sheet(prescription_id, store=here.code)
    if sheet is None:
        raise Http404
    return sheet


def _picked(request: Request, sheet: queries.Sheet) -> dict[str, Any]:
    """A scanned pack on its line: the lot of this batch, or a word why not. 0 to 2 queries."""
    gtin, batch_no = request.GET.get("gtin", ""), request.GET.get("batch", "").upper()
    if not gtin:
        return {}
    item = queries.item_of_gtin(gtin)
    for line in sheet.open_lines if item else []:
        lot = next((lot for lot in line.lots if lot.batch_no == batch_no), None)
        if item and line.row.medication_code == item.code and lot:
            return {"line": line.row.pk, "lot": lot.pk}
    return {"missed": True}


def _page(
    request: Request, sheet: queries.Sheet, here: Any, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = _shell(here) | {
        "sheet": sheet,
        "now": sheet.prescription.pk,
        "form_id": more.get("form_id") or uuid7(),
        "why": forms.WHY,
        "wait_min": next(
            (r["wait_min"] for r in queries.queue() if r["id"] == sheet.prescription.pk), None
        ),
        **more,
    }
    return page(request, "pharmacy/dispense.html", context=context, status=status)


def _handed_over(request: Request, prescription_id: UUID, here: Any) -> HttpResponse:
    form_id = forms.as_uuid(request.POST.get("id", ""))
    sheet = _sheet(prescription_id, here)
    lines = [line.row.pk for line in sheet.lines]
    try:
        gives = forms.gives(request.POST, lines)
        given = actions.hand_over(
            prescription_id,
            id=form_id or uuid7(),
            store=here.code,
            gives=gives,
            actor=request.actor,
        )
    except Refused as no:
        more: dict[str, Any] = {
            "error": no.sentence,
            "typed": request.POST,
            "form_id": form_id,
            "picked": {},
        }
        return _page(request, _sheet(prescription_id, here), here, more, status=422)
    if given:
        messages.success(
            request, _("Medicine given to %(token)s.") % {"token": sheet.visit["token"]}
        )
    else:
        messages.success(request, _("Noted for %(token)s.") % {"token": sheet.visit["token"]})
    answer = redirect("pharmacy:counter")
    answer["Location"] += f"?done={prescription_id}"
    return answer


@never_cache
@require_GET
@reads(DISPENSE)
def labels(request: Request, prescription_id: UUID) -> HttpResponse:
    """Pouch labels, 50 × 30 mm each, of what was handed over."""
    found = queries.labels(prescription_id)
    if found is None:
        raise Http404
    return page(
        request, "pharmacy/labels.html", context=found | {"print_now": "stay" not in request.GET}
    )


@never_cache
@require_GET
@reads(DISPENSE)
def slip(request: Request, prescription_id: UUID) -> HttpResponse:
    """The due slip and the list of what is not available today, for the patient's hand."""
    found = queries.slip(prescription_id)
    if found is None:
        raise Http404
    context = found | {"print_now": "stay" not in request.GET, "near": {}}
    return page(request, "pharmacy/slip.html", context=context)


@require_GET
@reads(Permission.HISTORY_VIEW)
def given(request: Request, patient_id: UUID) -> HttpResponse:
    """A panel of the chart: what the counter gave, and what it gave instead."""
    encounters.open_chart(patient_id, actor=request.actor)
    context = {
        "given": queries.given_before(patient_id, limit=12),
        "swapped": queries.substituted(patient_id=patient_id),
        "why": forms.WHY,
    }
    return page(request, "pharmacy/given.html", "panel", context)


@require_GET
@reads(Permission.RX_PRESCRIBE)
def told(request: Request) -> HttpResponse:
    """What the counter gave in place of what this doctor wrote, last 30 days."""
    rows = queries.substituted(doctor_id=request.actor.user_id)
    return page(request, "pharmacy/told.html", "panel", {"swapped": rows, "why": forms.WHY})
