"""The benches: worklist, result grid, verifying, correcting."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.labs import actions, queries
from apps.labs.forms import AmendForm, SignForm, typed_of, version_of

Context = dict[str, Any]


@never_cache
@require_GET
@reads(Permission.LAB_ENTER, Permission.LAB_VERIFY)
def worklist(request: Request) -> HttpResponse:
    """What is on the benches; a scanned tube opens its grid."""
    text = request.GET.get("q", "").strip()
    status, context = 200, {**queries.worklist(bench=request.GET.get("bench", "")), "q": text}
    if text:
        sample = queries.specimen(text)
        if sample is not None:
            return redirect("labs:result", sample.accession)
        status, context["not_found"] = 422, True
    return page(request, "labs/worklist.html", "rows", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.LAB_ENTER, Permission.LAB_VERIFY)
def result(request: Request, accession: str) -> HttpResponse:
    """The grid of one sample. POST keeps what can be understood; op=send hands it on."""
    sample = _sample(accession)
    if request.method == "GET":
        return page(request, "labs/result.html", context=_grid(sample))
    typed = typed_of(request.POST)
    try:
        saved = actions.enter(
            sample.accession, typed=typed, version=version_of(request.POST), actor=request.actor
        )
        if request.POST.get("op") == "send" and not saved.problems:
            actions.send(sample.accession, version=saved.version, actor=request.actor)
            messages.success(request, _("%(number)s waits to be verified.") % {"number": accession})
            return redirect("labs:worklist")
    except Refused as no:
        if no.code == "result.conflict":
            return _conflict(request, sample, typed)
        return _said(request, sample, no)
    context = _grid(sample)
    context["sheet"], context["version"] = saved.sheet, saved.version
    _with_typed(saved, typed)
    template = "labs/result.html"
    return page(request, template, "saved", context, status=422 if saved.problems else 200)


def _sample(accession: str) -> Any:
    sample = queries.specimen(accession)
    if sample is None:
        raise Http404
    return sample


def _grid(sample: Any) -> Context:
    rail = queries.worklist()["rows"]
    context = queries.result_page(sample)
    return {**context, "rail": rail, "left": sum(row["state"] != "sent" for row in rail)}


def _with_typed(saved: Any, typed: dict[Any, str]) -> None:
    """What could not be read stays in its field as it was typed."""
    for row in saved.sheet.rows:
        if row.problem is not None:
            row.value, row.flag, row.number = typed[row.request_id, row.test.code], "", None


def _said(request: Request, sample: Any, no: Refused) -> HttpResponse:
    context = {**_grid(sample), "refused": no}
    response = page(request, "labs/result.html", "no", context, status=422)
    return _over(request, response)


def _conflict(request: Request, sample: Any, typed: dict[Any, str]) -> HttpResponse:
    """Both sides: what stands there now and what I typed, mine ready to be sent again."""
    context = _grid(sample)
    context["both"] = [
        {"row": row, "theirs": row.value, "mine": typed[row.request_id, row.test.code]}
        for row in context["sheet"].rows
        if (row.request_id, row.test.code) in typed
        and typed[row.request_id, row.test.code].strip() != row.value
    ]
    context["fields"] = [(f"v-{order}-{code}", text) for (order, code), text in typed.items()]
    return _over(request, page(request, "labs/conflict.html", "both", context, status=409))


def _over(request: Request, response: HttpResponse) -> HttpResponse:
    """A no is shown above the grid, which stays as it is on the screen."""
    if request.htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "#bh-messages", "innerHTML"
    return response


@require_POST
@reads(Permission.LAB_ENTER)
def told(request: Request, accession: str) -> HttpResponse:
    actions.record_told(accession, told_to=request.POST.get("told_to", ""), actor=request.actor)
    return redirect("labs:result", accession)


@never_cache
@require_GET
@reads(Permission.LAB_VERIFY)
def verify_list(request: Request) -> HttpResponse:
    """Samples that wait for a signature."""
    context = {"rows": queries.to_verify()}
    return page(request, "labs/verify_list.html", "rows", context)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.LAB_VERIFY)
def verify(request: Request, accession: str) -> HttpResponse:
    """Read, PIN, Enter; the next sample opens by itself."""
    sample = _sample(accession)
    context: Context = {"form_id": uuid7()}
    status = 200
    if request.method == "POST":
        form = SignForm(request.POST)
        try:
            if form.is_valid():
                actions.verify(sample.accession, **form.cleaned_data, actor=request.actor)
                return _verified(request, accession)
            context["refused"] = next(iter(form.errors.values()))[0]
        except Refused as no:
            context["refused"] = no.sentence
        status = 422
    rail = queries.to_verify()
    context = {**_grid(sample), "rail": rail, "left": len(rail), **context}
    return page(request, "labs/verify.html", context=context, status=status)


def _verified(request: Request, accession: str) -> HttpResponse:
    messages.success(request, _("Report of %(number)s is signed and sent.") % {"number": accession})
    rest = queries.to_verify()
    return redirect("labs:verify", rest[0]["accession"]) if rest else redirect("labs:verify_list")


@require_POST
@reads(Permission.LAB_VERIFY)
def give_back(request: Request, accession: str) -> HttpResponse:
    actions.give_back(accession, reason=request.POST.get("reason", ""), actor=request.actor)
    messages.success(request, _("%(number)s went back to the technician.") % {"number": accession})
    return redirect("labs:verify_list")


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.LAB_VERIFY)
def amend(request: Request, accession: str) -> HttpResponse:
    """A corrected report in the place of a signed one."""
    sample = _sample(accession)
    context: Context = {"form_id": uuid7(), "reason": request.POST.get("reason", "")}
    status = 200
    if request.method == "POST":
        form = AmendForm(request.POST)
        try:
            if form.is_valid():
                told = {**form.cleaned_data, "typed": typed_of(request.POST)}
                actions.amend(sample.accession, **told, actor=request.actor)
                messages.success(request, _("The corrected report is signed."))
                return redirect("labs:result", sample.accession)
            context["refused"] = next(iter(form.errors.values()))[0]
        except Refused as no:
            context["refused"] = no.sentence
        status = 422
    context = {**_grid(sample), **context, "amending": True}
    for row in context["sheet"].rows if status == 422 else ():
        row.value = request.POST.get(row.key, row.value)
    return page(request, "labs/amend.html", context=context, status=status)
