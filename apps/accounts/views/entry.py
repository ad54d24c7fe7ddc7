"""Coming in: the first page, choosing where to work, a forgotten password, the language."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import actions, queries
from apps.accounts.cookies import remember_language
from apps.accounts.forms import ForgotForm, NewPasswordForm
from apps.accounts.nav import first_page
from apps.core.errors import Forbidden, Refused
from apps.core.guards import logged_in, open_to_all
from apps.core.http import Request, page
from apps.core.tenancy import in_training
from apps.facilities import live

RESET_KEY = "reset_code_id"


@open_to_all
def locked_out(request: Request, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong passwords for one name: closed for a quarter of an hour."""
    until = queries.locked_until(request, (credentials or {}).get("username") or "")
    return render(request, "account/locked.html", {"until": until}, status=429)


@open_to_all
def slow_down(request: Request, exception: Exception | None = None) -> HttpResponse:
    """Too many requests of one kind from one address."""
    return render(request, "account/locked.html", status=429)


@require_GET
@logged_in
def home(request: Request) -> HttpResponse:
    """Straight to the work of today's role; without a right here, why not and where instead."""
    if request.actor.is_posted:
        address = first_page(request)
        return redirect(address) if address else page(request, "home.html")
    work = queries.by_place(queries.workplaces(request.user.pk))
    places = [place for place in work if place.is_open]
    if request.facility is None and places:
        return redirect(places[0].url) if len(places) == 1 else redirect("accounts:duty")
    request.refusal = Forbidden("posting")
    context = {"why": request.absence(), "places": places}
    return page(request, "accounts/not_posted.html", context=context, status=403)


@require_GET
@logged_in
def duty(request: Request) -> HttpResponse:
    """Every place where this person works today, each with its address."""
    postings = queries.workplaces(request.user.pk)
    return page(request, "accounts/duty.html", context={"places": queries.by_place(postings)})


@require_http_methods(["GET", "POST"])
@open_to_all
@never_cache
def forgot(request: Request) -> HttpResponse:
    """Ask for a code. The answer is the same whether the account exists or not."""
    if in_training():  # nothing is sent from here: the code comes from the hospital's own page
        home = live.hospital(request.facility.trains_for)
        return redirect(f"{home.url if home else live.address()}{request.path}")
    form = ForgotForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            return page(request, "accounts/forgot.html", context={"form": form}, status=422)
        login = form.cleaned_data["login"]
        if not ratelimit.consume(request, action="reset_password", key=login):
            return slow_down(request)
        request.session[RESET_KEY] = str(actions.ask_code(login))
        return redirect("account_reset_password_code")
    return page(request, "accounts/forgot.html", context={"form": form})


@require_http_methods(["GET", "POST"])
@open_to_all
@never_cache
@sensitive_post_parameters("password", "code")
def forgot_code(request: Request) -> HttpResponse:
    """The code from the phone and the new password, on one page."""
    code_id = request.session.get(RESET_KEY)
    if code_id is None:
        return redirect("account_reset_password")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            typed = form.cleaned_data
            actions.change_password_by_code(code_id, typed["code"], password=typed["password"])
        except Refused as refusal:
            form.add_error("code", refusal.sentence)
        else:
            del request.session[RESET_KEY]
            messages.success(request, _("Your password is changed. Log in with it."), "ok")
            return redirect("account_login")
    status = 422 if request.method == "POST" else 200
    return page(request, "accounts/forgot_code.html", context={"form": form}, status=status)


@require_POST
@open_to_all
def language(request: Request) -> HttpResponse:
    """Remember the language, in the profile too when somebody is logged in, and go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("home")
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(back)
    remember_language(response, chosen)
    if request.user.is_authenticated and chosen in ("hi", "en"):
        actions.keep_preferences(request.user.pk, language=chosen, actor=request.actor)
    return response
