"""The ABHA desk of one patient: one page, one step at a time, each a plain form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from apps.abdm import desk, queries
from apps.abdm.actions import abha, abha_account, abha_ways
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.documents import scans
from apps.patients import queries as patients

KEY = "abha-desk"
ENDS = ("abha.over", "abha.otp_spent", "abha.taken", "abha.other", "abha.face_failed")
Step = Callable[[Request, UUID, Any], desk.Talk | None]


def _ask(request: Request, patient_id: UUID, talk: Any) -> desk.Talk:
    told, by = request.POST.get("told", ""), request.POST.get("by", "")
    child = request.POST.get("child") == "1"
    return abha.ask(patient_id, told, by=by, child=child, actor=request.actor)


def _aadhaar(request: Request, patient_id: UUID, talk: Any) -> desk.Talk:
    consent = request.POST.get("consent") == "1"
    told = request.POST.get("aadhaar", "")
    return abha.ask_with_aadhaar(patient_id, told, consent=consent, actor=request.actor)


def _answer(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    told = request.POST
    code, mobile = told.get("otp", ""), told.get("mobile", "")
    if talk.step == "new-mobile":
        return abha_account.prove_new_mobile(patient_id, talk, code, actor=request.actor)
    if talk.way == "licence":
        return abha_account.prove_licence_mobile(patient_id, talk, code, actor=request.actor)
    return abha.answer(patient_id, talk, code, mobile=mobile, actor=request.actor)


def _choose(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    """The account is named by its place in the list: no ABHA number stands in the page."""
    place = request.POST.get("account", "")
    chosen = [one["number"] for n, one in enumerate(talk.accounts) if str(n) == place]
    return abha.choose(patient_id, talk, "".join(chosen), actor=request.actor)


def _address(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    told = request.POST.get("own", "").strip() or request.POST.get("stem", "")
    return abha.take_address(patient_id, talk, told, actor=request.actor)


def _skip(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    if talk.step == "new-mobile":
        return abha_account.leave(patient_id, talk, actor=request.actor)
    return abha.skip(patient_id, talk, actor=request.actor)


def _link(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    sure = request.POST.get("sure") == "1"
    return abha.link(patient_id, talk, sure=sure, actor=request.actor)


def _demographics(request: Request, patient_id: UUID, talk: Any) -> desk.Talk:
    told = request.POST
    return abha_ways.by_demographics(
        patient_id, told.get("aadhaar", ""), name=told.get("name", ""), born=told.get("born", ""),
        mobile=told.get("mobile", ""), consent=told.get("consent") == "1", actor=request.actor,
    )  # fmt: skip


def _scan(request: Request, patient_id: UUID, talk: Any) -> desk.Talk:
    told = request.POST
    return abha_ways.by_scan(
        patient_id, told.get("kind", ""), told.get("aadhaar", ""), posted=told.get("pid", ""),
        mobile=told.get("mobile", ""), consent=told.get("consent") == "1", actor=request.actor,
    )  # fmt: skip


def _face(request: Request, patient_id: UUID, talk: Any) -> desk.Talk:
    return abha_ways.face_begin(patient_id, actor=request.actor)


def _face_done(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    told = request.POST
    return abha_ways.face_done(
        patient_id, talk, told.get("aadhaar", ""), mobile=told.get("mobile", ""),
        consent=told.get("consent") == "1", actor=request.actor,
    )  # fmt: skip


def _child(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    """By the place in the list, or "new"; anything else is nobody."""
    place, consent = request.POST.get("account", ""), request.POST.get("consent") == "1"
    chosen = [one["number"] for n, one in enumerate(talk.accounts) if str(n) == place]
    number = "" if place == "new" else "".join(chosen) or "?"
    return abha_ways.take_child(patient_id, talk, number, consent=consent, actor=request.actor)


def _find(request: Request, patient_id: UUID, talk: Any) -> desk.Talk:
    told, child = request.POST.get("told", ""), request.POST.get("child") == "1"
    return abha_account.find(patient_id, told, child=child, actor=request.actor)


def _found(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    place, by = request.POST.get("account", ""), request.POST.get("by", "")
    return abha_account.take_found(patient_id, talk, place, by=by, actor=request.actor)


def _new_mobile(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    told = request.POST.get("mobile", "")
    return abha_account.ask_new_mobile(patient_id, talk, told, actor=request.actor)


def _email(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    told = request.POST.get("email", "")
    return abha_account.ask_email(patient_id, talk, told, actor=request.actor)


def _licence(request: Request, patient_id: UUID, talk: Any) -> desk.Talk:
    told, consent = request.POST.get("mobile", ""), request.POST.get("consent") == "1"
    return abha_account.ask_licence(patient_id, told, consent=consent, actor=request.actor)


def _licence_told(request: Request, patient_id: UUID, talk: desk.Talk) -> desk.Talk:
    """A photo that is too large is not read at all."""
    files = [request.FILES.get(side) for side in ("front", "back")]
    if any((file.size or 0) > scans.MOST_BYTES for file in files if file):
        raise Refused("scan.too_large", limit_mb=scans.MOST_BYTES // 1024 // 1024)
    photos = [file.read() for file in files if file]
    told = {name: str(value) for name, value in request.POST.items()}
    return abha_account.enrol_licence(patient_id, talk, told, photos=photos, actor=request.actor)


BEGINS = ("ask", "aadhaar", "demographics", "scan", "face", "find", "licence")
STEPS: dict[str, Step] = {
    "ask": _ask, "aadhaar": _aadhaar, "answer": _answer, "choose": _choose, "address": _address,
    "skip": _skip, "link": _link, "demographics": _demographics, "scan": _scan, "face": _face,
    "face-done": _face_done, "child": _child, "find": _find, "found": _found,
    "new-mobile": _new_mobile, "email": _email, "licence": _licence,
    "licence-told": _licence_told,
}  # fmt: skip


@never_cache
@sensitive_post_parameters("aadhaar", "otp", "told", "mobile", "name", "born", "pid", "email",
                           "licence", "address", "district", "pin")  # fmt: skip
@require_http_methods(["GET", "POST"])
@reads(Permission.ABHA_LINK)
def abha_desk(request: Request, patient_id: UUID) -> HttpResponse:
    """Where the talk stands, and its next step. 3 queries to look at it."""
    patient = patients.patient(patient_id)
    if patient is None:
        raise Http404
    if patient.replaced_by_id is not None:
        return redirect("abdm:abha", patient.replaced_by_id)
    talk, refused = _kept(request, patient_id), None
    if request.method == "POST":
        do = request.POST.get("do", "")
        try:
            _keep(request, patient_id, _next(request, patient_id, talk, do))
            return redirect("abdm:abha", patient_id)
        except Refused as no:
            refused = no
        if refused.code in ENDS:
            talk = None
            _keep(request, patient_id, None)
        else:  # as before the step: a no changes nothing
            talk = _kept(request, patient_id)
    told = request.POST.get("told", "")
    context = {
        **queries.abha_desk(patient, talk),
        "refused": refused,
        "at": request.POST.get("do", ""),
        "wants_child": request.POST.get("child") == "1",
        "told": "" if patients.is_aadhaar(told) or told.startswith("{") else told,
        "typed": request.POST,
    }
    return page(request, "abdm/abha.html", context=context, status=422 if refused else 200)


def _next(request: Request, patient_id: UUID, talk: desk.Talk | None, do: str) -> desk.Talk | None:
    if do == "again":
        return None
    if do not in STEPS or (talk is None and do not in BEGINS):
        raise Refused("abha.over")
    return STEPS[do](request, patient_id, talk)


def _kept(request: Request, patient_id: UUID) -> desk.Talk | None:
    user_id = request.actor.user_id
    return desk.opened(request.session.get(KEY), user_id=user_id, patient_id=patient_id)


def _keep(request: Request, patient_id: UUID, talk: desk.Talk | None) -> None:
    """One talk at a time; the next patient's takes its place."""
    if talk is None:
        request.session.pop(KEY, None)
        return
    user_id = request.actor.user_id
    request.session[KEY] = desk.seal(talk, user_id=user_id, patient_id=patient_id)


@never_cache
@require_GET
@reads(Permission.ABHA_LINK)
def abha_card(request: Request, patient_id: UUID) -> HttpResponse:
    """The card of the ABHA that was just linked; `?save` to keep it as a file."""
    if patients.patient(patient_id) is None:
        raise Http404
    drawn, kind = abha.card(patient_id, _kept(request, patient_id), actor=request.actor)
    answer = HttpResponse(drawn, content_type=kind)
    how = "attachment" if "save" in request.GET else "inline"
    ending = kind.rpartition("/")[2]
    answer["Content-Disposition"] = f'{how}; filename="abha-card.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
