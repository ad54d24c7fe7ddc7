"""Patients' pages: the slip's link on a hospital's host, the family's papers on the State host.

Every page works without a script. Nothing here is kept by the browser or found by a search.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core import limits
from apps.core.errors import Refused
from apps.core.guards import open_to_all
from apps.core.http import Request
from apps.core.tenancy import facility_context
from apps.documents import queries as documents
from apps.documents.download import answer
from apps.encounters import queries as encounters
from apps.facilities import live
from apps.portal import actions, queries, session
from apps.portal.forms import CodeForm, MobileForm, SecretForm, fault

SLIP_COOKIE, SLIP_SECONDS = "bhavya_s", 30 * 60
GUESSES_A_MINUTE = 60
TOO_MANY = {"portal.too_many", "slip.locked"}


def _page(
    request: Request, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of its reader alone. The policy `same-origin` tells other sites nothing; the
    stricter one would take away the origin by which our own forms are known."""
    response = render(request, f"portal/{template}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def _rendition(request: Request) -> str:
    """The file that `?lang=&paper=` names; the page's language and A5 by themselves."""
    name = f"{request.GET.get('lang') or get_language()}-{request.GET.get('paper', 'a5')}"
    if name not in documents.RENDITIONS:
        raise Http404
    return name


def _being_made(request: Request, document: Any, name: str, back: str) -> HttpResponse:
    """A card that asks again by itself every two seconds until the file is there."""
    document.refresh_from_db()
    file = documents.rendition(document, name)
    here = f"{request.path}?lang={file.language}&paper={file.paper}"
    context = {"file": file, "back": back, "here": here}
    return _page(request, "making", context, status=202)


# --- the slip's link: one visit, no account --------------------------------------------------


def _visit(request: Request, code: str) -> Any:
    """The visit of this slip, or Http404. Guessing codes is slowed down: only wrong ones count,
    for a whole hall may stand behind one address of the mobile network."""
    if limits.tries("slip.look", request.META["REMOTE_ADDR"]) >= GUESSES_A_MINUTE:
        raise Refused("slip.locked")
    visit = queries.visit_of_code(code)
    if visit is None:
        limits.count("slip.look", request.META["REMOTE_ADDR"], window_s=60)
        raise Http404
    return visit


def _confirmed(request: Request, visit: Any) -> bool:
    kept = request.get_signed_cookie(
        SLIP_COOKIE, default="", salt="portal.slip", max_age=SLIP_SECONDS
    )
    return kept == str(visit.pk)


@require_http_methods(["GET", "POST"])
@open_to_all
def slip(request: Request, code: str) -> HttpResponse:
    """Before signing: the place in the queue. After: the paper, for whoever knows the patient."""
    try:
        visit = _visit(request, code)
    except Http404:
        return _page(request, "unknown", {}, status=404)
    except Refused as no:
        return _page(request, "unknown", {"sentence": no.sentence}, status=429)
    document = documents.current_of_encounter(visit.pk)
    place = queries.place_in_queue(visit)
    if document is None:
        return _page(request, "token", {"place": place, "code": code})
    if request.method == "POST":
        return _confirm(request, visit, document)
    goes_on = place if place["state"] != "over" else None  # to the laboratory, to the medicine
    if not _confirmed(request, visit):
        return _page(request, "confirm", {"form": SecretForm(), "place": goes_on, "code": code})
    actions.open_paper(document)
    files = {file.name.replace("-", "_"): file for file in documents.renditions(document)}
    context = {"doc": document.content, "files": files, "code": code, "place": goes_on}
    return _page(request, "slip", context)


@require_GET
@open_to_all
def place(request: Request, code: str) -> HttpResponse:
    """The place alone, asked for every 15 seconds; 304 and no query while no queue changed."""
    mark = queries.place_mark(request.facility.pk)
    tag = encounters.etag("place", mark, get_language())
    if mark and (same := encounters.not_modified(request, tag)):
        return same
    try:
        visit = _visit(request, code)
    except (Http404, Refused):
        return HttpResponse(status=404)
    response = _page(request, "_place", {"place": queries.place_in_queue(visit)})
    if mark:
        response["ETag"] = tag
    return response


def _confirm(request: Request, visit: Any, document: Any) -> HttpResponse:
    form = SecretForm(request.POST)
    if not form.is_valid():
        return _page(request, "confirm", {"form": form, "fault": fault(form)}, status=422)
    try:
        actions.confirm_slip(
            visit, document, form.cleaned_data["number"], origin=request.META["REMOTE_ADDR"]
        )
    except Refused as no:
        status = 429 if no.code in TOO_MANY else 422
        return _page(request, "confirm", {"form": form, "fault": no.sentence}, status=status)
    response = redirect("portal:slip", visit.code)
    response.set_signed_cookie(
        SLIP_COOKIE,
        str(visit.pk),
        salt="portal.slip",
        max_age=SLIP_SECONDS,
        path=response["Location"],
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_GET
@open_to_all
def slip_pdf(request: Request, code: str) -> HttpResponse:
    """The visit's paper as a file, for whoever has confirmed."""
    name = _rendition(request)
    visit = _visit(request, code)
    document = documents.current_of_encounter(visit.pk)
    if document is None or not _confirmed(request, visit):
        return redirect("portal:slip", code)
    data = actions.paper_pdf(document, name, again="again" in request.GET)
    if data is None:
        return _being_made(request, document, name, f"/s/{code}")
    return answer(request, document, name, data)


# --- the family's papers: mobile number and one-time code ------------------------------------


def _entered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for whoever typed the code; everybody else is asked for the mobile first."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        visitor = session.visitor(request)
        if visitor is None or not visitor.entered:
            return redirect("portal:enter")
        return view(request, visitor, *args, **kwargs)

    return checked


@require_http_methods(["GET", "POST"])
@open_to_all
def enter(request: Request) -> HttpResponse:
    """The mobile number. The answer is the same whether we know it or not."""
    form = MobileForm(request.POST or None)
    if request.method == "GET":
        return _page(request, "enter", {"form": form})
    if not form.is_valid():
        return _page(request, "enter", {"form": form, "fault": fault(form)}, status=422)
    mobile = form.cleaned_data["number"]
    try:
        hashed = actions.request_code(
            mobile, language=get_language() or "hi", origin=request.META["REMOTE_ADDR"]
        )
    except Refused as no:
        return _page(request, "enter", {"form": form, "fault": no.sentence}, status=429)
    response = redirect("portal:code")
    session.begin(response, mobile_hash=hashed, tail=mobile[-2:], entered=False)
    return response


@require_http_methods(["GET", "POST"])
@open_to_all
def code(request: Request) -> HttpResponse:
    """The six digits of the message."""
    visitor = session.visitor(request)
    if visitor is None:
        return redirect("portal:enter")
    context: dict[str, Any] = {"tail": visitor.tail, "form": CodeForm()}
    if request.method == "GET":
        return _page(request, "code", context)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, "code", {**context, "fault": fault(form)}, status=422)
    try:
        actions.check_code(visitor.mobile_hash, form.cleaned_data["number"])
    except Refused as no:
        return _page(request, "code", {**context, "fault": no.sentence}, status=422)
    response = redirect("portal:home")
    session.end(request, response)
    session.begin(response, mobile_hash=visitor.mobile_hash, tail=visitor.tail, entered=True)
    return response


@require_POST
@open_to_all
def leave(request: Request) -> HttpResponse:
    response = redirect("portal:enter")
    session.end(request, response)
    return response


def _family(request: Request, visitor: session.Visitor) -> dict[str, Any]:
    """The chips, and whose papers are shown: `?who=`, or the first of the family."""
    members = queries.family(visitor.mobile_hash)
    asked = request.GET.get("who", "")
    chosen = next((m for m in members if m.key == asked), members[0] if members else None)
    return {"members": members, "chosen": chosen}


@require_GET
@open_to_all
@_entered
def home(request: Request, visitor: session.Visitor) -> HttpResponse:
    """One person's prescriptions of all hospitals, newest first."""
    context = _family(request, visitor)
    papers = queries.papers(context["chosen"]) if context["chosen"] else []
    lead = next((paper.id for paper in papers if paper.is_prescription), None)
    context |= {"papers": papers, "lead": lead, "next": queries.next_visit(papers), "here": "home"}
    return _page(request, "home", context)


@require_GET
@open_to_all
@_entered
def seen(request: Request, visitor: session.Visitor) -> HttpResponse:
    """Who opened this person's record, to whom it was shown by consent, and who asked for more."""
    context = _family(request, visitor)
    chosen = context["chosen"]
    rows = queries.openings(chosen) if chosen else []
    context |= {
        "rows": rows,
        "consents": queries.consents(chosen) if chosen else [],
        "asked": queries.asked_elsewhere(chosen) if chosen else [],
        "here": "seen",
    }
    return _page(request, "seen", context)


@require_GET
@open_to_all
def help_page(request: Request) -> HttpResponse:
    visitor = session.visitor(request)
    return _page(request, "help", {"here": "help", "entered": bool(visitor and visitor.entered)})


def _own(visitor: session.Visitor, place: live.Place, document_id: UUID) -> Any:
    """This mobile's document of the hospital we stand in; Http404 for anybody else's."""
    document = queries.own_document(visitor.mobile_hash, place.id, document_id)
    if document is None:
        raise Http404
    return document


def _open_place(facility_id: UUID) -> live.Place:
    place = live.hospital(facility_id)
    if place is None or not place.is_open:
        raise Http404
    return place


@require_GET
@open_to_all
@_entered
def paper(
    request: Request, visitor: session.Visitor, facility_id: UUID, document_id: UUID
) -> HttpResponse:
    """One prescription with its doses as pictures."""
    place = _open_place(facility_id)
    with facility_context(place.id):
        document = _own(visitor, place, document_id)
        actions.open_paper(document)
        files = {file.name.replace("-", "_"): file for file in documents.renditions(document)}
        context = {"document": document, "doc": document.content, "files": files,
                   "place": place, "here": "home"}  # fmt: skip
    return _page(request, "paper", context)


@require_GET
@open_to_all
@_entered
def paper_pdf(
    request: Request, visitor: session.Visitor, facility_id: UUID, document_id: UUID
) -> HttpResponse:
    name = _rendition(request)
    place = _open_place(facility_id)
    with facility_context(place.id):
        document = _own(visitor, place, document_id)
        name = documents.file_of(document, name)
        data = actions.paper_pdf(document, name, again="again" in request.GET)
        if data is None:
            back = f"/p/rx/{place.id}/{document_id}/"
            return _being_made(request, document, name, back)
        return answer(request, document, name, data)
