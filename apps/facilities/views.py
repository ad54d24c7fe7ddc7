"""The register, bringing a hospital on board, its settings, its end."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Unseen
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.facilities import actions, queries
from apps.facilities.config import fingerprint
from apps.facilities.forms import FilterForm, OnboardForm, RetireForm, SettingsForm
from apps.facilities.templates_by_level import LEVELS, template_for

ONBOARD, CONFIG = Permission.FACILITY_ONBOARD, Permission.FACILITY_CONFIG


def _entry(request: Request, code: str) -> Any:
    """A hospital of the actor's own office. Another district's is "not there", and leaves a row."""
    entry = queries.entry(code)
    if entry is None:
        raise Http404
    if not queries.reaches(request.actor, entry):
        raise Unseen(ONBOARD)
    return entry


def _live(request: Request, code: str) -> tuple[Any, Any]:
    """The same, when it is on Bhavya in any status."""
    entry = _entry(request, code)
    facility = queries.facility_of(code)
    if facility is None:
        raise Http404
    return entry, facility


@require_GET
@reads(ONBOARD, CONFIG)
def register(request: Request) -> HttpResponse:
    asked = FilterForm(request.GET).values()
    listing = queries.listing(request.actor, **asked)
    wide = request.actor.scope == "state"
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "listing": listing,
        "asked": asked,
        "query": query.urlencode(),
        "levels": [*LEVELS, "BLOCK"],
        "districts": queries.districts() if wide else [],
        "office": queries.region("district", request.actor.place),
    }
    return page(request, "facilities/register.html", "list", context)


@require_GET
@reads(ONBOARD, CONFIG)
def hospital(request: Request, code: str) -> HttpResponse:
    entry = _entry(request, code)
    return page(request, "facilities/hospital.html", "card", _about(request, entry))


def _about(request: Request, entry: Any) -> dict[str, Any]:
    facility = queries.facility_of(entry.code)
    return {
        "entry": entry,
        "tenant": facility,
        "block_place": queries.region("block", entry.block_code),
        "district": queries.region("district", entry.district_code),
        "host": queries.address(facility, "") if facility else "",
        "level": LEVELS.get(entry.facility_type),
    }


@require_http_methods(["GET", "POST"])
@reads(ONBOARD)
def onboard(request: Request, code: str) -> HttpResponse:
    entry = _entry(request, code)
    if request.method == "POST":
        return _bring(request, entry)
    if queries.facility_of(code):
        return redirect("facilities:hospital", code=code)
    level = request.GET.get("level") or entry.facility_type
    level = level if level in LEVELS else ""
    start = {"id": uuid7(), "level": level, **queries.suggestion(entry, level)}
    form = OnboardForm(initial=start)
    context = {**_about(request, entry), "form": form, **_preview(level)}
    return page(request, "facilities/onboard.html", "form", context)


def _preview(level: str) -> dict[str, Any]:
    """What the level's template would bring; nothing while no level is chosen."""
    if level not in LEVELS:
        return {"template": None}
    template = template_for(level)
    return {"template": template, "shape": LEVELS[level], "chosen": level}


def _bring(request: Request, entry: Any) -> HttpResponse:
    form = OnboardForm(request.POST)
    if not form.is_valid():
        done = queries.facility_of(entry.code)
        if done and str(done.pk) == request.POST.get("id"):  # the same form sent twice
            return _card(request, entry, done, status=202)
        context = {**_about(request, entry), "form": form, **_preview(form.data.get("level", ""))}
        return page(request, "facilities/onboard.html", "form", context, status=422)
    typed = form.cleaned_data
    facility = actions.provision(
        entry.code,
        id=typed["id"],
        slug=typed["slug"],
        prefix=typed["number_prefix"],
        facility_type=typed["level"],
        actor=request.actor,
    )
    return _card(request, entry, facility, status=202)


def _card(request: Request, entry: Any, facility: Any, *, status: int = 200) -> HttpResponse:
    context = {**_about(request, entry), "tenant": facility, "host": queries.address(facility, "")}
    return page(request, "facilities/progress.html", "card", context, status=status)


@require_GET
@reads(ONBOARD)
def progress(request: Request, code: str) -> HttpResponse:
    return _card(request, *_live(request, code))


@require_POST
@reads(ONBOARD)
def retry(request: Request, code: str) -> HttpResponse:
    entry, facility = _live(request, code)
    return _card(request, entry, actions.retry(facility.pk, actor=request.actor), status=202)


@require_http_methods(["GET", "POST"])
@reads(ONBOARD)
def retire(request: Request, code: str) -> HttpResponse:
    """Two steps: this page, then a reason and the address typed once more."""
    entry, facility = _live(request, code)
    form = RetireForm(request.POST or None, slug=facility.slug)
    if request.method == "POST":
        if form.is_valid():
            actions.retire(facility.pk, reason=form.cleaned_data["reason"], actor=request.actor)
            messages.success(request, _("Its place on Bhavya is closed."))
            return redirect("facilities:hospital", code=code)
        context = {**_about(request, entry), "form": form}
        return page(request, "facilities/retire.html", context=context, status=422)
    return page(request, "facilities/retire.html", context={**_about(request, entry), "form": form})


@require_http_methods(["GET", "POST"])
@reads(CONFIG)
def settings(request: Request) -> HttpResponse:
    """On the hospital's own host."""
    return _settings(request, queries.facility(request.facility.pk), {})


@require_http_methods(["GET", "POST"])
@reads(CONFIG)
def settings_of(request: Request, code: str) -> HttpResponse:
    """On the State host, for the district."""
    entry, facility = _live(request, code)
    return _settings(request, facility, {"entry": entry})


def _settings(request: Request, facility: Any, context: dict[str, Any]) -> HttpResponse:
    # Read anew: the request's own Facility may be ten seconds old.
    config = queries.config(facility)
    context = {"tenant": facility, "host": queries.address(facility, ""), **context}
    if request.method == "POST":
        form = SettingsForm(config, request.POST)
        if form.is_valid():
            actions.configure(
                facility.pk,
                config=form.config(),
                based_on=form.general.cleaned_data["based_on"],
                actor=request.actor,
            )
            messages.success(request, _("The settings are saved."))
            return redirect(request.path)
        return page(
            request, "facilities/settings.html", context={**context, "form": form}, status=422
        )
    form = SettingsForm(config)
    form.general.initial["based_on"] = fingerprint(config.as_json())
    return page(request, "facilities/settings.html", context={**context, "form": form})
