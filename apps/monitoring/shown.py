"""How numbers are said: rounded, with their target, and never so few that a person is known."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.core.templatetags.bhavya import local
from apps.monitoring import charts
from apps.monitoring.queries.board import TREND_DAYS, Board, Line
from apps.monitoring.queries.fair import Compared
from apps.monitoring.queries.figures import Figures
from apps.monitoring.queries.holidays import holidays
from apps.monitoring.targets import E_RX_PCT, FEW, WAIT_MIN, WHOLE_PCT, WORDS
from apps.monitoring.tiles import TILES, shade
from apps.terminology import queries as terminology

__all__ = ["cells", "column_titles", "context", "local"]
Row = dict[str, Any]
OUT_NAMES = 2


def few(n: int, *, hide: bool) -> str:
    """A count of patients; one to four of them as "<5" outside their hospital."""
    if hide and 0 < n < FEW:
        return f"<{FEW}"
    return str(n) if n < 1000 else str(localize(n))  # no mark to set: half the cost of a board


def share(percent: int | None, of: int, *, hide: bool) -> str:
    """A rate; none over so few people that it would tell their number."""
    return "–" if percent is None or (hide and of < FEW) else f"{percent}%"


def wait_of(figures: Figures) -> int | None:
    """Nine of ten were called within so many minutes, unless too few were called."""
    return figures.wait if figures.waited >= FEW else None


def measure_names() -> dict[str, str]:
    return {
        "wait": _("called within %(n)s min") % {"n": WAIT_MIN},
        "e_rx": _("e-prescriptions"),
        "whole": _("all medicines given"),
    }


def apart(one: Compared) -> Row:
    """A compared hospital as its row says it: each share, how far from its peers, what to do."""
    names, tips = measure_names(), {
        "wait": _("Share out long lines between rooms before ten; begin with the first token."),
        "e_rx": _("Sit with the doctor who writes on paper: favourites and sets save time."),
        "whole": _("Indent what ran out this month; look at what neighbours can spare."),
        "": _("At or above its peers in everything. Ask them to show the others how."),
    }  # fmt: skip
    parts = [
        {"name": names[m], "share": one.shares[m], "points": points,
         "sign": "+" if points > 0 else "−" if points < 0 else "±", "by": abs(points)}
        for m, points in one.apart.items()
    ]  # fmt: skip
    score = round(one.score)
    sign = "+" if score > 0 else "−" if score < 0 else "±"
    return {"parts": parts, "tip": tips[one.hint], "score": f"{sign}{abs(score)}"}


def why_left(why: str) -> str:
    """Why a hospital is not compared."""
    return {
        "few": _("too few patients in the month"),
        "doctors": _("nothing is known of its doctors' visits in the month"),
        "peers": _("too few hospitals like it"),
    }[why]


def column_titles() -> list[str]:
    return [
        _("Registrations"), _("Seen by doctor"), _("Wait, 9 of 10 (min)"), _("e-Prescriptions"),
        _("e-Prescriptions per 100 seen"), _("Got all medicines, %"), _("Tests reported"),
        _("With ABHA, %"), _("Scan & Share, %"), _("Linked records"),
        _("Test report, 9 of 10 (min)"),
    ]  # fmt: skip


def cells(figures: Figures, *, hide: bool) -> list[str]:
    """One place's numbers in the order of `column_titles`."""
    return list(named(figures, hide=hide).values())


def named(figures: Figures, *, hide: bool) -> dict[str, str]:
    """The same by name, for a template: a number in a list costs it ten times a name."""
    f = figures
    return {
        "registered": few(f.registered, hide=hide),
        "seen": few(f.seen, hide=hide),
        "wait": "–" if f.wait is None or (hide and f.waited < FEW) else str(f.wait),
        "e_rx": few(f.e_rx, hide=hide),
        "e_rx_pct": share(f.e_rx_pct, f.seen, hide=hide),
        "whole": share(f.whole_pct, f.closed, hide=hide),
        "tests": few(f.tests, hide=hide),
        "abha": share(f.abha_pct, f.registered, hide=hide),
        "scan": share(f.scan_pct, f.registered, hide=hide),
        "linked": few(f.linked, hide=hide),
        "report": _report_min(f, hide=hide),
    }


def context(board: Board, *, hide: bool) -> Row:
    """Everything that the numbers' template says."""
    below = [line for line in board.lines if line.code != board.ground.code]
    return {
        "board": board,
        "ground": board.ground,
        "period": board.period,
        "kpis": _kpis(board, hide=hide),
        "facts": _facts(board, hide=hide),
        "tiles": _tiles(board, hide=hide) if board.ground.kind == "state" else [],
        "chart": _chart(board, hide=hide),
        "chart_phone": _chart(board, hide=hide, phone=True),
        "rows": _rows(below, hide=hide),
        "silent": sum(line.silent for line in board.lines),
        "missing": board.missing,
        "target": WORDS,
        "feasts": _feasts(board),
        "empty": not any(board.figures.sums.values()) and not any(
            figures.registered for figures in board.days.values()
        ),
    }  # fmt: skip


def _kpis(board: Board, *, hide: bool) -> list[Row]:
    now, then = board.figures, board.before
    week = list(board.days.values())[-14:]
    return [
        _number(_("Registrations"), board, now.registered, then.registered,
                [f.registered for f in week], hide=hide),
        _number(_("Seen by doctor"), board, now.seen, then.seen, [f.seen for f in week], hide=hide),
        _rate(_("Wait (9 of 10 patients)"), now.wait, then.wait, [f.wait for f in week],
              target=WAIT_MIN, of=now.waited, unit="min", less=True, hide=hide),
        _rate(_("Got all medicines"), now.whole_pct, then.whole_pct, [f.whole_pct for f in week],
              target=WHOLE_PCT, of=now.closed, unit="%", hide=hide),
        _rate(_("e-Prescriptions"), now.e_rx_pct, then.e_rx_pct, [f.e_rx_pct for f in week],
              target=E_RX_PCT, of=now.seen, unit="%", hide=hide),
    ]  # fmt: skip


def _number(
    title: str, board: Board, now: int, then: int, week: list[int | None], *, hide: bool
) -> Row:
    """A count. Today is not over, so it is set beside the whole day of last week, not against."""
    if board.period.now:
        change, up, told = "", True, few(then, hide=hide)
        if board.period.days == 1:
            day = date_format(board.period.before.first, "D j M")
            note = _("%(day)s, whole day: %(n)s") % {"day": day, "n": told}
        else:
            note = _("%(days)s days before: %(n)s") % {"days": board.period.days, "n": told}
    else:
        note = _("against the days before") if board.period.days > 1 else _("against last week")
        up = now >= then
        change = f"{'▲' if up else '▼'} {abs(round(100 * (now - then) / then))}%" if then else ""
    value = few(now, hide=hide)
    return {"title": title, "value": value, "note": note, "change": change, "good": up,
            "spark": charts.spark(week)}  # fmt: skip


def _rate(
    title: str, now: int | None, then: int | None, week: list[int | None], *,
    target: int, of: int, unit: str, less: bool = False, hide: bool,
) -> Row:  # fmt: skip
    """A rate or a wait against its target; the change in points or minutes."""
    known = now is not None and not (hide and of < FEW)
    change, good = "", True
    if known and now is not None and then is not None and now != then:
        good = (now < then) == less
        points = _("%(n)s min") if unit == "min" else _("%(n)s points")
        change = f"{'▲' if now > then else '▼'} {points % {'n': abs(now - then)}}"
    words = _("target %(n)s min") if unit == "min" else _("target %(n)s%%")
    value = _("%(n)s min") % {"n": now} if unit == "min" else f"{now}%"
    late = known and now is not None and ((now > target) if less else (now < target))
    return {"title": title, "value": value if known else "–", "note": words % {"n": target},
            "change": change, "good": good, "late": late, "spark": charts.spark(week)}  # fmt: skip


def _report_min(f: Figures, *, hide: bool) -> str:
    """Minutes from sample to report; the last bucket is open: "1440+" is a day or more."""
    if f.report_min is None or (hide and f.timed_reports < FEW):
        return "–"
    return f"{f.report_min}+" if f.report_min_open else str(f.report_min)


def _facts(board: Board, *, hide: bool) -> list[Row]:
    f = board.figures
    facts = [
        (_("Tests reported"), few(f.tests, hide=hide)),
        (_("Sample to report, 9 of 10 (min)"), _report_min(f, hide=hide)),
        (_("With ABHA"), share(f.abha_pct, f.registered, hide=hide)),
        (_("Scan & Share"), share(f.scan_pct, f.registered, hide=hide)),
        (_("Linked records"), few(f.linked, hide=hide)),
    ]
    if board.period.now:
        out = len({code for line in board.lines for code in line.outs})
        facts.append((_("Medicines out of stock"), str(localize(out))))
        posted = sum(line.posted for line in board.lines)
        if posted:
            seated = sum(line.seated for line in board.lines)
            facts.append((_("Doctors who have called today"), f"{seated} / {posted}"))
    return [{"title": title, "value": value} for title, value in facts]


def _tiles(board: Board, *, hide: bool) -> list[Row]:
    known = {line.code: line for line in board.lines}
    found = []
    for code, (row, column, hi, en) in TILES.items():
        line = known.get(code)
        of = line.figures.seen if line else 0
        percent = line.figures.e_rx_pct if line and not (hide and of < FEW) else None
        found.append(
            {
                "code": code,
                "at": f"r{row} c{column}",
                "hi": hi,
                "en": en,
                "shade": shade(percent),
                "percent": "–" if percent is None else str(percent),
                "href": _href("district", code) if line else "",
            }
        )
    return found


@lru_cache(maxsize=2048)  # districts, blocks and hospitals of the State
def _href(kind: str, code: str) -> str:
    """The board of a place; boards of places are on the State's host alone."""
    return reverse("monitoring:place", args=(kind, code))


def _feasts(board: Board) -> list[Row]:
    """Holidays within the trend, each with its source and whether the State's list was read."""
    first = board.period.last - timedelta(days=max(TREND_DAYS, board.period.days) - 1)
    return [
        {"day": day, "hi": one.name_hi, "en": one.name_en, "verified": one.verified,
         "source": one.source}
        for day, one in sorted(holidays().items())
        if first <= day <= board.period.last and not board.period.months
    ]  # fmt: skip


def _chart(board: Board, *, hide: bool, phone: bool = False) -> Any:
    """Registrations of thirty days at least, or of each month; fewer than five drawn as none."""
    width = charts.WIDTH if board.ground.kind == "state" else charts.WIDE
    width = charts.PHONE if phone else width
    if board.period.months:
        found = [(m, board.days.get(m.isoformat())) for m in board.period.months]
        bars = [(month, few_as_none(f.registered if f else 0, hide=hide)) for month, f in found]
        last = found[-1][1]
        told = few(last.registered, hide=hide) if last else "0"
        words = _("Registrations of %(months)s months; in the last of them %(n)s.")
        sentence = words % {"months": len(bars), "n": told}
        return charts.days(bars, sentence=sentence, width=width, monthly=True)
    span = max(TREND_DAYS, board.period.days)
    lead = charts.AVERAGE - 1
    days = [board.period.last - timedelta(days=n) for n in range(span + lead - 1, -1, -1)]
    values = []
    for day in days:
        figures = board.days.get(day.isoformat())
        n = figures.registered if figures else 0
        values.append((day, few_as_none(n, hide=hide)))
    sentence = _("Registrations of %(days)s days; on the last of them %(n)s.") % {
        "days": span, "n": few(board.days[days[-1].isoformat()].registered, hide=hide)
        if days[-1].isoformat() in board.days else 0,
    }  # fmt: skip
    feasts = {day: local({"hi": one.name_hi, "en": one.name_en}, "")
              for day, one in holidays().items()}  # fmt: skip
    return charts.days(values[lead:], sentence=sentence, width=width, feasts=feasts,
                       lead=[n for _, n in values[:lead]])  # fmt: skip


def few_as_none(n: int, *, hide: bool) -> int:
    """So few that a bar would tell their number are drawn as none."""
    return 0 if hide and n < FEW else n


def _rows(lines: list[Line], *, hide: bool) -> list[Row]:
    most = max((line.figures.registered for line in lines), default=0)
    top = max([2 * WAIT_MIN, *(line.figures.wait or 0 for line in lines)])
    named_outs = {code for line in lines if line.kind == "hospital" for code in line.outs}
    drugs = terminology.medications(named_outs) if named_outs else {}
    found = []
    for line in lines:
        f = line.figures
        wait = f.wait if f.wait is not None and not (hide and f.waited < FEW) else None
        late = wait is not None and wait > WAIT_MIN
        found.append({
            **named(f, hide=hide),
            "line": line, "wait": "–" if wait is None else str(wait), "late": late,
            "href": _href(line.kind, line.code),
            "bullet": charts.bullet(wait, top=top, target=WAIT_MIN, bad=late),
            "doctors": f"{line.seated} / {line.posted}" if line.posted else "–",
            "bar": charts.bar(0 if hide and f.registered < FEW else f.registered, top=most),
            "out": _outs(line, drugs),
            "sites": ngettext("%(n)s hospital", "%(n)s hospitals", line.hospitals)
            % {"n": line.hospitals},
        })  # fmt: skip
    return found


def _outs(line: Line, drugs: dict[str, Any]) -> str:
    """Names for a hospital, a number for a wider place."""
    if not line.outs:
        return ""
    if line.kind != "hospital":
        return _medicines(len(line.outs))
    names = [drugs[code].generic_name for code in line.outs[:OUT_NAMES] if code in drugs]
    if not names:
        return _medicines(len(line.outs))
    more = len(line.outs) - len(names)
    rest = [pgettext("medicines", "%(n)s more") % {"n": more}] if more else []
    return ", ".join([*names, *rest])


def _medicines(n: int) -> str:
    return ngettext("%(n)s medicine", "%(n)s medicines", n) % {"n": n}
