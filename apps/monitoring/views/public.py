"""What everybody may see of a hospital, without log-in: kept for a minute by whoever is between.

Hindi by itself, `?lang=en` for English: the address alone decides, so one copy serves everybody.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from apps.core.guards import open_to_all
from apps.core.http import Request
from apps.facilities import queries as facilities
from apps.monitoring import queries, shown

KEPT_S = 60


@require_safe
@open_to_all
def home(request: Request) -> HttpResponse:
    """Districts with hospitals on board."""
    return _kept(request, "home", lambda: {"districts": queries.districts_open()})


@require_safe
@open_to_all
def district(request: Request, code: str) -> HttpResponse:
    """A district's hospitals: open now, how long the wait is, how many wait."""
    region = facilities.region("district", code)
    if region is None:
        raise Http404

    def read() -> dict[str, Any]:
        return {
            "district": region,
            "hospitals": [_shown(one) for one in queries.hospitals_open(code)],
        }

    return _kept(request, "district", read)


@require_safe
@open_to_all
def hospital(request: Request, slug: str) -> HttpResponse:
    """One hospital: doctors who call by department, wait, medicines."""

    def read() -> dict[str, Any]:
        found = queries.hospital_open(slug)
        if found is None:
            raise Http404
        return {"found": found, **_shown(found.open)}

    return _kept(request, "hospital", read)


def _shown(one: Any) -> dict[str, Any]:
    """Counts as they are said outside a hospital."""
    figures, now = one.today, one.now
    return {
        "one": one,
        "wait": shown.wait_of(figures),
        "waiting": shown.few(now.waiting, hide=True) if now else "",
        "departments": [
            {**row, "waiting": shown.few(row["waiting"], hide=True)} for row in now.departments
        ] if now else [],
    }  # fmt: skip


def _kept(request: Request, name: str, read: Callable[[], dict[str, Any]]) -> HttpResponse:
    language = "en" if request.GET.get("lang") == "en" else "hi"
    key = f"open:{request.path}:{language}"
    drawn = None
    with suppress(RedisError):
        drawn = cache.get(key)
    if drawn is None:
        with translation.override(language):
            context = {**read(), "LANGUAGE_CODE": language, "path": request.path,
                       "at": timezone.now(), "kept_s": KEPT_S}  # fmt: skip
            drawn = render_to_string(f"monitoring/open_{name}.html", context)
        with suppress(RedisError):
            cache.set(key, drawn, KEPT_S)
    answer = HttpResponse(drawn)
    answer["Cache-Control"] = f"public, max-age={KEPT_S}"
    answer["Content-Language"] = language
    return answer
