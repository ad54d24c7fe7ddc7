"""Papers on the hospital's host: their page with its files, the PDF, the print page, the check."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from apps.core import limits
from apps.core.errors import Refused
from apps.core.guards import open_to_all, reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.documents import actions, forms, queries
from apps.documents.download import answer
from apps.documents.kinds import REASONS, SCAN, right_of

CHECKS_A_MINUTE = 30
CHECK_STATUS = {"unknown": 404}


def _name(request: Request) -> str:
    """Which rendition `?lang=&paper=` asks for; Http404 for one that does not exist."""
    language = request.GET.get("lang", "hi")
    name = f"{language}-{request.GET.get('paper', 'a5')}"
    if name not in queries.RENDITIONS:
        raise Http404
    return name


def _opened(request: Request, document_id: UUID, rendition: str = "") -> Any:
    try:
        return actions.open_document(document_id, actor=request.actor, rendition=rendition)
    except ObjectDoesNotExist:
        raise Http404 from None


def _found(document_id: UUID) -> Any:
    document = queries.document(document_id)
    if document is None:
        raise Http404
    return document


def _files(document: Any) -> dict[str, Any]:
    files = queries.renditions(document)
    return {
        "document": document,
        "doc": document.content,
        "files": files,
        "waiting": any(file.status == "waiting" for file in files),
    }


@require_GET
@reads(Permission.DOC_PRINT)
def document(request: Request, document_id: UUID) -> HttpResponse:
    """The paper's head and its four files."""
    found = _opened(request, document_id)
    return page(request, "documents/document.html", "", _head(request, found))


def _head(request: Request, found: Any) -> dict[str, Any]:
    gone = queries.withdrawal(found)
    right = right_of(found.kind, found.form)
    return {
        **_files(found),
        "newer": queries.replaced_by(found.pk) if found.status == "superseded" else None,
        "older": found.supersedes_id,
        "why": REASONS.get(gone["reason"], "") if gone else "",
        "reasons": REASONS,
        # A prescription is taken back on the doctor's screen, with what hangs on it.
        "may_withdraw": found.form
        and found.status == "current"
        and request.actor.may(right)
        and (found.author_id == request.actor.user_id or "DS" in request.actor.roles),
    }


@require_POST
@reads(Permission.DOC_PRINT)
def withdraw(request: Request, document_id: UUID) -> HttpResponse:
    """Take a certificate, a list or a scan back, with a reason."""
    form = forms.WithdrawForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("document.reason")
        reason = form.cleaned_data["reason"]
        actions.withdraw_document(document_id, reason=reason, actor=request.actor)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as no:
        found = _opened(request, document_id)
        context = {**_head(request, found), "fault": no.sentence}
        return page(request, "documents/document.html", "", context, status=422)
    return redirect("documents:document", document_id)


@require_GET
@reads(Permission.DOC_PRINT)
def files(request: Request, document_id: UUID) -> HttpResponse:
    """How far the files are: a fragment that asks again until none waits. Holds no patient data."""
    found = _found(document_id)
    if not request.htmx:
        return redirect("documents:document", document_id)
    return page(request, "documents/document.html", "files", _files(found))


@require_POST
@reads(Permission.DOC_PRINT)
def ask(request: Request, document_id: UUID) -> HttpResponse:
    """Have one file drawn; also the Retry button."""
    try:
        found = actions.ask_rendition(
            document_id, rendition=request.POST.get("rendition", ""), actor=request.actor
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    if not request.htmx:
        return redirect("documents:document", document_id)
    return page(request, "documents/document.html", "files", _files(found), status=202)


@require_GET
@reads(Permission.DOC_PRINT)
def pdf(request: Request, document_id: UUID) -> HttpResponse:
    """The file; when it is not there yet, it is asked for and the paper's page shows how far."""
    name = _name(request)
    found = _opened(request, document_id, name)
    name = queries.file_of(found, name)
    data = queries.pdf(found, name)
    if data is None:
        if queries.rendition(found, name).status != "failed":  # that one waits for Retry
            actions.ask_rendition(document_id, rendition=name, actor=request.actor)
        return redirect("documents:document", document_id)
    return answer(request, found, name, data)


@require_GET
@reads(Permission.DOC_PRINT)
def print_page(request: Request, document_id: UUID) -> HttpResponse:
    """The same paper as HTML for the browser's own print dialogue; needs no worker."""
    name = _name(request)
    found = _opened(request, document_id, f"{name}-html")
    if found.form == SCAN:
        return redirect("documents:pdf", document_id)
    language, size = name.split("-")
    context = {"doc": found.content, "language": language, "size": size, "on_screen": True,
               "quiet": "frame" in request.GET}  # fmt: skip
    # The paper's language, whatever the reader's: its labels are part of it.
    with translation.override(language):
        return render(request, f"documents/{found.template}.html", context)


@require_GET
@open_to_all
def check(request: Request, code: str) -> HttpResponse:
    """Genuine or not: date and hospital, never who or what."""
    if limits.count("check", request.META["REMOTE_ADDR"], window_s=60) > CHECKS_A_MINUTE:
        return _public(render(request, "documents/check.html", {"result": "busy"}, status=429))
    result, found = actions.check_document(code)
    newer = queries.replaced_by(found.pk) if found and result == "superseded" else None
    context = {"result": result, "document": found, "newer": newer}
    status = CHECK_STATUS.get(result, 200)
    return _public(render(request, "documents/check.html", context, status=status))


def _public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
