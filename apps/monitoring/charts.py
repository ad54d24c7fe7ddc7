"""Charts drawn on the server as SVG: no script, they print, and say themselves in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.utils.formats import date_format, localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, WIDE, PHONE, HEIGHT, LEFT, FLOOR = 700, 1330, 330, 232, 40, 208
AVERAGE = 7
TICKS = 4


def spark(values: Sequence[int | None]) -> SafeString:
    """A small line of the last days; the number beside it carries the meaning."""
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    step = 72 / max(1, len(values) - 1)
    dots = [(2 + n * step, 28 - 24 * (v - low) / max(1, high - low)) for n, v in known]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    return format_html(
        '<svg class="mo-spark" viewBox="0 0 76 32" aria-hidden="true"><polyline points="{0}"/>'
        '<circle cx="{1}" cy="{2}" r="2.5"/></svg>',
        points, f"{dots[-1][0]:.1f}", f"{dots[-1][1]:.1f}",
    )  # fmt: skip


def bullet(value: int | None, *, top: int, target: int, bad: bool) -> SafeString:
    """A bar with the tick of its target."""
    if value is None:
        return SafeString("")
    return format_html(
        '<svg class="mo-bul{0}" viewBox="0 0 110 12" aria-hidden="true"><rect class="mo-bg" '
        'width="110" height="12" rx="2"/><rect y="2" width="{1}" height="8" rx="2"/>'
        '<path d="M{2} 0v12"/></svg>',
        " bad" if bad else "",
        f"{110 * min(value, top) / max(1, top):.1f}",
        f"{110 * min(target, top) / max(1, top):.1f}",
    )


def bar(value: int, *, top: int) -> SafeString:
    """A plain bar against the largest of its column."""
    return format_html(
        '<svg class="mo-bar" viewBox="0 0 90 10" aria-hidden="true"><rect width="{0}" height="10" '
        'rx="2"/></svg>',
        f"{90 * value / max(1, top):.1f}",
    )


def days(
    values: Sequence[tuple[date, int]],
    *,
    sentence: str,
    width: int = WIDTH,
    monthly: bool = False,
    lead: Sequence[int] = (),
    feasts: Mapping[date, str] = MappingProxyType({}),
) -> SafeString:
    """Thin daily bars and the line of seven days; Sundays and holidays stand on a shade, and each
    holiday says its name. `monthly`: one bar a month and no line. `lead`: the six days before."""
    top = _round_up(max((n for _, n in values), default=0))
    frame = _Frame(len(values), top, width)
    return format_html(
        '<svg class="mo-days" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}{4}{5}'
        "{6}{7}</svg>",
        frame.width,
        HEIGHT,
        sentence,
        "" if monthly else _closed(frame, values, feasts),
        _grid(frame),
        _bars(frame, values),
        "" if monthly else _averages(frame, [*lead, *(n for _, n in values)]),
        _names(frame, values, "M Y" if monthly else "j M"),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a day and a number stand in the drawing."""

    days: int
    top: int
    width: int

    @property
    def step(self) -> float:
        return (self.width - LEFT - 6) / max(1, self.days)

    def x(self, n: int) -> float:
        return LEFT + n * self.step

    def y(self, value: float) -> float:
        return FLOOR - (FLOOR - 10) * value / self.top


def _grid(frame: _Frame) -> SafeString:
    ticks = [(frame.top * n // TICKS, frame.y(frame.top * n / TICKS)) for n in range(TICKS + 1)]
    return format_html_join(
        "",
        '<path class="mo-grid" d="M{0} {1}H{2}"/>'
        '<text x="{3}" y="{4}" text-anchor="end">{5}</text>',
        ((LEFT, f"{y:.1f}", frame.width - 6, LEFT - 6, f"{y + 4:.1f}", str(n)) for n, y in ticks),
    )


def _closed(
    frame: _Frame, values: Sequence[tuple[date, int]], feasts: Mapping[date, str]
) -> SafeString:
    """Sundays and holidays; the name of a holiday is read by pointing at it, and in the list."""
    return format_html_join(
        "",
        '<rect class="{0}" x="{1}" y="10" width="{2}" height="{3}"><title>{4}</title></rect>',
        (
            (
                "mo-sun mo-feast" if day in feasts else "mo-sun",
                f"{frame.x(n):.1f}",
                f"{frame.step:.1f}",
                FLOOR - 10,
                feasts.get(day) or date_format(day, "l"),
            )
            for n, (day, _) in enumerate(values)
            if day.weekday() == 6 or day in feasts
        ),
    )


def _bars(frame: _Frame, values: Sequence[tuple[date, int]]) -> SafeString:
    left, width = frame.step * 0.14, f"{frame.step * 0.72:.1f}"
    return format_html_join(
        "",
        '<rect x="{0}" y="{1}" width="{2}" height="{3}" rx="1.5"/>',
        (
            (f"{frame.x(n) + left:.1f}", f"{frame.y(v):.1f}", width, f"{FLOOR - frame.y(v):.1f}")
            for n, (_, v) in enumerate(values)
        ),
    )


def _averages(frame: _Frame, values: Sequence[int]) -> SafeString:
    """The line of seven days, with a dot and its number at the end."""
    spans = [values[max(0, n - AVERAGE + 1) : n + 1] for n in range(len(values))]
    means = [sum(span) / len(span) for span in spans][-frame.days :]
    middle = frame.step / 2
    dots = [(frame.x(n) + middle, frame.y(v)) for n, v in enumerate(means)]
    if not dots:
        return SafeString("")
    x, y = dots[-1]
    falls = len(dots) > 1 and y > dots[-2][1]  # as on a day that is not over: then below the line
    return format_html(
        '<polyline points="{0}"/><circle cx="{1}" cy="{2}" r="4"/>'
        '<text class="mo-last" x="{3}" y="{4}" text-anchor="end">{5}</text>',
        " ".join(f"{x:.1f},{y:.1f}" for x, y in dots),
        f"{x:.1f}", f"{y:.1f}", f"{x + 6:.1f}",
        f"{min(FLOOR - 4, y + 18) if falls else y - 9:.1f}", localize(round(means[-1])),
    )  # fmt: skip


def _names(frame: _Frame, values: Sequence[tuple[date, int]], how: str) -> SafeString:
    every = max(1, len(values) // (3 if frame.width == PHONE else 5))
    return format_html_join(
        "",
        '<text x="{0}" y="{1}" text-anchor="middle">{2}</text>',
        (
            (f"{frame.x(n) + frame.step / 2:.1f}", HEIGHT - 6, date_format(day, how))
            for n, (day, _) in enumerate(values)
            if n % every == min(2, every - 1)
        ),
    )


def _round_up(value: int) -> int:
    """The next round number that four ticks divide."""
    unit = 4
    while unit * 10 < value:
        unit *= 10
    return unit * next(times for times in (1, 2, 5, 10) if unit * times >= value)


def spread(counts: Sequence[int]) -> SafeString:
    """Visits by minutes as small columns; the table beside it says the numbers."""
    top = max(1, *counts)
    return format_html(
        '<svg class="mo-spread" viewBox="0 0 160 34" aria-hidden="true">{0}'
        '<path d="M0 33.5H160"/></svg>',
        format_html_join(
            "",
            '<rect x="{0}" y="{1}" width="8" height="{2}"/>',
            (
                (n * 10 + 1, f"{33 - 32 * count / top:.1f}", f"{32 * count / top:.1f}")
                for n, count in enumerate(counts)
            ),
        ),
    )
