"""The screen in the waiting hall: its own address, one machine, no log-in, no person's name."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core import limits
from apps.core.errors import Refused
from apps.core.guards import open_to_all, reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import pulse, queries
from apps.encounters.forms import ScreenForm
from apps.encounters.slip import qr
from apps.encounters.voice import voice_files
from apps.facilities import actions as facilities
from apps.facilities import devices, live
from apps.facilities import queries as places

COOKIE = "bhavya_tv"
YEAR_S = 365 * 86400
GUESSES_A_MINUTE = 20


def _cookie(code: str) -> str:
    return f"{COOKIE}_{devices.hashed(code)[:8]}"


def _screen(request: Request, code: str) -> devices.Screen:
    """The screen of this address, or Http404. Guessing is slowed down."""
    who = request.META["REMOTE_ADDR"]
    screen = devices.screen_of(request.facility.pk, code)
    if screen is not None and screen.kind == "tv":
        return screen
    if limits.count("tv.guess", who, window_s=60) > GUESSES_A_MINUTE:
        raise Refused("busy")
    raise Http404


@never_cache
@require_GET
@ensure_csrf_cookie
@open_to_all
def board(request: Request, code: str) -> HttpResponse:
    """The screen. The first machine that opens the address is bound to it by a cookie."""
    screen = _screen(request, code)
    secret = request.COOKIES.get(_cookie(code), "")
    if screen.revoked:
        return render(request, "encounters/tv_no.html", {"revoked": True}, status=410)
    if screen.is_free:
        try:
            secret = facilities.bind_device(devices.device(screen.id))
        except Refused:
            return render(request, "encounters/tv_no.html", status=403)
    elif not screen.knows(secret):
        return render(request, "encounters/tv_no.html", status=403)
    state = queries.board(screen.config.get("rooms", ()))
    config = places.config(request.facility)
    context = {
        "screen": screen,
        "code": code,
        "state": state,
        "languages": {"hi": "hi", "en": "en"}.get(screen.config.get("language", "hi"), "hi en"),
        "help_line": config.help_line,
        "voice": voice_files() if screen.config.get("voice") else None,
        "wants_voice": bool(screen.config.get("voice")),
    }
    response = render(request, "encounters/tv.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response.set_cookie(
        _cookie(code), secret, max_age=YEAR_S, path="/tv/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@require_GET
@open_to_all
def board_now(request: Request, code: str) -> HttpResponse:
    """What the screen asks every four seconds: 304 while nothing changed, else at most 2 KB."""
    screen = _screen(request, code)
    if screen.revoked:
        return HttpResponse(status=410)
    if not screen.knows(request.COOKIES.get(_cookie(code), "")):
        return HttpResponse(status=409)
    mark = pulse.mark(request.facility.pk)
    tag = pulse.etag("tv", mark)
    if mark and (same := pulse.not_modified(request, tag)):
        return same
    devices.saw(screen)
    response = JsonResponse(
        queries.board(screen.config.get("rooms", ())), json_dumps_params={"separators": (",", ":")}
    )
    response["ETag"], response["Cache-Control"] = tag, "no-store"
    return response


# --- the manager's page of screens -----------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.FACILITY_CONFIG)
def screens(request: Request) -> HttpResponse:
    """All screens of the hospital; POST adds one and shows its address once."""
    form = ScreenForm(
        request.POST or None, config=places.config(request.facility),
        initial={"id": uuid7(), "language": "hi", "voice": True},
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        if form.is_valid():
            told = form.cleaned_data
            device, code = facilities.add_device(
                request.facility.pk, id=told["id"], kind="tv", name=told["name"],
                config=form.config, actor=request.actor,
            )  # fmt: skip
            return _shown_once(request, device.name, code) if code else redirect("encounters:tvs")
        status = 422
    context = {"rows": _rows(request), "form": form, "voice": voice_files() is not None}
    return page(request, "encounters/tvs.html", context=context, status=status)


def _rows(request: Request) -> list[dict[str, Any]]:
    return [
        {"device": row, "rooms": ", ".join(map(_room_word, row.config.get("rooms", ())))}
        for row in devices.devices_of(request.facility.pk)
        if row.kind == "tv"
    ]


def _room_word(code: str) -> str:
    words = {"@vitals": _("Vitals"), "@lab": _("Laboratory"), "@pharmacy": _("Medicine")}
    return words.get(code, code)


def _shown_once(request: Request, name: str, code: str) -> HttpResponse:
    address = f"{live.address(request.facility.slug)}/tv/{code}"
    context = {"name": name, "address": address, "qr": qr(address)}
    return page(request, "encounters/tv_address.html", context=context)


@require_POST
@reads(Permission.FACILITY_CONFIG)
def screen_change(request: Request, device_id: UUID) -> HttpResponse:
    """`what`: release (new address, next machine is bound) or revoke (dark)."""
    what = request.POST.get("what")
    if what == "release":
        code = facilities.release_device(device_id, actor=request.actor)
        return _shown_once(request, devices.device(device_id).name, code)
    if what == "revoke":
        device = facilities.revoke_device(device_id, actor=request.actor)
        messages.success(request, _("%(name)s is switched off.") % {"name": device.name})
    return redirect("encounters:tvs")
