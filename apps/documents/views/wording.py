"""Changing the words on papers, beside the paper as it would look."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.documents import actions, forms, sample, wording
from apps.documents.kinds import CERTIFICATES, form_of


@require_http_methods(["GET", "POST"])
@reads(Permission.FACILITY_CONFIG)
def here(request: Request) -> HttpResponse:
    """A hospital's own words."""
    return _edit(request)


@require_http_methods(["GET", "POST"])
@reads(Permission.MASTER_EDIT)
def state(request: Request) -> HttpResponse:
    """The State's words, for every hospital that has none of its own."""
    return _edit(request)


@require_POST
@reads(Permission.FACILITY_CONFIG)
def preview_here(request: Request) -> HttpResponse:
    return _preview(request)


@require_POST
@reads(Permission.MASTER_EDIT)
def preview_state(request: Request) -> HttpResponse:
    return _preview(request)


def _level(request: Request) -> Any:
    return request.facility.pk if request.facility else None


def _edit(request: Request) -> HttpResponse:
    if request.method == "GET":
        body, version = wording.level(_level(request))
        typed = {
            f"{key}_{tongue}": pair.get(tongue, "")
            for key, pair in body.items()
            for tongue in ("hi", "en")
        }
        return _page(request, typed, {"id": uuid7(), "after": version})
    form = forms.WordingForm(request.POST)
    keys = {"id": request.POST.get("id", ""), "after": request.POST.get("after", "")}
    if not form.is_valid():
        no = Refused("wording.long", most=wording.LONGEST)
        return _page(request, request.POST, keys, fault=no.sentence)
    try:
        told = form.cleaned_data
        actions.reword(form.body, id=told["id"], after=told["after"], actor=request.actor)
    except Refused as no:
        return _page(request, request.POST, keys, fault=no.sentence)
    messages.success(request, _("Kept. New papers carry these words; old ones stay."))
    return redirect("documents:wording")


def _page(request: Request, typed: Any, keys: dict[str, Any], *, fault: str = "") -> HttpResponse:
    texts = wording.merged({}, _level(request))
    rows: list[dict[str, Any]] = [
        {
            "key": key,
            "label": text.label,
            "holes": sorted(text.holes),
            **{
                tongue: {"value": typed.get(f"{key}_{tongue}", ""), "usual": texts[key][tongue]}
                for tongue in ("hi", "en")
            },
        }
        for key, text in wording.TEXTS.items()
    ]
    typed_body = {row["key"]: {t: row[t]["value"] for t in ("hi", "en")} for row in rows}
    context = {
        **keys,
        "rows": rows,
        "longest": wording.LONGEST,
        "fault": fault,
        "papers": [("Prescription", form_of("Prescription", "").title), *CERTIFICATES.items()],
        **_shown(request, typed_body, "Prescription", get_language() or "hi"),
    }
    return page(request, "documents/wording.html", context=context, status=422 if fault else 200)


def _preview(request: Request) -> HttpResponse:
    form = forms.WordingForm(request.POST)
    form.is_valid()  # too long a text is shown as it was before
    language = request.POST.get("shown_in", "hi")
    language = language if language in ("hi", "en") else "hi"
    context = _shown(request, form.body, request.POST.get("shown", ""), language)
    return page(request, "documents/wording.html", "shown", context)


def _shown(
    request: Request, body: dict[str, dict[str, str]], form: str, language: str
) -> dict[str, Any]:
    """The drawn page of an invented paper, for a frame without scripts."""
    template, content = sample.paper(
        form, body, facility=request.facility, facility_id=_level(request)
    )
    context = {"doc": content, "language": language, "size": "a5", "on_screen": True,
               "quiet": True}  # fmt: skip
    with translation.override(language):
        drawn = render_to_string(f"documents/{template}.html", context)
    return {"drawn": drawn, "shown": template, "shown_in": language}
