"""A level's lists, shown by other apps' pages through their address."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.terminology import queries


@require_GET
@reads(Permission.FACILITY_ONBOARD, Permission.FACILITY_CONFIG)
def lists_of_level(request: Request) -> HttpResponse:
    """How many medicines and tests a facility of this type starts with, and which."""
    level = request.GET.get("level", "PHC")
    if level not in queries.TESTS_AT:
        raise Http404
    drugs = queries.medications(queries.drugs_for_level(level))
    tests = queries.codes("test", queries.tests_for_level(level))
    context = {"level": level, "drugs": list(drugs.values()), "tests": list(tests.values())}
    return page(request, "terminology/level.html", "counts", context)
