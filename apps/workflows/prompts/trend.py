"""The blood pressure of the last visits as a small curve."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.workflows.prompts.drawing import Frame, band, dots, line, svg, word

GOAL = 140  # vital_alerts: 140 and over stands out (compiled, not verified)


def pressure(readings: Sequence[tuple[date, Decimal, Decimal]]) -> dict[str, Any]:
    """{"svg", "rows"}; {} without a reading. A single one is only told in the table."""
    if not readings:
        return {}
    rows = [{"date": day, "value": f"{upper:.0f}/{lower:.0f}"} for day, upper, lower in readings]
    if len(readings) < 2:
        return {"svg": "", "rows": rows}
    points = [(float(n), float(upper)) for n, (_day, upper, _lower) in enumerate(readings)]
    tops = [y for _, y in points]
    frame = Frame(
        -0.2, len(points) - 0.8, min(*tops, GOAL) - 20, max(*tops, GOAL) + 12, height=104, margin=8
    )
    label = _("Upper blood pressure of the last %(n)s visits: %(values)s.") % {
        "n": len(points),
        "values": ", ".join(f"{y:g}" for y in tops),
    }
    edge = frame.at(frame.left, GOAL)
    words = [
        word(frame.at(x, y)[0], frame.at(x, y)[1] - 8, f"{y:g}", "v last" if last else "v")
        for n, (x, y) in enumerate(points)
        for last in [n + 1 == len(points)]
    ]
    drawing = svg(
        frame,
        label,
        band(frame, frame.low, GOAL, "good"),
        line(frame, [(frame.left, GOAL), (frame.right, GOAL)], "goal"),
        word(edge[0] + 3, edge[1] + 12, _("under %(goal)s") % {"goal": GOAL}, "hint"),
        line(frame, points, "own"),
        dots(frame, points),
        *words,
    )
    return {"svg": drawing, "rows": rows}
