"""What a line of a form counts: visits, tests or people of the period, picked by plain conditions.

A rule says its conditions in words too, so that the page of a number explains itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

POSITIVE = frozenset({"POS", "R", "PF", "PV", "PFPV"})


@dataclass(frozen=True, slots=True)
class Visits:
    """Counts visits; with `people`, each patient once. `complaint`: (code, days from, days to),
    and none of `without`."""

    icd: tuple[str, ...] = ()
    not_icd: tuple[str, ...] = ()
    years: tuple[int, int] = (0, 200)
    kind: str = "OPD"
    department: str = ""
    not_department: str = ""
    night: bool = False
    tele: bool = False
    complaint: tuple[str, int, int] = ("", 0, 0)
    without: tuple[str, ...] = ()
    people: bool = False

    source = "visit"

    def takes(self, fact: Any) -> bool:
        low, high = self.years
        return (
            fact.kind == self.kind
            and low <= fact.years <= high
            and (not self.icd or any(self._has(code) for code in fact.icd))
            and (not self.department or fact.department == self.department)
            and (not self.not_department or fact.department != self.not_department)
            and (not self.night or fact.night)
            and (not self.tele or fact.tele)
            and (not self.complaint[0] or self._complains(fact.complaints))
        )

    def _has(self, code: str) -> bool:
        return code.startswith(self.icd) and not (self.not_icd and code.startswith(self.not_icd))

    def _complains(self, told: dict[str, int | None]) -> bool:
        code, low, high = self.complaint
        if code not in told or any(other in told for other in self.without):
            return False
        days = told[code]
        return low == 0 if days is None else low <= days <= high

    def words(self) -> list[str]:
        low, high = self.years
        said = [_("Emergency visits") if self.kind == "ER" else _("OPD visits")]
        if self.icd:
            said.append(_("with a diagnosis of ICD-10 %(codes)s") % {"codes": ", ".join(self.icd)})
        if self.not_icd:
            said.append(_("but not %(codes)s") % {"codes": ", ".join(self.not_icd)})
        if self.complaint[0]:
            code, first, last = self.complaint
            said.append(_("with the complaint %(code)s for %(first)s to %(last)s days")
                        % {"code": code, "first": first, "last": last})  # fmt: skip
        if self.without:
            said.append(_("without %(codes)s") % {"codes": ", ".join(self.without)})
        if high < 200:
            said.append(_("up to %(years)s completed years of age") % {"years": high})
        elif low:
            said.append(_("%(years)s years of age and older") % {"years": low})
        if self.department:
            said.append(_("in department %(code)s") % {"code": self.department})
        if self.not_department:
            said.append(_("in all departments but %(code)s") % {"code": self.not_department})
        if self.night:
            said.append(_("between 20:00 and 8:00"))
        if self.tele:
            said.append(_("in a video room"))
        return [*said, _("each patient once")] if self.people else said


@dataclass(frozen=True, slots=True)
class Tests:
    """Counts released reports that have a value of one of `codes` (or are orders of them); with
    `people`, each patient once. `above` and `below` leave the number itself out."""

    codes: tuple[str, ...] = ()
    category: str = "laboratory"
    positive: frozenset[str] = frozenset()
    sex: tuple[str, ...] = ()
    pregnant: bool | None = None
    outside: bool | None = None
    above: float | None = None
    below: float | None = None
    up_to: float | None = None
    people: bool = False

    source = "test"

    def takes(self, fact: Any) -> bool:
        return (
            fact.category in (self.category, *(("poct",) if self.category == "laboratory" else ()))
            and (not self.sex or fact.sex in self.sex)
            and (self.pregnant is None or fact.pregnant is self.pregnant)
            and (self.outside is None or fact.outside is self.outside)
            and (not self.codes or self._measured(fact))
        )

    def _measured(self, fact: Any) -> bool:
        if self.category == "imaging":
            return fact.code in self.codes
        found = [fact.results[code][0] for code in self.codes if code in fact.results]
        return any(self._fits(value) for value in found)

    def _fits(self, value: str) -> bool:
        if not value or value == "INV":  # an invalid kit is done again: it is no test
            return False
        if self.positive:
            return value.upper() in self.positive
        if self.above is self.below is self.up_to is None:
            return True
        try:
            number = float(value)
        except ValueError:
            return False
        return (
            (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
            and (self.up_to is None or number <= self.up_to)
        )

    def words(self) -> list[str]:
        said = [_("Reported studies") if self.category == "imaging" else _("Released tests")]
        if self.codes:
            said.append(_("of %(codes)s") % {"codes": ", ".join(self.codes)})
        if self.positive:
            said.append(_("with the result %(values)s")
                        % {"values": ", ".join(sorted(self.positive))})  # fmt: skip
        for bound, text in (
            (self.above, _("above %(n)s")), (self.below, _("below %(n)s")),
            (self.up_to, _("up to %(n)s")),
        ):  # fmt: skip
            if bound is not None:
                said.append(text % {"n": f"{bound:g}"})
        said += self._who()
        return [*said, _("each patient once")] if self.people else said

    def _who(self) -> list[str]:
        sexes = {"male": _("of men and boys"), "female": _("of women and girls"),
                 "other": _("of other genders")}  # fmt: skip
        said = [sexes[sex] for sex in self.sex if sex in sexes]
        if self.pregnant is not None:
            said.append(_("pregnant") if self.pregnant else _("not pregnant"))
        if self.outside is not None:
            said.append(_("done outside") if self.outside else _("done in this hospital"))
        return said


Rule = Visits | Tests


def picked(rule: Rule, facts: Iterable[Any]) -> list[Any]:
    """The facts that a rule counts; with `people` the first of each patient."""
    seen: set[UUID] = set()
    found = []
    for fact in facts:
        if not rule.takes(fact) or (rule.people and fact.patient_id in seen):
            continue
        seen.add(fact.patient_id)
        found.append(fact)
    return found
