"""Small line drawings as SVG: axes, bands, curves and points. Colours come from CSS classes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """A box of `width` × `height` that shows x from `left` to `right`, y from `low` to `high`."""

    left: float
    right: float
    low: float
    high: float
    width: int = 250
    height: int = 140
    margin: int = 24

    def at(self, x: float, y: float) -> Point:
        """Where a value stands, in the units of the drawing; outside it is held at the edge."""
        across = (min(max(x, self.left), self.right) - self.left) / ((self.right - self.left) or 1)
        up = (min(max(y, self.low), self.high) - self.low) / ((self.high - self.low) or 1)
        inner = self.width - self.margin - 8
        return (
            round(self.margin + across * inner, 1),
            round(self.height - 16 - up * (self.height - 28), 1),
        )


def line(frame: Frame, points: Sequence[Point], kind: str) -> SafeString:
    """A line through values; `kind` is its class."""
    path = " ".join(f"{x},{y}" for x, y in (frame.at(*point) for point in points))
    return format_html('<polyline class="{}" points="{}"/>', kind, path)


def dots(frame: Frame, points: Sequence[Point]) -> SafeString:
    """A dot for each value, the last one larger."""
    spots = [(*frame.at(*point), 3 if n + 1 < len(points) else 4) for n, point in enumerate(points)]
    return format_html_join("", '<circle class="dot" cx="{}" cy="{}" r="{}"/>', spots)


def band(frame: Frame, low: float, high: float, kind: str) -> SafeString:
    """A coloured stripe between two values."""
    (_, top), (_, bottom) = frame.at(frame.left, high), frame.at(frame.left, low)
    width = frame.width - frame.margin - 8
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        kind, frame.margin, top, width, max(round(bottom - top, 1), 0),
    )  # fmt: skip


def word(x: float, y: float, text: str, kind: str = "") -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, x, y, text)


def scale(frame: Frame, xs: Iterable[tuple[float, str]], ys: Iterable[float]) -> SafeString:
    """Words along the bottom and numbers at the left."""
    below = [word(frame.at(x, frame.low)[0], frame.height - 3, text, "x") for x, text in xs]
    beside = [word(frame.margin - 4, frame.at(frame.left, y)[1] + 3, f"{y:g}", "y") for y in ys]
    return format_html_join("", "{}", ((part,) for part in (*below, *beside)))


def svg(frame: Frame, label: str, *parts: SafeString) -> SafeString:
    """The whole drawing with its sentence for those who cannot see it."""
    inside = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        frame.width, frame.height, label, inside,
    )  # fmt: skip
