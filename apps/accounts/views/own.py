"""The own page: who I am here, how my screen looks, my PIN."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import actions, queries, sessions
from apps.accounts.cookies import remember_language
from apps.accounts.forms import PinForm, PreferencesForm
from apps.core.errors import Refused
from apps.core.guards import logged_in
from apps.core.http import Request, page

LOOKS = ("language", "text_size", "theme", "contrast", "letter_keys")


@require_GET
@logged_in
def me(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
@logged_in
def preferences(request: Request) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, looks=form, status=422)
    actions.keep_preferences(request.user.pk, **form.cleaned_data, actor=request.actor)
    messages.success(request, _("Saved."), "ok")
    response = redirect("accounts:me")
    remember_language(response, form.cleaned_data["language"])
    return response


@require_POST
@logged_in
@sensitive_post_parameters("password", "pin")
def pin(request: Request) -> HttpResponse:
    form = PinForm(request.user, request.POST)
    if form.is_valid():
        try:
            actions.set_pin(request.user.pk, form.cleaned_data["pin"], actor=request.actor)
        except Refused as refusal:
            form.add_error("pin", refusal.sentence)
        else:
            messages.success(request, _("Your PIN is set."), "ok")
            return redirect("accounts:me")
    return _page(request, pin_form=form, status=422)


def _page(
    request: Request,
    *,
    looks: PreferencesForm | None = None,
    pin_form: PinForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    context = {
        "looks": looks or PreferencesForm({name: getattr(user, name) for name in LOOKS}),
        "pin_form": pin_form or PinForm(user),
        "postings": [p for p in queries.postings_of(user.pk) if not p.is_over],
        "sessions": sessions.open_sessions(user.pk, this=request.session.get("login", "")),
        "badge": sessions.own_badge(user.pk),
        "is_shared": bool(request.session.get(sessions.LOCK_KEY)),
        "has_second_factor": queries.has_second_factor(user.pk),
    }
    return page(request, "accounts/me.html", context=context, status=status)
