"""Finding a patient, seeing who it is, mending what is wrong. Nothing clinical here."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.actor import Level
from apps.core.fold import digits
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.facilities import queries as facilities
from apps.patients import actions, queries
from apps.patients.forms import IdentityForm


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.PATIENT_SEARCH)
def patient_list(request: Request) -> HttpResponse:
    """One box for mobile, MRN and name. The page sends POST, so no name stays in an address."""
    text = (request.POST or request.GET).get("q", "").strip()
    rows = queries.search(text) if text else []
    if request.actor.level(Permission.PATIENT_SEARCH) is Level.OWN:
        # Only the person in front, who tells the whole number; never a list of strangers.
        told = digits(text)
        rows = [row for row in rows if told and told in (row["mobile"], row["mrn"])]
    return page(request, "patients/list.html", "rows", {"q": text, "rows": rows})


@never_cache
@require_GET
@reads(Permission.PATIENT_SEARCH)
def identity(request: Request, patient_id: UUID) -> HttpResponse:
    patient = queries.patient(patient_id)
    if patient is None:
        raise Http404
    row = queries.brief(patient)
    address = facilities.place_name(patient.block_code, patient.district_code)
    return page(request, "patients/identity.html", context={"patient": row, "address": address})


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.PATIENT_EDIT_IDENTITY)
def edit(request: Request, patient_id: UUID) -> HttpResponse:
    patient = queries.patient(patient_id)
    if patient is None:
        raise Http404
    row = queries.brief(patient)
    start = {**row, "age": row["age_number"], "guardian_relation": patient.guardian_relation}
    form = IdentityForm(request.POST) if request.method == "POST" else IdentityForm(initial=start)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
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
