"""The incentive's arithmetic: from counts and the rules of a day to rupees. No database.

What the scheme's text leaves open is a setting (`Choices`), never a guess hidden in the code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings

CATEGORY_2 = frozenset({"DiagnosticReport", "DischargeSummary"})
BASE_FROM = ("category-1", "category-2", "pro-rata")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Choices:
    """`base_from`: from which category the base is taken; `one_a_day`: which of several records of
    a day counts; `month_limit`: the five of a month "across" hospitals or in each; `cap_period`."""

    base_from: str = "category-1"
    one_a_day: str = "best"
    month_limit: str = "across"
    cap_period: str = "lifetime"
    certified: bool = False
    software_from: date | None = None

    @classmethod
    def read(cls) -> "Choices":
        """As the settings of this installation say."""
        since = settings.DHIS_SOFTWARE_FROM
        return cls(
            base_from=settings.DHIS_BASE_FROM,
            one_a_day=settings.DHIS_ONE_A_DAY,
            month_limit=settings.DHIS_MONTH_LIMIT,
            cap_period=settings.DHIS_CAP_PERIOD,
            certified=settings.DHIS_CERTIFIED,
            software_from=date.fromisoformat(since) if since else None,
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """What one hospital has of a month after everything that does not count is gone.
    `claims`: how many NHCX claims of how many rupees each."""

    n1: int = 0
    n2: int = 0
    received: int = 0
    given: int = 0
    claims: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement: `n` things, `paid` of them above the base, at `rate`."""

    payee: str
    kind: str
    n: int
    paid: int
    rate: Decimal
    rupees: Decimal


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Lines and sums before the caps. `version`: of the rule; `in_force`: it holds on that day and
    its rates are known, so that a claim may be made."""

    version: str
    in_force: bool
    lines: tuple[Line, ...]

    def total(self, payee: str) -> Decimal:
        return sum((line.rupees for line in self.lines if line.payee == payee), ZERO)

    def claims(self) -> Decimal:
        """The hospital's part that has a cap of its own."""
        return sum(
            (x.rupees for x in self.lines if (x.payee, x.kind) == ("facility", "claim")), ZERO
        )


@dataclass(frozen=True, slots=True)
class Scheme:
    """The rules that a day is reckoned by."""

    version: str
    in_force: bool
    rules: tuple[Any, ...]

    def rule(self, payee: str, kind: str) -> Any | None:
        return next((r for r in self.rules if (r.payee, r.kind) == (payee, kind)), None)

    @property
    def for_records(self) -> Any:
        """The rule that says which records count."""
        return self.rule("facility", "category-1") or self.rule("facility", "any")


def scheme_on(day: date, rules: Iterable[Any]) -> Scheme | None:
    """The version of a day. Where none is in force, or its rates were not found, the last one
    before it whose rates are known: an estimate. None before the scheme began."""
    begun = sorted((rule for rule in rules if rule.since <= day), key=lambda rule: rule.since)
    current = [r for r in begun if r.until is None or r.until >= day]
    if current and _known(current):
        return Scheme(current[0].version, True, tuple(current))
    for version in dict.fromkeys(rule.version for rule in reversed(begun)):
        found = [rule for rule in begun if rule.version == version]
        if _known(found):
            return Scheme(version, False, tuple(found))
    return None


def _known(rules: Sequence[Any]) -> bool:
    return all(rule.rate is not None or rule.percent is not None for rule in rules)


def reckon(scheme: Scheme, counts: Counts, choices: Choices) -> Reckoning:
    """The money of one month, to the paisa, before caps."""
    lines: list[Line] = []
    for payee in ("facility", "dsc"):
        lines += _records(scheme, payee, counts, choices)
        lines += _simple(scheme, payee, "received", counts.received)
        lines += _simple(scheme, payee, "given", counts.given)
        lines += _claims(scheme, payee, counts)
    if choices.certified:
        lines = [_more(line) if line.payee == "dsc" else line for line in lines]
    return Reckoning(scheme.version, scheme.in_force, tuple(lines))


def _records(scheme: Scheme, payee: str, counts: Counts, choices: Choices) -> list[Line]:
    total = counts.n1 + counts.n2
    if (rule := scheme.rule(payee, "any")) is not None and rule.rate is not None:
        paid = max(0, total - (rule.base or 0))
        return [Line(payee, "any", total, paid, rule.rate, rupees(paid * rule.rate))]
    first, second = scheme.rule(payee, "category-1"), scheme.rule(payee, "category-2")
    if first is None or second is None:
        return []
    base = first.base or 0
    b1, b2 = split_base(counts.n1, counts.n2, base, choices.base_from)
    above = total >= base
    parts = [(first, counts.n1, counts.n1 - b1), (second, counts.n2, counts.n2 - b2)]
    each = [(rule, n, paid if above else ZERO) for rule, n, paid in parts]
    # Rounded once: two rounded parts of a base that is shared may add up to a paisa too much.
    whole = rupees(sum((paid * rule.rate for rule, _, paid in each), ZERO))
    rest = rupees(each[1][2] * second.rate)
    return [
        Line(payee, rule.kind, n, int(paid.to_integral_value(ROUND_HALF_UP)), rule.rate, due)
        for (rule, n, paid), due in zip(each, (whole - rest, rest), strict=True)
    ]


def split_base(n1: int, n2: int, base: int, how: str) -> tuple[Decimal, Decimal]:
    """How many records of each category the base takes away; together `base`, or all there are."""
    whole = min(base, n1 + n2)
    if how == "category-1":
        first = Decimal(min(n1, whole))
    elif how == "category-2":
        first = Decimal(whole - min(n2, whole))
    else:
        first = Decimal(whole) * n1 / (n1 + n2) if n1 + n2 else ZERO
    return first, whole - first


def _simple(scheme: Scheme, payee: str, kind: str, n: int) -> list[Line]:
    rule = scheme.rule(payee, kind)
    if rule is None or rule.rate is None:
        return []
    return [Line(payee, kind, n, n, rule.rate, rupees(n * rule.rate))]


def _claims(scheme: Scheme, payee: str, counts: Counts) -> list[Line]:
    rule = scheme.rule(payee, "claim")
    if rule is None:
        return []
    n = sum(number for number, _ in counts.claims)
    if rule.percent is None:
        return [Line(payee, "claim", n, n, rule.rate, rupees(n * rule.rate))]
    each = (
        number * min(rule.limit_rupees or amount, amount * rule.percent / 100)
        for number, amount in counts.claims
    )
    return [Line(payee, "claim", n, n, rule.limit_rupees or ZERO, rupees(sum(each, ZERO)))]


def _more(line: Line) -> Line:
    """A certified company's fifth on top, if that bonus still stands."""
    return Line(
        line.payee, line.kind, line.n, line.paid, line.rate, rupees(line.rupees * Decimal("1.2"))
    )


def rupees(amount: Decimal | int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


def capped(amount: Decimal, *, cap: Decimal | None, before: Decimal) -> Decimal:
    """What is left of `amount` under a cap of which `before` is used up."""
    return amount if cap is None else max(ZERO, min(amount, cap - before))
