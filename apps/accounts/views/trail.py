"""Who did what in a place, and who changed its settings."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from apps.accounts import queries
from apps.accounts import trail as reads_of
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_GET
@reads(Permission.AUDIT_VIEW, masked=True)
def trail(request: Request) -> HttpResponse:
    """By person and kind; single deeds for those who may see them."""
    asked = request.GET
    first, last = reads_of.days(
        _day(asked.get("from", "")),
        _day(asked.get("to", "")),
        today=queries.today(),
        wide=request.facility is None,
    )
    try:
        who = UUID(asked.get("who", ""))
    except ValueError:
        who = None
    noun = asked.get("kind", "")
    found = reads_of.trail(request.actor, first=first, last=last, noun=noun, user_id=who)
    context = {"trail": found, "kinds": reads_of.KINDS.items(), "kind": noun, "who": who}
    return page(request, "accounts/trail.html", context=context)


@require_GET
@reads(Permission.FACILITY_CONFIG)
def history(request: Request) -> HttpResponse:
    """Who changed which setting of this hospital, with old and new where it is a number."""
    rows = reads_of.changes_of(request.facility.pk, today=queries.today())
    return page(request, "accounts/history.html", context={"rows": rows})
