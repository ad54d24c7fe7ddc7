"""The doctor's room: the queue, the consultation, the signature."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import queries as accounts
from apps.core.actor import Permission
from apps.core.errors import Forbidden, Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.templatetags.bhavya import local
from apps.documents import queries as papers
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.terminology import queries as terminology
from apps.workflows import actions, forms, queries, suggest
from apps.workflows.choices import COMPLAINT_DAYS, DAYS, FOLLOW_UP_DAYS
from apps.workflows.draft import follow_up_date
from apps.workflows.views.visit import hands_of, visit_by_number, visit_of


def held(view: Any) -> Any:
    """The catalogues stand still while a request is answered: their stamps are asked once."""
    return terminology.held()(view)


FINDABLE = {
    "complaints": "complaint",
    "diagnoses": "diagnosis",
    "medicines": "medicine",
    "tests": "test",
    "advice": "advice",
}


@require_GET
@reads(Permission.CONSULT_SIGN, Permission.CONSULT_DRAFT)
def opd(request: Request) -> HttpResponse:
    """My queue. With a patient in the room, that consultation is one press away."""
    return page(request, "workflows/opd.html", context=_rail(request))


@require_GET
@reads(Permission.CONSULT_SIGN, Permission.CONSULT_DRAFT)
def rail(request: Request) -> HttpResponse:
    """The queue alone, asked for every few seconds; 304 and no query while nothing changed."""
    now, mark = request.GET.get("now", ""), visits.mark(request.facility.pk)
    tag = visits.etag("rail", mark, request.user.pk, request.LANGUAGE_CODE)
    if mark and (same := visits.not_modified(request, tag)):
        return same
    response = page(request, "workflows/_rail.html", context=_rail(request, now))
    if mark:
        response["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_POST
@reads(Permission.TOKEN_CALL)
def call_next(request: Request) -> HttpResponse:
    """Call whose turn it is and open that slip."""
    duty = _duty(request)
    token = encounters.call_next(
        "doctor", queue=duty.department or None, room=duty.room, actor=request.actor
    )
    if token is None:
        raise Refused("consult.not_called")
    return _go(request, "workflows:consult", visits.visit(token.encounter_id).number)


@require_POST
@reads(Permission.TOKEN_CALL)
def skip(request: Request, number: str) -> HttpResponse:
    """Called and not there: aside with the number kept."""
    encounters.skip(visit_by_number(number).token.pk, actor=request.actor)
    return _go(request, "workflows:opd")


@require_POST
@reads(Permission.TOKEN_CALL)
def call(request: Request, number: str) -> HttpResponse:
    """Call this very patient, again or out of turn."""
    encounters.call(visit_by_number(number).token.pk, room=_duty(request).room, actor=request.actor)
    return _go(request, "workflows:consult", number)


@require_GET
@reads(Permission.CONSULT_SIGN, Permission.CONSULT_DRAFT)
@held
def consult(request: Request, number: str) -> HttpResponse:
    """The consultation screen; after signing the same address shows what was signed."""
    visit = visit_of(request, number)
    signed = visit.status == visit.Status.FINISHED
    if request.htmx and not signed:  # a row is opened: the cards alone
        actions.may_open(visit, request.actor)
        context = _cards(request, visit, queries.patient_of(visit))
        return page(request, "workflows/_work.html", context=context)
    try:
        chart = encounters.open_chart(visit.patient_id, actor=request.actor, known=visit)
    except Refused as no:
        if no.code != "chart.no_relation":
            raise
        return redirect("encounters:chart", visit.patient_id)
    vitals = visits.vitals(visit.pk, by=False)
    context = {
        **_rail(request, number),
        "visit": visits.visit_brief(visit),
        "patient": chart.patient,
        "vitals": vitals,
        "signed": signed,
        "paper": papers.current_of_encounter(visit.pk) if signed else None,
        "may_sign": request.actor.may(Permission.CONSULT_SIGN),
        **hands_of(request, visit, signed=signed),
        "may_see": request.actor.sees(Permission.HISTORY_VIEW),
    }
    if not signed:
        context |= _cards(request, visit, chart.patient, vitals=vitals)
    return page(request, "workflows/consult.html", context=context)


@require_GET
@reads(Permission.CONSULT_SIGN, Permission.CONSULT_DRAFT)
def side(request: Request, number: str) -> HttpResponse:
    """What was found and given before: beside the screen once it stands, or a page of its own. Not
    for an operator who types for a doctor."""
    if not request.actor.sees(Permission.HISTORY_VIEW):
        raise Forbidden(Permission.HISTORY_VIEW)
    visit = visit_by_number(number)
    actions.may_open(visit, request.actor)
    context = {
        "number": number,
        "past": queries.past(visit.patient_id, but=visit.pk),
        "visit": visit,
        "working": visit.status != visit.Status.FINISHED,
    }
    return page(request, "workflows/side.html", "panes", context)


@require_POST
@reads(Permission.CONSULT_DRAFT)
@held
def draft(request: Request, number: str) -> HttpResponse:
    """One edit. HTMX gets the cards anew, a plain form the page again; 409 shows both sides."""
    visit = visit_of(request, number)
    try:
        what, version, told = forms.edit_of(request.POST)
        actions.edit(visit.pk, what=what, version=version, actor=request.actor, **told)
    except Refused as no:
        if no.code != "draft.conflict":
            return _not_kept(request, visit, no)
        return _conflict(request, visit, request.POST)
    if not request.htmx:
        return _go(request, "workflows:consult", number, query=_where_next(request.POST, visit))
    return _answer(request, visit_by_number(number))


@require_GET
@reads(Permission.CONSULT_SIGN, Permission.CONSULT_DRAFT)
@held
def find(request: Request, number: str, part: str) -> HttpResponse:
    """Results of one search box: a list under it, or a page of its own without a script."""
    if part not in FINDABLE:
        raise Http404
    visit = visit_of(request, number)
    text = request.GET.get("q", "")[:60]
    words, days = forms.with_days(text) if part == "complaints" else (text, None)
    doctor_id = _doctor(request, visit)
    context = {
        "part": part,
        "text": text.strip(),
        "days": days,
        "visit": visit,
        "version": visit.draft_version,
        "rows": suggest.search(FINDABLE[part], words, visit=visit, doctor_id=doctor_id),
    }
    return page(request, "workflows/find.html", "rows", context)


@require_GET
@reads(Permission.CONSULT_SIGN, Permission.CONSULT_DRAFT)
@held
def preview(request: Request, number: str) -> HttpResponse:
    """The paper as it would be signed now, in the patient's language."""
    visit, patient, work = _at_work(request, number)
    doctor, vitals = visit.doctor_id or request.user.pk, visits.vitals(visit.pk, by=False)
    paper = queries.snapshot(visit, work, patient, signer_id=doctor, vitals=vitals)
    context = {"visit": visit, "paper": paper, "gaps": queries.gaps(work)}
    return page(request, "workflows/preview.html", "paper", context)


@require_http_methods(["GET", "POST"])
@reads(Permission.CONSULT_SIGN)
@held
def sign(request: Request, number: str) -> HttpResponse:
    """What is missing, or the PIN; then the signature."""
    visit, _patient, work = _at_work(request, number)
    if visit.status == visit.Status.FINISHED and request.method == "GET":
        return _go(request, "workflows:consult", number)
    context: dict[str, Any] = {"visit": visit, "work": work, "gaps": queries.gaps(work)}
    if request.method == "GET":
        context["form"] = forms.SignForm(initial={"id": uuid7(), "version": visit.draft_version})
        return page(request, "workflows/sign.html", "dialog", context)
    form = forms.SignForm(request.POST)
    if form.is_valid():
        try:
            actions.finish_consultation(visit.pk, **form.cleaned_data, actor=request.actor)
            return _go(request, "workflows:consult", number)
        except Refused as no:
            form.add_error("pin", no.sentence)
            context["on_leave"] = no.code == "leave.signs"
    else:
        form.errors.setdefault("pin", form.error_class([_("Enter your PIN.")]))
    return page(request, "workflows/sign.html", "dialog", {**context, "form": form}, status=422)


def _doctor(request: Request, visit: Any) -> Any:
    """Whose habits and sets count: the doctor's, also while another person types."""
    if request.actor.may(Permission.CONSULT_SIGN):
        return request.user.pk
    return visit.doctor_id or request.user.pk


def _duty(request: Request) -> Any:
    """Room and department of today; what the middleware read already is not asked again."""
    duty = getattr(request, "duty", None)
    if duty is None:
        duty = accounts.duty(request.user.pk, facility_id=request.facility.pk)
    assert duty is not None  # @reads let in nobody without a posting
    return duty


def _at_work(request: Request, number: str) -> tuple[Any, dict[str, Any], queries.Work]:
    visit = visit_of(request, number)
    actions.may_open(visit, request.actor)
    patient = queries.patient_of(visit)
    return visit, patient, queries.work(visit, patient, bare=True)


def _rail(request: Request, now: str = "") -> dict[str, Any]:
    duty = _duty(request)
    rows = visits.queue("doctor", queue=duty.department or None, room=duty.room)
    mine = next((row for row in rows if row["slip"] == now), None)
    upcoming = next((row for row in rows if row["status"] == "waiting"), None)
    department = queries.config_here().department(duty.department)
    return {
        "rows": rows,
        "now": now,
        "mine": mine,
        "upcoming": upcoming,
        "counts": visits.queue_counts(duty.department or None, duty.room),
        "my_room": duty.room,
        "place": _place(department, duty.room),
    }


def _place(department: Any, room: str) -> str:
    """General Medicine · Room 7, in the reader's language."""
    name = local(department) if department else ""
    where = _("Room %(room)s") % {"room": room} if room else ""
    return " · ".join(filter(None, (name, where)))


def _cards(
    request: Request,
    visit: Any,
    patient: dict[str, Any],
    *,
    opened: int | None = None,
    vitals: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    doctor_id = _doctor(request, visit)
    work = queries.work(visit, patient, vitals=vitals, doctor_id=doctor_id)
    if opened is None:
        opened = _open_row(request.GET.get("open", ""))
    return {
        "work": work,
        "saved_at": queries.saved_at(work.draft),
        "lines": suggest.shown(work),
        "sets": suggest.set_chips(work),
        "unverified": queries.unverified(work),
        "suggestions": suggest.suggestions(work.draft, doctor_id=doctor_id),
        "open": opened,
        "days": DAYS,
        "complaint_days": COMPLAINT_DAYS,
        "follow_up": follow_up_date(work.draft),
        "follow_ups": [
            {"days": n, "date": timezone.localdate() + timedelta(days=n)} for n in FOLLOW_UP_DAYS
        ],
        "number": visit.number,
        "long_term": bool(patient.get("conditions")),
        "may_sign": request.actor.may(Permission.CONSULT_SIGN),
    }


def _open_row(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 3 else None


def _answer(request: Request, visit: Any) -> HttpResponse:
    patient = queries.patient_of(visit)
    cards = _cards(request, visit, patient, opened=_row_to_open(request.POST, visit))
    return page(request, "workflows/_work.html", context={**cards, "said": True})


def _row_to_open(posted: QueryDict, visit: Any) -> int | None:
    """A new medicine opens its row; a row stays open until it is said to be done."""
    what, _, rest = posted.get("op", "").partition(":")
    if what == "add_medicine":
        codes = [row["code"] for row in visit.draft["medicines"]]
        return codes.index(rest) if rest in codes else None
    if what == "medicine" and "done" not in posted:
        return _open_row(rest)
    return None


def _where_next(posted: QueryDict, visit: Any) -> str:
    opened = _row_to_open(posted, visit_by_number(visit.number))
    return f"?open={opened}#row-{opened}" if opened is not None else "#work"


def _not_kept(request: Request, visit: Any, no: Refused) -> HttpResponse:
    context = {"visit": visit, "sentence": no.sentence}
    return _over(page(request, "workflows/not_kept.html", "said", context, status=409))


def _conflict(request: Request, visit: Any, posted: QueryDict) -> HttpResponse:
    """Both sides: who wrote meanwhile and when, and my own edit, ready to be sent again."""
    context = {
        "visit": visit,
        "theirs": queries.last_writer(visit),
        "mine": _told(posted),
        "fields": [
            (key, value)
            for key, values in posted.lists()
            for value in values
            if key not in ("version", "csrfmiddlewaretoken")
        ],
        "version": visit.draft_version,
        "draft": visit.draft,
        "lines": queries.work(visit, queries.patient_of(visit)).lines,
    }
    return _over(page(request, "workflows/conflict.html", "both", context, status=409))


def _over(response: HttpResponse) -> HttpResponse:
    """A no is shown above the cards, which stay as they are on the screen."""
    response["HX-Retarget"], response["HX-Reswap"] = "#bh-messages", "innerHTML"
    return response


def _told(posted: QueryDict) -> list[str]:
    """My own edit in few words: what was pressed and what was typed."""
    hidden = ("version", "csrfmiddlewaretoken", "op", "done", "code")
    typed = [str(v) for k, v in posted.items() if v and k not in hidden and not k.endswith("_was")]
    pressed = [*posted.getlist("code"), *posted.get("op", "").split(":")[1:]]
    return [*queries.named(pressed), *typed] or [posted.get("op", "").split(":")[0]]


def _go(request: Request, name: str, *args: Any, query: str = "") -> HttpResponse:
    """To another page: by header for HTMX, else by redirect."""
    address = reverse(name, args=args) + query
    if not request.htmx:
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
