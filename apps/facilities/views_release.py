"""The releases page: which hospital has which tables, and trying again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.facilities import actions, queries
from apps.facilities.standing import standing, waiting_jobs

ONBOARD = Permission.FACILITY_ONBOARD


@require_GET
@reads(ONBOARD)
def releases(request: Request) -> HttpResponse:
    """1 query; asks for itself again while hospitals wait for their turn."""
    context = {"now": standing(request.actor), "jobs": waiting_jobs()}
    return page(request, "facilities/releases.html", "state", context)


@require_POST
@reads(ONBOARD)
def upgrade_all(request: Request) -> HttpResponse:
    n = actions.ask_roll_out(actor=request.actor)
    said = ngettext(
        "%(n)s hospital is brought to the new release.",
        "%(n)s hospitals are brought to the new release.",
        n,
    )
    messages.success(request, said % {"n": n} if n else _("Every hospital is current."))
    return redirect("facilities:releases")


@require_POST
@reads(ONBOARD)
def upgrade(request: Request, code: str) -> HttpResponse:
    facility = queries.facility_of(code)
    if facility is None:
        raise Http404
    actions.ask_upgrade(facility.pk, actor=request.actor)
    messages.success(request, _("It is tried again now."))
    return redirect("facilities:releases")
