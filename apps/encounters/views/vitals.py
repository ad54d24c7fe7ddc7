"""The nursing desk: who waits, and the numbers of one patient."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import actions, queries
from apps.encounters.asked import DANGER_SIGNS, MEDICINE_WORDS
from apps.encounters.early_warning import ADULT_FROM
from apps.encounters.forms import DeskForm, SkipForm, VitalsForm
from apps.encounters.tiles import tiles
from apps.encounters.views.unchanged import unchanged
from apps.patients import actions as patients
from apps.patients import queries as patient_queries
from apps.terminology import queries as terminology

PREGNANCY_YEARS = range(12, 56)


@require_GET
@reads(Permission.VITALS_WRITE)
def vitals_queue(request: Request) -> HttpResponse:
    """The queue, polled; and the box that a scanner fills from anywhere on the page."""
    context: dict[str, Any] = {"rows": queries.queue("vitals"), "q": request.GET.get("q", "")}
    status = 200
    if context["q"]:
        visit = queries.by_number(context["q"])
        if visit is not None:
            return redirect("encounters:vitals", visit.number)
        status, context["not_found"] = 422, True
    response = page(request, "encounters/vitals_queue.html", "rows", context, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return unchanged(request, response)


@require_POST
@reads(Permission.VITALS_WRITE)
def vitals_next(request: Request) -> HttpResponse:
    """Call whoever is next at the nursing desk and open the sheet."""
    token = actions.call_next("vitals", queue=None, actor=request.actor)
    if token is None:
        messages.info(request, _("Nobody is waiting for vitals."))
        return redirect("encounters:vitals_queue")
    return redirect("encounters:vitals", queries.visit(token.encounter_id).number)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.VITALS_WRITE)
def vitals(request: Request, number: str) -> HttpResponse:
    """Six tiles and a number pad. Without a script the tiles are plain fields."""
    visit = _visit(number)
    numbers, desk = VitalsForm(), DeskForm(initial=_known(visit))
    if request.method == "POST":
        numbers, desk = VitalsForm(request.POST), DeskForm(request.POST)
        if numbers.is_valid() and desk.is_valid() and numbers.values:
            _save(request, visit.pk, visit.patient_id, numbers, desk)
            _say(request, visit)
            return redirect("encounters:vitals_queue")
    return page(
        request,
        "encounters/vitals.html",
        context=_sheet(visit, numbers, desk),
        status=422 if request.method == "POST" else 200,
    )


def _visit(number: str) -> Any:
    visit = queries.by_number(number)
    if visit is None:
        raise Http404
    return visit


def _known(visit: Any) -> dict[str, Any]:
    """What was told before in this visit, and the last period of this pregnancy."""
    asked, carried = queries.asked(visit), queries.carried(visit)
    return {
        "observation_id": uuid7(),
        "pregnant": {True: "yes", False: "no"}.get(visit.pregnant, ""),
        "lmp": f"{carried['lmp']:%d-%m-%Y}" if carried else "",
        "flags": list(asked.flags),
        "takes": list(asked.medicines),
    }


def _sheet(visit: Any, numbers: VitalsForm, desk: Any) -> dict[str, Any]:
    patient = patient_queries.banner(visit.patient_id, known=visit.patient)
    script = 0 if get_language() == "hi" else 1
    asks = patient["sex"] == "female" and patient["age_years"] in PREGNANCY_YEARS
    return {
        "visit": queries.visit_brief(visit),
        "patient": patient,
        "asks_pregnancy": asks,
        "carried": queries.carried(visit) if visit.pregnant else {},
        "tiles": tiles(
            numbers,
            born=visit.patient.birth_date,
            before=queries.last_measured(visit.patient_id, before=visit.pk),
            can_be_pregnant=asks,
        ),
        "signs": numbers.typed,
        "awake": [(str(n), words[script]) for n, words in enumerate(queries.AWAKE)],
        "medicines": MEDICINE_WORDS.items(),
        "grown": patient["age_years"] >= ADULT_FROM,
        "measured": queries.vitals(visit.pk),
        "nothing": numbers.typed and not numbers.errors and not numbers.values,
        "wrong": [*numbers.errors.values(), *desk.errors.get("lmp", [])],
        "desk": desk,
        "flags": terminology.codes("complaint", DANGER_SIGNS).values(),
        "allergies": terminology.search_codes("allergy", "", limit=30),
    }


def _save(
    request: Request, visit_id: UUID, patient_id: UUID, numbers: VitalsForm, desk: DeskForm
) -> None:
    told = desk.cleaned_data
    _save_allergies(request, patient_id, told)
    if told["alarm"]:
        actions.raise_alarm(visit_id, actor=request.actor)
    actions.record_vitals(
        visit_id,
        id=told["observation_id"],
        values=numbers.values,
        **desk.told,
        actor=request.actor,
    )


def _say(request: Request, visit: Any) -> None:
    """Where the patient went, and why at once when the rule put this one first."""
    token = queries.token_label(visit.token)
    warning = queries.raised_by(visit.pk)
    if warning["raised"]:
        words = _("%(token)s goes first at the doctor's: %(why)s.")
        said = words % {"token": token, "why": queries.why(warning)}
        messages.warning(request, said, extra_tags="warn")
    else:
        messages.success(request, _("%(token)s sent to the doctor.") % {"token": token})


def _save_allergies(request: Request, patient_id: UUID, told: dict[str, Any]) -> None:
    """ "None known" or chosen ones; a second sending finds the same codes."""
    if told["allergy"] == "none":
        patients.record_allergy(
            patient_id,
            id=uuid7(),
            code=patients.NO_KNOWN_ALLERGY,
            display_en="No known allergy",
            display_hi="कोई ज्ञात एलर्जी नहीं",
            actor=request.actor,
        )
    chosen = terminology.codes("allergy", request.POST.getlist("allergy_codes"))
    for code, word in chosen.items() if told["allergy"] == "known" else ():
        patients.record_allergy(
            patient_id,
            id=uuid7(),
            code=code,
            display_en=word.name_en,
            display_hi=word.name_hi,
            actor=request.actor,
        )


@require_POST
@reads(Permission.VITALS_WRITE)
def skip_vitals(request: Request, number: str) -> HttpResponse:
    visit = _visit(number)
    form = SkipForm(request.POST)
    if not form.is_valid():
        context = _sheet(visit, VitalsForm(request.POST), DeskForm(request.POST))
        context |= {"skip_form": form, "skip_open": True}
        return page(request, "encounters/vitals.html", context=context, status=422)
    reason = form.cleaned_data["reason"]
    actions.skip_vitals(visit.pk, reason=reason, **form.told, actor=request.actor)
    messages.success(request, _("Sent to the doctor without vitals."))
    return redirect("encounters:vitals_queue")


@require_POST
@reads(Permission.TOKEN_CALL, Permission.TOKEN_MOVE)
def token_skip(request: Request, token_id: UUID) -> HttpResponse:
    actions.skip(token_id, actor=request.actor)
    return redirect("encounters:vitals_queue")


@require_POST
@reads(Permission.TOKEN_CALL, Permission.TOKEN_MOVE)
def token_back(request: Request, token_id: UUID) -> HttpResponse:
    actions.bring_back(token_id, actor=request.actor)
    return redirect("encounters:vitals_queue")
