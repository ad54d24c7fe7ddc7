"""The shared computer: lock, PIN, another person, its list; log-ins and who may end them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import actions, entering, locking, queries, sessions
from apps.accounts.cookies import remember_language
from apps.accounts.forms import EnrolForm, SwitchForm
from apps.accounts.views.staff import form_id_of
from apps.core.errors import Refused
from apps.core.guards import logged_in, open_to_all, reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission

COOKIE_AGE = 400 * 86400


def _back(request: Request) -> str:
    """Where the person was going; only an address of this host."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("home")


def _aside(request: Request) -> bool:
    """Asked by a script, which keeps the page as it stands."""
    return bool(request.headers.get("X-Outbox"))


@never_cache
@require_http_methods(["GET", "POST"])
@logged_in
def lock(request: Request) -> HttpResponse:
    """GET: the locked screen. POST locks now; without a shared computer it only goes back."""
    if request.method == "POST":
        locking.lock(request, by="hand" if "hand" in request.POST else "idle")
        if _aside(request):
            return HttpResponse(status=204)
        return redirect(f"{reverse('accounts:lock')}?next={_back(request)}")
    if not request.session.get(sessions.LOCKED_KEY):
        return redirect(_back(request))
    return page(request, "accounts/lock.html", context={"next": _back(request)})


@never_cache
@require_POST
@logged_in
@sensitive_post_parameters("pin")
def unlock(request: Request) -> HttpResponse:
    """The PIN of the person who is logged in: the same session goes on."""
    said = ""
    try:
        actions.check_pin(request.user.pk, request.POST.get("pin", ""), actor=request.actor)
    except Refused as refused:
        said = refused.sentence
    if said:
        if _aside(request):
            return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
        context = {"next": _back(request), "said": said}
        return page(request, "accounts/lock.html", context=context, status=422)
    locking.unlock(request)
    return HttpResponse(status=204) if _aside(request) else redirect(_back(request))


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
@sensitive_post_parameters("pin", "badge")
def switch(request: Request) -> HttpResponse:
    """Everybody who logged in fully on this computer today: a face and a PIN, or a badge."""
    workstation = entering.here(request)
    if workstation is None:
        return redirect("account_login")
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if badge := form.cleaned_data["badge"]:
                user, how = actions.come_back_by_badge(workstation, badge), "badge"
            else:
                told = form.cleaned_data
                user, how = actions.come_back(workstation, told["user"], pin=told["pin"]), "pin"
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            entering.switch(request, user, how=how)
            response = redirect(_back(request))
            remember_language(response, user.language)
            return response
    context = {
        "form": form,
        "workstation": workstation,
        "faces": sessions.faces(workstation),
        "chosen": request.POST.get("user") or request.GET.get("user", ""),
        "next": request.GET.get("next", ""),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "accounts/switch.html", context=context, status=status)


@require_POST
@open_to_all
def make_room(request: Request) -> HttpResponse:
    """Whoever sat here leaves, with the face still on the computer; the next one has to log in."""
    entering.make_room(request)
    return redirect("account_login")


@require_POST
@logged_in
def awake(request: Request) -> HttpResponse:
    """Somebody is typing: the lock and the end of the session move away."""
    return HttpResponse(status=204)


@require_GET
@reads(Permission.FACILITY_CONFIG)
def devices(request: Request) -> HttpResponse:
    """The shared computers of the actor's places. 2 queries."""
    return _devices(request)


def _devices(request: Request, form: EnrolForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "rows": sessions.workstations(request.actor),
        "here": entering.here(request),
        "form": form or EnrolForm(initial={"id": uuid7()}),
        "lock_minutes": settings.LOCK_AFTER_S // 60,
        "hours": settings.PIN_SWITCH_HOURS,
    }
    return page(request, "accounts/devices.html", context=context, status=status)


@require_POST
@reads(Permission.FACILITY_CONFIG)
def enrol(request: Request) -> HttpResponse:
    """This browser becomes a shared computer; its people log in fully once a day."""
    form = EnrolForm(request.POST)
    if form.is_valid():
        try:
            made = actions.enrol_workstation(**form.cleaned_data, actor=request.actor)
        except Refused as refused:
            form.add_error("name", refused.sentence)
        else:
            messages.success(
                request,
                _("%(name)s is now a shared computer. Log out; everybody logs in once a day.")
                % {"name": made.name},
                "ok",
            )
            response = redirect("accounts:devices")
            response.set_cookie(  # no domain: it goes to this hospital's host alone
                sessions.COOKIE, sessions.cookie_of(made), max_age=COOKIE_AGE, httponly=True,
                secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
            )  # fmt: skip
            return response
    return _devices(request, form, 422)


@require_POST
@reads(Permission.FACILITY_CONFIG)
def revoke_device(request: Request, workstation_id: UUID) -> HttpResponse:
    actions.revoke_workstation(workstation_id, actor=request.actor)
    messages.success(request, _("This computer is not shared any more. All are logged out."), "ok")
    return redirect("accounts:devices")


def _end_one(request: Request, user_id: UUID, log_in_id: UUID) -> None:
    actions.end_session(log_in_id, user_id=user_id, actor=request.actor)
    messages.success(request, _("Signed out there."), "ok")


def _end_all(request: Request, user_id: UUID, *, spared: str = "") -> None:
    count = actions.end_all_sessions(user_id, but=spared, actor=request.actor)
    said = ngettext("Signed out at %(n)s place.", "Signed out at %(n)s places.", count)
    messages.success(request, said % {"n": count}, "ok")


@require_POST
@logged_in
def end_one(request: Request, log_in_id: UUID) -> HttpResponse:
    _end_one(request, request.user.pk, log_in_id)
    return redirect("accounts:me")


@require_POST
@logged_in
def end_all(request: Request) -> HttpResponse:
    """Everywhere but here."""
    _end_all(request, request.user.pk, spared=request.session.get(sessions.LOGIN_KEY, ""))
    return redirect("accounts:me")


@require_POST
@reads(Permission.USER_CREATE)
def end_one_of(request: Request, user_id: UUID, log_in_id: UUID) -> HttpResponse:
    _end_one(request, user_id, log_in_id)
    return redirect("accounts:person", user_id)


@require_POST
@reads(Permission.USER_CREATE)
def end_all_of(request: Request, user_id: UUID) -> HttpResponse:
    _end_all(request, user_id)
    return redirect("accounts:person", user_id)


@require_POST
@reads(Permission.USER_CREATE)
def badge(request: Request, user_id: UUID) -> HttpResponse:
    """A new badge to print and wear; the former one is void."""
    person = queries.person(user_id, actor=request.actor)
    form_id = form_id_of(request)
    secret = actions.issue_badge(user_id, id=form_id, actor=request.actor)
    titles = [p.title for p in queries.postings_of(user_id) if p.is_in_force]
    context = {"person": person, "secret": secret, "title": titles[0] if titles else ""}
    return page(request, "accounts/badge.html", context=context, status=201)


@require_POST
@reads(Permission.USER_CREATE)
def badge_off_of(request: Request, user_id: UUID) -> HttpResponse:
    actions.revoke_badge(user_id, actor=request.actor)
    messages.success(request, _("The badge is void."), "ok")
    return redirect("accounts:person", user_id)


@require_POST
@logged_in
def badge_off(request: Request) -> HttpResponse:
    """My badge is lost."""
    actions.revoke_badge(request.user.pk, actor=request.actor)
    messages.success(request, _("The badge is void."), "ok")
    return redirect("accounts:me")
