"""Finding a patient, seeing who it is, mending what is wrong. Nothing clinical here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.actor import Level
from apps.core.errors import Refused
from apps.core.fold import digits
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.core.tenancy import in_training
from apps.facilities import queries as facilities
from apps.patients import actions, finding, queries
from apps.patients.forms import IdentityForm, PracticeForm


def _seen(request: Request, text: str) -> list[dict[str, Any]]:
    """Whom this role may find by `text`: one of the level "own" only the person in front, who
    tells a whole number; never a list of strangers."""
    rows = queries.search(text) if text else []
    if request.actor.level(Permission.PATIENT_SEARCH) is Level.OWN:
        told = digits(text)
        rows = [row for row in rows if told and told in (row["mobile"], row["mrn"])]
    return rows


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.PATIENT_SEARCH)
def search(request: Request) -> HttpResponse:
    """The box in the top bar of every page. What names a visit (slip, token, QR) is sent on to
    `encounters:found` with its body, so that nothing of it stands in an address.
    """
    text = request.POST.get("q", "").strip()
    if finding.names_a_visit(text):
        onward = HttpResponse(status=307)
        onward["Location"] = reverse("encounters:found")
        return onward
    card = queries.read_card(text)
    text = card.asked if card else text
    fault = Refused("aadhaar.typed").sentence if finding.is_aadhaar(text) else ""
    rows = [] if fault else _seen(request, text)
    if text and not fault and request.method == "POST":
        actions.record_search(finding.kind_of(text), found=len(rows), actor=request.actor)
    if card and not rows and request.actor.sees(Permission.TOKEN_ISSUE):
        onward = HttpResponse(status=307)  # a stranger's card fills in the window's form
        onward["Location"] = reverse("encounters:find")
        return onward
    context = {"q": "" if fault else text, "rows": rows, "fault": fault}
    status = 422 if text and not rows else 200
    return page(request, "patients/search.html", context=context, status=status)


@require_http_methods(["GET", "POST"])
@reads(Permission.PATIENT_REGISTER)
def practice(request: Request) -> HttpResponse:
    """In a training place only: twenty invented patients."""
    if not in_training():
        raise Refused("patient.not_training")
    form = PracticeForm(request.POST or None, initial={"id": uuid7()})
    if form.is_valid():
        n = actions.make_practice(id=form.cleaned_data["id"], actor=request.actor)
        messages.success(
            request,
            _("%(n)s practice patients are registered. Find them by the name “Practice”.")
            % {"n": n},
        )
        return redirect(
            "patients:list" if request.actor.sees(Permission.PATIENT_SEARCH) else "home"
        )
    status = 422 if request.method == "POST" else 200
    return page(request, "patients/practice.html", context={"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.PATIENT_SEARCH)
def patient_list(request: Request) -> HttpResponse:
    """One box for mobile, MRN and name. The page sends POST, so no name stays in an address."""
    text = (request.POST or request.GET).get("q", "").strip()
    context = {"q": text, "rows": _seen(request, text)}
    return page(request, "patients/list.html", "rows", context)


@never_cache
@require_GET
@reads(Permission.PATIENT_SEARCH)
def identity(request: Request, patient_id: UUID) -> HttpResponse:
    patient = queries.patient(patient_id)
    if patient is None:
        raise Http404
    context = {
        "patient": queries.brief(patient),
        "address": facilities.place_name(patient.block_code, patient.district_code),
        "kept": _named(patient.replaced_by_id),
        "mother": _named(patient.mother_id),
        "children": queries.children(patient_id),
        "joined": queries.replaced(patient_id),
        "abha_closed_at": queries.abha_closed_at(patient),
    }
    return page(request, "patients/identity.html", context=context)


def _named(patient_id: UUID | None) -> dict[str, Any] | None:
    found = queries.patient(patient_id) if patient_id else None
    return queries.brief(found) if found else None


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.PATIENT_EDIT_IDENTITY)
def edit(request: Request, patient_id: UUID) -> HttpResponse:
    patient = queries.patient(patient_id)
    if patient is None:
        raise Http404
    if patient.replaced_by_id is not None:
        return redirect("patients:identity", patient_id)
    row = queries.brief(patient)
    start = {**row, "age": row["age_number"], "guardian_relation": patient.guardian_relation}
    form = IdentityForm(request.POST) if request.method == "POST" else IdentityForm(initial=start)
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "born": form.born}
        if not request.actor.sees(Permission.PATIENT_PHONE_FULL):
            told.pop("mobile")  # who may not see the number does not write it either
        actions.edit(patient_id, **told, actor=request.actor)
        messages.success(request, _("Saved."))
        return redirect("patients:identity", patient_id)
    context = {
        "form": form,
        "patient": row,
        "districts": facilities.districts(),
        "blocks": facilities.blocks(form["district_code"].value() or ""),
        "relations": [(code, *words) for code, words in queries.RELATIONS.items()],
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "patients/edit.html", context=context, status=status)
