"""The boards: a place over days, and one hospital at this minute."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from apps.core import sheets
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.monitoring import period as periods
from apps.monitoring import queries, shown
from apps.monitoring.period import Period
from apps.monitoring.queries import Ground
from apps.monitoring.targets import WORDS

FRESH_S, KEPT_S = 5, 60
OFFICES = (Permission.DASH_BLOCK, Permission.DASH_DISTRICT, Permission.DASH_STATE)


@never_cache
@require_GET
@reads(*OFFICES)
def board(request: Request, kind: str = "", code: str = "") -> HttpResponse:
    """The own office's place, or one below it. 6 queries of its own, once in five seconds."""
    return _board(request, queries.ground(request.actor, kind, code))


@never_cache
@require_GET
@reads(Permission.DASH_FACILITY)
def hospital_days(request: Request) -> HttpResponse:
    """The own hospital over days, the same numbers as its district sees."""
    return _board(request, queries.ground(request.actor, "hospital", str(request.facility.pk)))


@never_cache
@require_GET
@reads(Permission.DASH_FACILITY)
def live(request: Request) -> HttpResponse:
    """The own hospital at this minute; `?wall=1` in letters for a wall."""
    context = {
        **queries.live_board(),
        "wall": "wall" in request.GET,
        "now": timezone.now(),
        "target": WORDS,
    }
    return page(request, "monitoring/live.html", "now", context)


@require_GET
@reads(Permission.EXPORT_COUNTS)
@reads(*OFFICES)
def table(request: Request, kind: str = "", code: str = "") -> HttpResponse:
    """Every hospital of a place as a file, line by line; few patients are not told exactly."""
    where = queries.ground(request.actor, kind, code)
    try:
        period = periods.asked(request.GET)
    except Refused as no:
        return HttpResponse(no.sentence, status=422, content_type="text/plain; charset=utf-8")
    name = f"bhavya-{where.kind}-{where.code or 'bihar'}-{period.first}-{period.last}"
    if request.GET.get("as") == "xlsx":
        rows = ([_counted(cell) for cell in row] for row in _rows(where, period))
        return sheets.answer(rows, name, "xlsx")
    answer: Any = StreamingHttpResponse(
        _csv(where, period, request.LANGUAGE_CODE),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    return answer


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(where: Ground, period: Period, language: str) -> Iterator[str]:
    """Written while it is sent, when the request's own language is over."""
    writer = csv.writer(_Echo())
    with translation.override(language):
        rows = list(_rows(where, period))
    yield "\ufeff"  # so that a spreadsheet reads Hindi
    for row in rows:
        yield writer.writerow(row)


def _rows(where: Ground, period: Period) -> Iterator[list[str]]:
    """The head, then every hospital."""
    titles = [_("Place"), _("Hospital"), _("From"), _("To"), *shown.column_titles()]
    yield [str(title) for title in titles]
    for place, line in queries.lines(where, period):
        names = [shown.local(place, ""), shown.local(line)]
        days = [period.first.isoformat(), period.last.isoformat()]
        yield [*names, *days, *shown.cells(line.figures, hide=True)]


def _counted(cell: str) -> str | int:
    """A count as a number again; shares and "<5" stay as they are told."""
    plain = cell.replace(",", "")
    return int(plain) if plain.isdecimal() else cell


def _board(request: Request, where: Ground) -> HttpResponse:
    wrong = ""
    try:
        period = periods.asked(request.GET)
    except Refused as no:
        period, wrong = periods.last_days("today"), no.sentence
    hide = request.facility is None
    context: dict[str, Any] = {
        "ground": where,
        "period": period,
        "wrong": wrong,
        "typed": request.GET,
        "wall": "wall" in request.GET,
        "body": _fresh(request, where, period, hide=hide),
        "own": not hide,
    }
    return page(request, "monitoring/board.html", "now", context, status=422 if wrong else 200)


def _fresh(request: Request, where: Ground, period: Period, *, hide: bool) -> str:
    """The drawn board, at most five seconds old: whoever comes first draws it anew, and the others
    see the last one meanwhile. A thousand viewers are one query."""
    parts = (where.kind, where.code, period.first, period.last, request.LANGUAGE_CODE, int(hide))
    key = "board:" + ":".join(map(str, parts))
    try:
        kept = cache.get(key)
        due = kept is None or (timezone.now() - kept[0]).total_seconds() >= FRESH_S
        if kept is not None and not (due and cache.add(f"{key}:lock", 1, FRESH_S)):
            return str(kept[1])
    except RedisError:
        kept = None
    drawn = render_to_string(
        "monitoring/_numbers.html", shown.context(queries.board(where, period), hide=hide), request
    )
    with suppress(RedisError):
        cache.set(key, (timezone.now(), drawn), KEPT_S)
    return drawn
