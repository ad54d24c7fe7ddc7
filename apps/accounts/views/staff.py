"""The staff of a place: list, one person, new people, postings."""

import csv
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import actions, queries, registers, sessions
from apps.accounts.forms import (
    EndForm,
    ImportForm,
    PersonForm,
    PostingForm,
    ProfileForm,
    TransferForm,
)
from apps.accounts.forms.staff import COLUMNS
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission

PAGE = 50
CREATE, DEPLOY, ASSIGN = Permission.USER_CREATE, Permission.USER_DEPLOY, Permission.ROLE_ASSIGN


@require_GET
@reads(CREATE)
def people(request: Request) -> HttpResponse:
    """The staff within reach, searched and filtered. 6 queries."""
    asked = {name: request.GET.get(name, "") for name in ("text", "role", "status", "place")}
    found = queries.people(request.actor, **asked)
    sheet = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "sheet": sheet,
        "rows": queries.with_postings(sheet, seen_by=request.actor),
        "roles": queries.role_titles(),
        "places": [] if request.facility else queries.places_of(request.actor),
    }
    return page(request, "accounts/people.html", "rows", context)


@require_http_methods(["GET", "POST"])
@reads(CREATE)
@sensitive_variables("password")
def add(request: Request) -> HttpResponse:
    """One new person; the answer is the slip with the first password, shown this once."""
    if request.method == "GET":
        return page(request, "accounts/add.html",
                    context={"form": PersonForm(actor=request.actor)})  # fmt: skip
    form = PersonForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            user = actions.take_on(**form.person(), actor=request.actor)
        except Refused as refusal:
            form.add_error(_field_of(refusal), refusal.sentence)
        else:
            slips = [queries.slip(user, form_id=form.cleaned_data["id"])]
            context = {"slips": slips, "person": user}
            return page(request, "accounts/slips.html", context=context, status=201)
    return page(request, "accounts/add.html", context={"form": form}, status=422)


@require_http_methods(["GET", "POST"])
@reads(CREATE)
def import_list(request: Request) -> HttpResponse:
    """A list of people: preview with every problem by line, then all of them or nobody."""
    if request.method == "GET":
        return _import_page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, form, status=422)
    commit, list_id = "commit" in request.POST, form.cleaned_data["id"]
    try:
        lines = actions.import_people(
            form.cleaned_data["rows"], id=list_id, commit=commit, actor=request.actor
        )
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _import_page(request, form, status=422)
    bad = sum(bool(line.problems) for line in lines)
    if commit and not bad:
        slips = [queries.slip(line.user, password=line.password) for line in lines if line.user]
        return page(request, "accounts/slips.html", context={"slips": slips}, status=201)
    found = {"lines": lines, "bad": bad, "list_id": list_id}
    return _import_page(request, form, status=422 if bad else 200, **found)


def _import_page(
    request: Request, form: ImportForm, *, status: int = 200, **found: object
) -> HttpResponse:
    context = {"form": form, "roles": queries.roles_to_give(request.actor), **found}
    return page(request, "accounts/import.html", context=context, status=status)


@require_GET
@reads(CREATE)
def import_template(request: Request) -> HttpResponse:
    """The empty list, as spreadsheets open it: UTF-8 with its mark."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="staff.csv"'
    csv.writer(response).writerow(COLUMNS)
    return response


@require_GET
@reads(CREATE)
def person(request: Request, user_id: UUID) -> HttpResponse:
    return _person(request, user_id)


@require_POST
@reads(CREATE)
def profile(request: Request, user_id: UUID) -> HttpResponse:
    form = ProfileForm(request.POST)
    queries.person(user_id, actor=request.actor)
    if form.is_valid():
        try:
            actions.change_user(user_id, **form.cleaned_data, actor=request.actor)
        except Refused as refusal:
            form.add_error(_field_of(refusal), refusal.sentence)
        else:
            return _done(request, user_id, _("Saved."))
    return _person(request, user_id, profile=form)


@require_POST
@reads(DEPLOY, ASSIGN)
def post(request: Request, user_id: UUID) -> HttpResponse:
    queries.person(user_id, actor=request.actor)
    form = PostingForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            actions.post_user(user_id, **form.posting(), actor=request.actor)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _done(request, user_id, _("The posting is saved."))
    return _person(request, user_id, posting=form)


@require_POST
@reads(DEPLOY)
def transfer(request: Request, user_id: UUID, posting_id: UUID) -> HttpResponse:
    queries.person(user_id, actor=request.actor)
    form = TransferForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            actions.transfer(posting_id, **form.transfer(), actor=request.actor)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _done(request, user_id, _("The transfer is saved."))
    return _person(request, user_id, transfer=form, moving=posting_id)


@require_POST
@reads(DEPLOY, ASSIGN)
def end(request: Request, user_id: UUID, posting_id: UUID) -> HttpResponse:
    queries.person(user_id, actor=request.actor)
    form = EndForm(request.POST)
    if form.is_valid():
        actions.end_posting(posting_id, on=form.cleaned_data["on"], actor=request.actor)
        return _done(request, user_id, _("The last day of the posting is saved."))
    return _person(request, user_id, ending=form, moving=posting_id)


@require_POST
@reads(CREATE)
def close(request: Request, user_id: UUID) -> HttpResponse:
    actions.deactivate_user(user_id, actor=request.actor)
    return _done(request, user_id, _("The account is closed."))


@require_POST
@reads(CREATE)
def open_again(request: Request, user_id: UUID) -> HttpResponse:
    actions.reactivate_user(user_id, actor=request.actor)
    return _done(request, user_id, _("The account is open again."))


@require_POST
@reads(CREATE)
@sensitive_variables("password")
def reset_password(request: Request, user_id: UUID) -> HttpResponse:
    """A new first password, shown this once as a slip."""
    queries.person(user_id, actor=request.actor)
    password = actions.reset_password(user_id, id=form_id_of(request), actor=request.actor)
    user = queries.person(user_id, actor=request.actor)
    context = {"slips": [queries.slip(user, password=password)], "person": user}
    return page(request, "accounts/slips.html", context=context)


@require_POST
@reads(CREATE)
def reset_pin(request: Request, user_id: UUID) -> HttpResponse:
    actions.clear_pin(user_id, actor=request.actor)
    return _done(request, user_id, _("The PIN is taken away. A new one is set on the own page."))


def _person(request: Request, user_id: UUID, **forms: object) -> HttpResponse:
    """The page of one person; a form that was refused comes back in it with 422."""
    user = queries.person(user_id, actor=request.actor)
    known = {name: getattr(user, name) or "" for name in ProfileForm.base_fields}
    context = {
        "person": user,
        "postings": queries.postings_of(user_id, seen_by=request.actor),
        "profile": ProfileForm(initial=known),
        "posting": PostingForm(actor=request.actor, initial={"from_date": queries.today()}),
        "transfer": TransferForm(actor=request.actor),
        "ending": EndForm(initial={"on": queries.today()}),
        "reset_id": uuid7(),
        "sessions": sessions.open_sessions(user_id),
        "badge": sessions.own_badge(user_id),
        "numbers": registers.numbers(user),
        "gives_roles": request.actor.may(ASSIGN),
        "deploys": request.actor.may(DEPLOY),
        **forms,
    }
    return page(request, "accounts/person.html", context=context, status=422 if forms else 200)


def _done(request: Request, user_id: UUID, sentence: str) -> HttpResponse:
    messages.success(request, sentence, "ok")
    return redirect("accounts:person", user_id)


def form_id_of(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        raise Refused("form.incomplete") from None


def _field_of(refusal: Refused) -> str | None:
    """Beside which field a refusal of a person's data belongs."""
    return {"user.mobile_bad": "mobile", "user.mobile_taken": "mobile"}.get(refusal.code)
