"""The incentive: a hospital's own money, and an office's list with NHA's count beside ours."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.core import sheets
from apps.core.dates import iso_day
from apps.core.errors import Refused, Unseen
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.core.templatetags.bhavya import local
from apps.facilities import queries as facilities
from apps.facilities.scope import reaches
from apps.reporting import actions, queries
from apps.reporting.views.runs import place_asked
from apps.reporting.words import KINDS, WHY

LEDGER = Permission.DHIS_LEDGER


@never_cache
@require_GET
@reads(LEDGER)
def own(request: Request) -> HttpResponse:
    """The own hospital's month. 7 queries."""
    return _statement(request, request.facility)


@never_cache
@require_GET
@reads(LEDGER)
def of_hospital(request: Request, facility_id: UUID) -> HttpResponse:
    """One hospital's month, for its office. 7 queries."""
    return _statement(request, _place(request, facility_id))


def _place(request: Request, facility_id: UUID) -> Any:
    place = facilities.by_ids([facility_id]).get(facility_id)
    if place is None or not reaches(request.actor, place):
        raise Unseen(LEDGER)
    return place


def _statement(request: Request, place: Any, *, error: str = "", status: int = 200) -> HttpResponse:
    month = queries.month_of(request.GET.get("month", ""))
    found = queries.statement(place.pk, month)
    lines = [{**line, "words": KINDS[line["kind"]], "rupees": Decimal(line["rupees"]),
              "rate": Decimal(line["rate"])} for line in found.content["lines"]]  # fmt: skip
    told = found.row.told if found.row else {}
    context = {
        **_months(month),
        "hospital": place,
        "statement": found,
        "row": found.row,
        "lines": [line for line in lines if line["payee"] == "facility"],
        "dsc_lines": [line for line in lines if line["payee"] == "dsc"],
        "cut": Decimal(found.content["cut"]),
        "reasons": _reasons(found.content["verdicts"]),
        "all": sum(found.content["verdicts"].values()),
        "payments": queries.payments(place.pk),
        "kept": queries.kept(place.pk),
        "scheme": queries.scheme_of(month),
        "read_to": queries.read_to(),
        "claims": "\n".join(f"{n} x {rupees}" for n, rupees in told.get("claims", ())),
        "told": told,
        "typed": request.POST,
        "may_write": request.facility is None and request.actor.may(LEDGER),
        "running": queries.last_of(month) >= queries.today(),
        "form_id": uuid7(),
        "error": error,
    }
    return page(request, "reporting/dhis.html", context=context, status=status)


def _months(month: Any) -> dict[str, Any]:
    return {"month": month, "month_text": month.strftime("%Y-%m"),
            "now_text": queries.today().strftime("%Y-%m")}  # fmt: skip


def _reasons(verdicts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"key": key, "words": words, "n": verdicts.get(key, 0)}
        for key, words in WHY.items()
        if verdicts.get(key) or key == "counts"
    ]


@never_cache
@require_GET
@reads(LEDGER)
def records(request: Request, facility_id: UUID | None = None) -> HttpResponse:
    """Each record of a month with its verdict. 2 queries."""
    place = _place(request, facility_id) if facility_id else request.facility
    month = queries.month_of(request.GET.get("month", ""))
    why = request.GET.get("why", "")
    n = request.GET.get("page", "1")
    number = max(1, int(n)) if n.isdecimal() and len(n) < 6 else 1
    found = queries.records(place.pk, month, verdict=why if why in WHY else "", page=number)
    rows = [{"row": row, "words": WHY.get(row.verdict, WHY[""])} for row in found["rows"]]
    context = {**found, **_months(month), "rows": rows, "hospital": place, "why": why,
               "why_words": WHY.get(why) if why else "", "reasons": WHY.items()}  # fmt: skip
    return page(request, "reporting/dhis_records.html", context=context)


@require_GET
@reads(Permission.EXPORT_COUNTS)
@reads(LEDGER)
def records_table(request: Request, ext: str, facility_id: UUID | None = None) -> HttpResponse:
    """All records of a month with their verdicts, as CSV or XLSX. 2 queries."""
    place = _place(request, facility_id) if facility_id else request.facility
    month = queries.month_of(request.GET.get("month", ""))
    found = queries.records(place.pk, month, size=200_000)
    rows: list[list[sheets.Cell]] = [
        [_("Linked on"), _("Visit on"), _("Kind of record"), _("KYC"), _("Verdict"),
         _("Record's id")],
    ]  # fmt: skip
    rows += [
        [row.day.isoformat(), row.visit_day.isoformat() if row.visit_day else "", row.hi_type,
         _("Yes") if row.kyc else _("No"), str(WHY.get(row.verdict, WHY[""])),
         str(row.subject_id)]
        for row in found["rows"]
    ]  # fmt: skip
    return sheets.answer(rows, f"dhis-{place.slug}-{month:%Y-%m}", ext)


@never_cache
@require_GET
@reads(LEDGER)
def office(request: Request) -> HttpResponse:
    """Every hospital of an office with its month. 9 queries."""
    return _office(request)


def _office(request: Request, *, error: str = "", status: int = 200) -> HttpResponse:
    month = queries.month_of(request.GET.get("month", ""))
    where = place_asked(request)
    found = queries.ledger(where, month)
    context = {
        **_months(month),
        **found,
        "ground": where,
        "reasons": _reasons(found["verdicts"]),
        "all": sum(found["verdicts"].values()),
        "read_to": queries.read_to(),
        "may_write": request.actor.may(LEDGER),
        "error": error,
    }
    return page(request, "reporting/dhis_office.html", context=context, status=status)


@require_GET
@reads(Permission.EXPORT_COUNTS)
@reads(LEDGER)
def office_table(request: Request, ext: str) -> HttpResponse:
    """The office's list as CSV or XLSX. 9 queries."""
    month = queries.month_of(request.GET.get("month", ""))
    where = place_asked(request)
    found = queries.ledger(where, month)
    rows: list[list[sheets.Cell]] = [
        ["hfr_id", "month", _("Hospital"), _("Our count"), _("Our rupees"), _("Company's rupees"),
         _("Rule"), _("State of the claim"), _("NHA's count"), _("NHA's rupees"),
         _("Difference"), _("Received")],
    ]  # fmt: skip
    for row in found["rows"]:
        one, kept = row["statement"], row["statement"].row
        state = _("submitted") if one.submitted else _("open")
        rule = one.content["version"] + ("" if one.content["in_force"] else f" ({_('estimate')})")
        rows.append([
            row["hfr_id"], month.strftime("%Y-%m"), local(row["place"]), one.ours, one.rupees,
            one.dsc, rule, state, kept.nha_records if kept else None,
            kept.nha_rupees if kept else None, one.difference, row["paid"],
        ])  # fmt: skip
    return sheets.answer(rows, f"dhis-{where.kind}-{where.code or 'bihar'}-{month:%Y-%m}", ext)


@require_POST
@reads(LEDGER)
def change(request: Request, facility_id: UUID, what: str) -> HttpResponse:
    """One change of a hospital's month: tell, nha, submit or pay."""
    place = _place(request, facility_id)
    try:
        _change(request, place.pk, what)
    except Refused as no:
        return _statement(request, place, error=no.sentence, status=422)
    messages.success(request, _("Kept."))
    month = queries.month_of(request.GET.get("month", ""))
    address = reverse("reporting:dhis_of", args=[place.pk], urlconf="bhavya.urls_public")
    return redirect(f"{address}?month={month:%Y-%m}")


def _change(request: Request, pk: UUID, what: str) -> None:
    data, month = request.POST, queries.month_of(request.GET.get("month", ""))
    who = request.actor
    if what == "tell":
        actions.tell(pk, month=month, received=data.get("received", ""),
                     why=data.get("why", ""), claims=data.get("claims", ""), actor=who)  # fmt: skip
    elif what == "nha":
        actions.note_nha(pk, month=month, records=data.get("records", ""),
                         rupees=data.get("rupees", ""), actor=who)  # fmt: skip
    elif what == "submit":
        actions.submit(pk, month=month, actor=who)
    elif what == "pay":
        try:
            payment = UUID(data.get("id", ""))
        except ValueError:
            payment = uuid7()
        actions.note_payment(
            pk, id=payment, month=month, rupees=data.get("rupees", ""),
            on=iso_day(data.get("on", "")), reference=data.get("reference", ""), actor=who,
        )  # fmt: skip
    else:
        raise Refused("not_found")


@require_POST
@reads(LEDGER)
def nha_file(request: Request) -> HttpResponse:
    """NHA's counts of many hospitals from a file."""
    file = request.FILES.get("file")
    fits = file is not None and (file.size or 0) <= actions.FILE_KB * 1024
    try:
        done = actions.read_nha(file.read() if file and fits else b"", actor=request.actor)
    except Refused as no:
        return _office(request, error=no.sentence, status=422)
    context = {**done, "bad": [(line, _why_bad(code)) for line, code in done["bad"]]}
    return page(request, "reporting/dhis_file.html", context=context)


def _why_bad(code: str) -> str:
    if code == "hfr":
        return _("No hospital of yours has this HFR number.")
    return Refused(code, kb=actions.FILE_KB).sentence
