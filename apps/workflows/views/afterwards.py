"""What follows a signature, and the hand that takes a consultation over."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import queries as accounts
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.documents import queries as papers
from apps.documents.kinds import CERTIFICATES, REASONS
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.prescriptions import later
from apps.terminology import queries as terminology
from apps.workflows import actions, forms, queries, suggest
from apps.workflows.actions.addendum import read_lines
from apps.workflows.actions.certificates import MOST_DAYS, SPANS
from apps.workflows.forms.afterwards import lines_of, rows_of, tests_of
from apps.workflows.views.visit import visit_of


@require_POST
@reads(Permission.CONSULT_SIGN)
def take_over(request: Request, number: str) -> HttpResponse:
    """The half-finished consultation is mine from now on."""
    encounters.take_over(visit_of(request, number).pk, actor=request.actor)
    return redirect("workflows:consult", number)


@require_POST
@reads(Permission.CONSULT_SIGN)
def seen(request: Request, number: str) -> HttpResponse:
    """Results are looked at, nothing is added: the token goes on."""
    actions.nothing_to_add(visit_of(request, number).pk, actor=request.actor)
    return redirect("workflows:opd")


@require_http_methods(["GET", "POST"])
@reads(Permission.CONSULT_SIGN)
def take_back(request: Request, number: str) -> HttpResponse:
    """A signature by mistake."""
    visit = visit_of(request, number)
    actions.may_open(visit, request.actor)
    context: dict[str, Any] = {"visit": visits.visit_brief(visit), "reasons": REASONS}
    if request.method == "GET":
        return page(request, "workflows/take_back.html", context=context)
    form = forms.TakeBackForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("pin.wanted")
        actions.take_back(visit.pk, **form.cleaned_data, actor=request.actor)
    except Refused as no:
        context |= {"fault": no.sentence, "reason": request.POST.get("reason", "")}
        return page(request, "workflows/take_back.html", context=context, status=422)
    return redirect("workflows:consult", number)


@require_http_methods(["GET", "POST"])
@reads(Permission.CERT_ISSUE)
def certificate(request: Request, number: str) -> HttpResponse:
    """A short form, the PIN, a frozen paper."""
    visit = visit_of(request, number)
    actions.may_open(visit, request.actor)
    if request.method == "GET":
        asked = request.GET.get("form", "")
        first = {"form": asked if asked in CERTIFICATES else "medical-certificate",
                 "starts": timezone.localdate(visit.started_at).isoformat()}  # fmt: skip
        form = forms.CertificateForm(initial={"id": uuid7(), **first})
        return _certificate(request, visit, form)
    form = forms.CertificateForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("pin.wanted")
        told = forms.told_of(form.cleaned_data)
        paper = actions.issue_certificate(
            visit.pk,
            id=form.cleaned_data["id"],
            pin=form.cleaned_data["pin"],
            told=told,
            actor=request.actor,
        )
    except Refused as no:
        return _certificate(request, visit, form, fault=no.sentence)
    if request.actor.sees(Permission.DOC_PRINT):
        return redirect("documents:document", paper.pk)
    return redirect("workflows:certificate", number)


def _certificate(request: Request, visit: Any, form: Any, *, fault: str = "") -> HttpResponse:
    context = {
        "visit": visits.visit_brief(visit),
        "form": form,
        "kinds": CERTIFICATES,
        "spans": SPANS,
        "most": MOST_DAYS,
        "issued": papers.certificates_of(visit.pk),
        "fault": fault,
    }
    return page(
        request, "workflows/certificate.html", context=context, status=422 if fault else 200
    )


@require_http_methods(["GET", "POST"])
@reads(Permission.CONSULT_SIGN)
def addendum(request: Request, number: str) -> HttpResponse:
    """Everything that may be added; the form carries what was chosen from press to press."""
    visit = visit_of(request, number)
    actions.may_open(visit, request.actor)
    if visit.status != visit.Status.FINISHED:
        return redirect("workflows:consult", number)
    op = request.POST.get("op", "")
    if request.method == "GET" or op != "sign":
        partial = "found" if op == "find" else ""
        return page(request, "workflows/addendum.html", partial, _addition(request, visit))
    form = forms.AddForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("pin.wanted")
        actions.add_to_signed(
            visit.pk,
            id=form.cleaned_data["id"],
            pin=form.cleaned_data["pin"],
            addition=forms.addition_of(request.POST),
            actor=request.actor,
        )
    except Refused as no:
        context = _addition(request, visit, fault=no.sentence)
        return page(request, "workflows/addendum.html", context=context, status=422)
    return redirect("workflows:consult", number)


def _addition(request: Request, visit: Any, *, fault: str = "") -> dict[str, Any]:
    """The page as typed so far, its lines read and checked. 8 queries with a search."""
    posted = request.POST
    patient = queries.patient_of(visit)
    rows, tests = rows_of(posted), tests_of(posted)
    if posted.get("op", "").startswith("droptest:"):
        tests = [code for code in tests if code != posted["op"].partition(":")[2]]
    try:
        read = read_lines(visit, patient, lines_of(rows)).lines
    except Refused:  # days that are no number: said when it is signed
        read = [None] * len(rows)
    known = terminology.codes("test", tests)
    seek = posted.get("q", "")[:60]
    return {
        "visit": visits.visit_brief(visit),
        "patient": patient,
        "id": posted.get("id") or uuid7(),
        "text": posted.get("text", ""),
        "follow_up": posted.get("follow_up", ""),
        "stop": posted.getlist("stop"),
        "lines": later.taken_now(visit.pk),
        "rows": [{**row, "line": line} for row, line in zip(rows, read, strict=True)],
        "tests": list(known.values()),
        "seek": seek,
        "medicines": suggest.search("medicine", seek, visit=visit, doctor_id=request.user.pk),
        "found_tests": suggest.search("test", seek, visit=visit, doctor_id=request.user.pk),
        "fault": fault,
        "writer": accounts.display_name(request.user),
    }
