"""API keys on the State host: the list, a new one shown once, one taken back."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import actions, api_keys, queries
from apps.accounts.forms import KeyForm
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission

FIELD_OF = {
    "key.nameless": "programme",
    "key.no_scope": "scopes",
    "key.personal": "scopes",
    "key.dates": "last_day",
}
USUAL = timedelta(days=180)


@require_GET
@reads(Permission.ROLE_ASSIGN)
def key_list(request: Request) -> HttpResponse:
    """The keys of the actor's places. 1-5 queries."""
    return page(request, "accounts/keys.html", context={"rows": api_keys.rows(request.actor)})


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.ROLE_ASSIGN)
@sensitive_variables("secret")
def key_new(request: Request) -> HttpResponse:
    """A new key; the answer shows it this once."""
    if request.method == "GET":
        known = {"id": uuid7(), "last_day": queries.today() + USUAL}
        form = KeyForm(actor=request.actor, initial=known)
        return page(request, "accounts/key_new.html", context={"form": form})
    form = KeyForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            made, secret = actions.create_api_key(**form.key(), actor=request.actor)
        except Refused as refused:
            form.add_error(FIELD_OF.get(refused.code), refused.sentence)
        else:
            context = {"made": made, "secret": secret}
            return page(request, "accounts/key_shown.html", context=context, status=201)
    return page(request, "accounts/key_new.html", context={"form": form}, status=422)


@require_POST
@reads(Permission.ROLE_ASSIGN)
def key_revoke(request: Request, key_id: UUID) -> HttpResponse:
    actions.revoke_api_key(key_id, actor=request.actor)
    messages.success(request, _("The key is taken back. It opens nothing any more."), "ok")
    return redirect("keys:list")
