"""Which visit a page is about, whose hands are in it, and where other apps' panels are."""

from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from apps.core.actor import Permission
from apps.core.http import Request
from apps.documents import queries as papers
from apps.encounters import queries as visits
from apps.workflows import actions, queries


def visit_of(request: Request, number: str) -> Any:
    """The visit, for those who see records at all and for an operator who types for a doctor;
    whether this one, open_chart decides."""
    visit = visit_by_number(number)
    if not request.actor.sees(Permission.HISTORY_VIEW):
        actions.may_open(visit, request.actor)
    return visit


def visit_by_number(number: str) -> Any:
    visit = visits.by_number(number)
    if visit is None or visit.number != number:
        raise Http404
    return visit


def hands_of(request: Request, visit: Any, *, signed: bool) -> dict[str, Any]:
    """Who else's hand is in this consultation, and what the signed screen offers. 0-1 query."""
    actor = request.actor
    token = visit.token
    context: dict[str, Any] = {
        "returned": signed and bool(token.returning) and token.station == "doctor",
        "may_certify": actor.may(Permission.CERT_ISSUE),
        "may_take_back": signed and visit.doctor_id == actor.user_id and token.is_of_now,
        "certificates": papers.certificates_of(visit.pk) if signed else [],
        "labs_panel": address_of("labs:patient_panel", visit.patient_id),
        "tele": visits.tele_link(visit),
    }
    if signed:
        return context
    return context | queries.hands(visit, actor.user_id)


def address_of(name: str, *args: Any) -> str:
    """The address of another app's panel, "" while that app has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
