"""A scanner anywhere in the house: what it read, and the page of one's own work for it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import queries
from apps.encounters.scan_targets import PERMISSIONS, address_for
from apps.patients import queries as patients


@never_cache
@require_POST
@reads(*PERMISSIONS)
def scan(request: Request) -> HttpResponse:
    """Nurse to the vitals, doctor to the consultation, clerk to the next token, and so on."""
    text = request.POST.get("q", "").strip()
    found = queries.scanned(text) if text else None
    if found and found.paper and request.actor.sees(Permission.TOKEN_ISSUE):
        return redirect(f"{reverse('encounters:paper_type')}?{urlencode({'q': found.paper})}")
    if found and (address := address_for(found, request.actor)):
        return redirect(address)
    if patients.read_card(text) and request.actor.sees(Permission.TOKEN_ISSUE):
        onward = HttpResponse(status=307)  # a stranger's card fills in the window's form
        onward["Location"] = reverse("encounters:find")
        return onward
    return page(request, "encounters/scan.html", context={"text": text}, status=422)
