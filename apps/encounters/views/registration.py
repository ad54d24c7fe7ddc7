"""The window: a new patient, an old one again, and the token for both."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.actor import Level
from apps.core.errors import Refused
from apps.core.fold import digits
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import actions, queries
from apps.encounters.forms import PriorityForm, RegistrationForm, fresh_ids
from apps.encounters.views import starts
from apps.facilities import queries as facilities
from apps.patients import queries as patients
from apps.persons import queries as persons

PAGE = "encounters/registration.html"


def desk_context(request: Request, slip: str = "") -> dict[str, Any]:
    """Both side columns and the department buttons. 5 queries."""
    shown = queries.by_number(slip) if slip else None
    return {
        "departments": queries.department_waits(),
        "last": queries.visit_brief(shown) if shown else queries.last_token(),
        "just_made": shown is not None,
        "counts": queries.today_counts(),
        "today": timezone.localdate(),
        "fee": facilities.config(request.facility).fee_rupees,
        "arrivals": persons.arrivals(),
        "gate": facilities.address(request.facility, starts.GATE_PATH),
    }


def form_context(request: Request, form: RegistrationForm) -> dict[str, Any]:
    district = form["district_code"].value() or request.facility.district_code
    return {
        "form": form,
        "districts": facilities.districts(),
        "blocks": facilities.blocks(district),
        "district": district,
        "own_block": form["block_code"].value() or "",
        "relations": [(code, *words) for code, words in patients.RELATIONS.items()],
    }


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.TOKEN_ISSUE)
def registration(request: Request) -> HttpResponse:
    """A new patient. `?arrival=` and `?mother=` (ids) fill in what is known already."""
    if request.method == "POST":
        form = RegistrationForm(request.POST)
        if form.is_valid():
            visit = actions.register_visit(
                patient=form.patient,
                visit=form.visit,
                arrival_id=form.cleaned_data["arrival"],
                actor=request.actor,
            )
            return redirect(f"{request.path}?slip={visit.number}")
        status = 422
    else:
        form, status = RegistrationForm(initial=starts.begin(request)), 200
    desk, arrival = desk_context(request, request.GET.get("slip", "")), form["arrival"].value()
    known = [row.profile for row in desk["arrivals"] if str(row.id) == str(arrival)]
    context = {
        **desk,
        **form_context(request, form),
        "tab": "new",
        "paid": next((told for told in known if told.paid), None),
        "mother": starts.mother(form["mother"].value()),
    }
    return page(request, PAGE, context=context, status=status)


@require_POST
@reads(Permission.TOKEN_ISSUE)
def unknown(request: Request) -> HttpResponse:
    """Nobody knows the name: one press, and the emergency token prints. Sex and age when typed."""
    typed = request.POST
    try:
        ids = {"patient_id": UUID(typed["patient_id"]), "id": UUID(typed["visit_id"])}
    except (KeyError, ValueError):
        return redirect("encounters:registration")
    age, _born = patients.read_age(typed.get("age", ""))
    if age is not None and not (age <= 120 and typed.get("age_unit", "years") == "years"):
        age = None
    sex = typed.get("sex", "")
    visit = actions.receive_unknown(
        **ids, sex=sex if sex in patients.SEXES else "unknown", age=age, actor=request.actor
    )
    return redirect(f"{_registration_path()}?slip={visit.number}")


@require_POST
@reads(Permission.TOKEN_ISSUE)
def match(request: Request) -> HttpResponse:
    """Who has this mobile, and who sounds like this name. POST: no mobile belongs in a URL."""
    mobile, found = request.POST.get("mobile", ""), []
    try:
        mobile = patients.checked_mobile(mobile)
        found = patients.of_mobile(mobile)
    except Refused:
        mobile = ""  # still being typed
    known = {row["id"] for row in found}
    alike = [row for row in _look_alikes(request) if row["id"] not in known]
    context = {"mobile": mobile, "found": found, "alike": alike}
    return page(request, "encounters/_match.html", context=context)


def _look_alikes(request: Request) -> list[dict[str, Any]]:
    told = request.POST
    name = told.get("name_hi") or told.get("name_en", "")
    try:
        age, day = patients.read_age(told.get("age", ""))
        unit = told.get("age_unit") or "years"
        born = patients.told_age(age, unit, day, on=timezone.localdate())
    except Refused:
        return []
    return patients.look_alikes(
        name, born=born, sex=told.get("sex", ""), village=told.get("village", "")
    )


@require_POST
@reads(Permission.TOKEN_ISSUE)
def other_name(request: Request) -> HttpResponse:
    """The name in the other script, as a field to put in the place of the empty one."""
    to = "name_en" if "name_hi" in request.GET else "name_hi"
    name = request.POST.get("name_hi" if to == "name_en" else "name_en", "")
    if request.POST.get(to, "").strip() and request.POST.get("auto") != to:
        return HttpResponse(status=204)  # typed by hand: not ours to overwrite
    value = patients.other_script(name) if name.strip() else ""
    return page(request, f"encounters/_{to}.html", context={"value": value, "auto": True})


@require_GET
@reads(Permission.TOKEN_ISSUE)
def blocks(request: Request) -> HttpResponse:
    rows = facilities.blocks(request.GET.get("district_code", ""))
    return page(request, "patients/_blocks.html", context={"blocks": rows})


@require_POST
@reads(Permission.TOKEN_ISSUE)
def villages(request: Request) -> HttpResponse:
    """What begins like the village that is being typed: the State's list, then what we wrote."""
    told = request.POST
    text, block = told.get("village", ""), told.get("block_code", "")
    rows = [
        {"name": row.name_hi if patients.is_devanagari(text) else row.name_en,
         "panchayat": row.panchayat_hi if patients.is_devanagari(text) else row.panchayat_en}
        for row in facilities.villages(block, text)
    ]  # fmt: skip
    listed = {row["name"] for row in rows}
    own = [{"name": name} for name in patients.villages(text) if name not in listed]
    return page(request, "encounters/_villages.html", context={"rows": [*rows, *own][:6]})


@require_http_methods(["GET", "POST"])
@reads(Permission.TOKEN_ISSUE)
def find(request: Request) -> HttpResponse:
    """Old slip, mobile, MRN or name: one box. A slip or an MRN leads straight to the patient."""
    text = (request.POST or request.GET).get("q", "").strip()
    if card := patients.read_card(text):
        return _of_card(request, card)
    if patients.is_aadhaar(text):
        refused = Refused("aadhaar.typed")
        context = {**desk_context(request), "tab": "old", "refused": refused}
        return page(request, PAGE, context=context, status=422)
    visit = queries.by_number(text) if text else None
    if visit is not None:
        return redirect("encounters:revisit", visit.patient_id)
    narrow = request.actor.level(Permission.PATIENT_SEARCH) is Level.OWN
    rows = patients.search(text)
    if narrow:  # a helper sees the person in front, never a list of strangers
        rows = [row for row in rows if digits(text).strip() in (row["mobile"], row["mrn"])]
    if len(rows) == 1 and rows[0]["mrn"] == text.upper():
        return redirect("encounters:revisit", rows[0]["id"])
    context = {**desk_context(request), "tab": "old", "q": text, "rows": rows}
    return page(request, PAGE, context=context, status=422 if text and not rows else 200)


def _of_card(request: Request, card: Any) -> HttpResponse:
    """An ABHA card under the scanner: the patient who has it, else the form with what it says.
    Nothing signs it, so its ABHA goes on no record: the ABHA desk proves it afterwards."""
    rows = patients.search(card.asked) if card.asked else []
    if len(rows) == 1:
        return redirect("encounters:revisit", rows[0]["id"])
    form = RegistrationForm(initial={**starts.begin(request), **starts.carded(card)})
    context = {**desk_context(request), **form_context(request, form), "tab": "new"}
    return page(request, PAGE, context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.TOKEN_ISSUE)
def revisit(request: Request, patient_id: UUID) -> HttpResponse:
    """A patient who is known: the last department is chosen, Enter gives the token."""
    patient = patients.patient(patient_id)
    if patient is None:
        raise Http404
    if patient.replaced_by_id is not None:
        return redirect("encounters:revisit", patient.replaced_by_id)
    visits, here = queries.past_visits(patient_id, 3), queries.open_today(patient_id)
    if request.method == "POST":
        form = PriorityForm(request.POST)
        if form.is_valid():
            try:
                visit = actions.start_visit(patient_id, **form.visit, actor=request.actor)
            except Refused as refused:
                form.add_error("department", refused.sentence)
            else:
                return redirect(f"{_registration_path()}?slip={visit.number}")
        status = 422
    else:
        last = visits[0]["department"] if visits else ""
        if last in {visit.token.queue for visit in here}:
            last = ""  # stands there already: Enter shall not ask for what is refused
        start = {"visit_id": fresh_ids()["visit_id"], "department": last}
        form, status = PriorityForm(initial=start), 200
    chosen = form["department"].value() or ""
    settings = facilities.config(request.facility)
    context = {
        **desk_context(request),
        "tab": "old",
        "form": form,
        "patient": patients.banner(patient_id, known=patient),
        "visits": visits,
        "slip_valid": queries.slip_is_valid(patient_id, chosen, settings),
        "here": here,
    }
    return page(request, PAGE, context=context, status=status)


def _registration_path() -> str:
    return redirect("encounters:registration").url


@require_GET
@reads(Permission.TOKEN_ISSUE)
def slips(request: Request) -> HttpResponse:
    text = request.GET.get("q", "")
    rows = queries.slips(timezone.localdate(), text=text)
    context = {"rows": rows, "q": text, "today": timezone.localdate()}
    return page(request, "encounters/slips.html", "rows", context)


@require_POST
@reads(Permission.TOKEN_ISSUE)
def cancel(request: Request, encounter_id: UUID) -> HttpResponse:
    visit = actions.cancel(encounter_id, actor=request.actor)
    messages.success(request, _("Slip %(number)s is cancelled.") % {"number": visit.number})
    return redirect("encounters:slips")
