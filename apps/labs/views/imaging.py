"""The imaging room, and tests at the desk of a small centre."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import queries as visits
from apps.labs import actions, queries
from apps.labs.forms import IdForm, StudyForm, films_of, slot_of
from apps.patients import queries as patients
from apps.terminology import queries as terminology


@never_cache
@require_GET
@reads(Permission.IMAGING_DO, Permission.IMAGING_REPORT)
def imaging(request: Request) -> HttpResponse:
    """X-ray and ultrasound that are asked for."""
    return page(request, "labs/imaging.html", "rows", {"rows": queries.imaging_list()})


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.IMAGING_DO, Permission.IMAGING_REPORT)
def study(request: Request, request_id: UUID) -> HttpResponse:
    """One study: slot, done, Form F, signed text. Each button is one verb."""
    row = queries.request(request_id)
    if row is None or row.category != row.Category.IMAGING:
        raise Http404
    context: dict[str, Any] = {"form_id": uuid7(), "text": request.POST.get("text", "")}
    status = 200
    if request.method == "POST":
        try:
            return _do(request, request_id)
        except Refused as no:
            context["refused"], status = no.sentence, 422
    may_report = request.actor.may(Permission.IMAGING_REPORT)
    context |= {
        "study": row,
        "visit": visits.visit_brief(row.encounter),
        "patient": patients.banner(row.encounter.patient_id, known=row.encounter.patient),
        "obstetric": row.test_code in actions.OBSTETRIC,
        # Form F is the radiologist's alone: others see only that it is there.
        "form_f": (row.detail.get("form_f") or {}) if may_report else None,
        "has_form_f": bool(row.detail.get("form_f")),
        "may_report": may_report,
        "closed": row.status != row.Status.ACTIVE,
    }
    if status == 422 and context["form_f"] is not None:
        context["form_f"] = {**context["form_f"], **request.POST.dict()}
    return page(request, "labs/study.html", context=context, status=status)


def _do(request: Request, request_id: UUID) -> HttpResponse:
    posted, by = request.POST, request.actor
    what = posted.get("op", "")
    if what == "slot":
        actions.book(request_id, slot=slot_of(posted), actor=by)
    elif what == "done":
        actions.study_done(request_id, films=films_of(posted), actor=by)
    elif what == "form_f":
        actions.draft_form_f(request_id, told=posted.dict(), actor=by)
    else:
        form = StudyForm(posted)
        if not form.is_valid():
            raise Refused("form.incomplete")
        actions.sign_study(request_id, **form.cleaned_data, actor=by)
        messages.success(request, _("The report is signed and sent."))
        return redirect("labs:imaging")
    return redirect("labs:study", request_id)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.LAB_ENTER)
def at_desk(request: Request, number: str) -> HttpResponse:
    """Point-of-care tests: typed where they are done, in the record at once."""
    visit = visits.by_number(number)
    if visit is None:
        raise Http404
    tests = queries.desk_tests(terminology.tests_for_level("HSC"), visit)
    context: dict[str, Any] = {"form_id": uuid7()}
    status = 200
    if request.method == "POST":
        typed = {row.test.code: request.POST.get(row.test.code, "") for row in tests}
        form = IdForm(request.POST)
        try:
            if not form.is_valid():
                raise Refused("form.incomplete")
            actions.record_at_desk(
                visit.pk, id=form.cleaned_data["id"], typed=typed, actor=request.actor
            )
            messages.success(request, _("The readings are in the record."))
            return redirect("labs:at_desk", visit.number)
        except Refused as no:
            context["refused"], status = no.sentence, 422
            for row in tests:
                row.value = typed[row.test.code]
    context |= {
        "visit": visits.visit_brief(visit),
        "patient": patients.banner(visit.patient_id, known=visit.patient),
        "rows": tests,
        "results": queries.patient_results(visit.patient_id),
    }
    return page(request, "labs/at_desk.html", context=context, status=status)
