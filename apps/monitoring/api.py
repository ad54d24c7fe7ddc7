"""Counts for programs of other departments: what a board shows, as JSON, by key.

A count of one to four patients is null and named under `hidden`, as it is "<5" on the boards.
"""

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api_keys import KeyScope
from apps.accounts.authentication import KeyApi
from apps.monitoring import period as periods
from apps.monitoring import queries
from apps.monitoring.queries import Board, Ground
from apps.monitoring.queries.figures import Figures
from apps.monitoring.targets import FEW

COUNTS = ("registered", "seen", "e_rx", "closed", "whole", "tests", "linked", "abha", "scanned")
# A rate and the number of people it is over: with fewer than five it tells them.
RATES = {
    "wait_p90_min": ("wait", "waited"), "report_p90_min": ("report_min", "timed_reports"),
    "e_rx_pct": ("e_rx_pct", "seen"), "whole_pct": ("whole_pct", "closed"),
    "abha_pct": ("abha_pct", "registered"), "scan_pct": ("scan_pct", "registered"),
}  # fmt: skip


class FiguresOut(serializers.Serializer[Any]):
    registered = serializers.IntegerField(allow_null=True)
    seen = serializers.IntegerField(allow_null=True)
    e_rx = serializers.IntegerField(allow_null=True, help_text="first signed prescriptions")
    closed = serializers.IntegerField(
        allow_null=True, help_text="prescriptions finished at the counter"
    )
    whole = serializers.IntegerField(allow_null=True, help_text="of those, with every medicine")
    tests = serializers.IntegerField(allow_null=True)
    linked = serializers.IntegerField(allow_null=True, help_text="records linked to an ABHA")
    abha = serializers.IntegerField(allow_null=True, help_text="registered with an ABHA")
    scanned = serializers.IntegerField(allow_null=True, help_text="tokens by Scan & Share")
    wait_p90_min = serializers.IntegerField(allow_null=True)
    report_p90_min = serializers.IntegerField(allow_null=True)
    e_rx_pct = serializers.IntegerField(allow_null=True)
    whole_pct = serializers.IntegerField(allow_null=True)
    abha_pct = serializers.IntegerField(allow_null=True)
    scan_pct = serializers.IntegerField(allow_null=True)
    hidden = serializers.ListField(child=serializers.CharField(), help_text="null for few people")


class PlaceOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["state", "district", "block", "hospital"])
    code = serializers.CharField(help_text="LGD code, or the hospital's id; empty for the State")
    name_hi = serializers.CharField()
    name_en = serializers.CharField()


class LineOut(PlaceOut):
    hospitals = serializers.IntegerField()
    figures = FiguresOut()


class DayOut(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="or the first day of a month")
    figures = FiguresOut()


class AggregatesOut(serializers.Serializer[Any]):
    place = PlaceOut()
    first = serializers.DateField()
    last = serializers.DateField()
    data_to = serializers.DateTimeField(allow_null=True, help_text="complete up to this moment")
    late = serializers.BooleanField(help_text="counting stands still or is late")
    demo = serializers.BooleanField(help_text="invented figures are among them")
    hospitals = serializers.IntegerField()
    silent = serializers.IntegerField(help_text="hospitals from which nothing comes now")
    figures = FiguresOut()
    below = LineOut(many=True)
    days = DayOut(many=True)


class AggregatesApi(KeyApi):
    """GET the counts of the key's own place, or of one below it."""

    scope = KeyScope.AGGREGATE

    @extend_schema(
        operation_id="aggregates",
        responses={200: AggregatesOut},
        parameters=[
            OpenApiParameter("p", str, enum=[*periods.USUAL, periods.YEAR], description="a period"),
            OpenApiParameter("from", date, description="first day; with `to` instead of `p`"),
            OpenApiParameter("to", date, description="last day; over 92 days: whole months"),
        ],
    )
    def get(self, request: Request, kind: str = "", code: str = "") -> Response:
        where = queries.ground(self.actor, kind, code)
        board = queries.board(where, periods.asked(request.GET))
        return Response(_aggregates(where, board), headers={"Cache-Control": "no-store"})


def _aggregates(where: Ground, board: Board) -> dict[str, Any]:
    first, last = board.period.first.isoformat(), board.period.last.isoformat()
    return {
        "place": _place(where),
        "first": first,
        "last": last,
        "data_to": board.mark.data_to if board.mark else None,
        "late": board.stale,
        "demo": board.demo,
        "hospitals": board.hospitals,
        "silent": sum(line.silent for line in board.lines),
        "figures": told(board.figures),
        "below": [
            {**_place(line), "hospitals": line.hospitals, "figures": told(line.figures)}
            for line in board.lines
            if line.code != where.code
        ],
        "days": [
            {"day": day, "figures": told(figures)}
            for day, figures in board.days.items()
            if first <= day <= last
        ],
    }


def _place(one: Any) -> dict[str, str]:
    return {name: getattr(one, name) for name in ("kind", "code", "name_hi", "name_en")}


def told(figures: Figures) -> dict[str, Any]:
    """Numbers as a program gets them: what would tell fewer than five people is null."""
    found: dict[str, Any] = {name: getattr(figures, name) for name in COUNTS}
    hidden = [name for name, n in found.items() if 0 < n < FEW]
    for name, (rate, over) in RATES.items():
        found[name] = getattr(figures, rate)
        if 0 < getattr(figures, over) < FEW:
            hidden.append(name)
    return {**found, **dict.fromkeys(hidden), "hidden": hidden}
