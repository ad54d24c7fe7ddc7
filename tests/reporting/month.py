"""One October of Green PHC, written straight into its tables: few enough to count on fingers."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.core.ids import short_code, uuid7
from apps.encounters.models import Condition, Encounter
from apps.labs.models import DiagnosticReport, ServiceRequest
from apps.patients.models import Patient

OCTOBER = date(2026, 10, 1)


def at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


class Town:
    """Makes patients, visits and released tests on any day."""

    def __init__(self, cast):
        self.cast, self.n = cast, 0

    def person(self, sex="female", years=34, day=OCTOBER):
        self.n += 1
        return Patient.objects.create(
            mrn=f"T{self.n:05d}", name_hi="आशा देवी", name_en=f"Asha {self.n}", search_key="asha",
            sex=sex, birth_date=day - timedelta(days=round(years * 365.25) + 40),
            block_code="90001",
        )  # fmt: skip

    def visit(self, who=None, day=OCTOBER, icd=(), hour=10, complaints=(), **fields):
        self.n += 1
        visit = Encounter.objects.create(
            patient=who or self.person(), number=f"GRN-26-9{self.n:05d}", code=short_code(),
            started_at=at(day, hour), **{"department": "MED", "status": "finished", **fields},
        )  # fmt: skip
        for code in icd:
            Condition.objects.create(encounter=visit, category="diagnosis", code=code,
                                     standard_code=code, display_en=code)  # fmt: skip
        for code, days in complaints:
            Condition.objects.create(encounter=visit, category="complaint", code=code,
                                     display_en=code, days=days)  # fmt: skip
        return visit

    def test(self, visit, code, value="", *, day=None, **fields):
        """A released report of one test."""
        when = at(day or timezone.localtime(visit.started_at).date(), 13)
        order = ServiceRequest.objects.create(
            encounter=visit, test_code=code, display_en=code, status="completed", ordered_at=when,
            ordered_by_id=uuid7(), **fields,
        )  # fmt: skip
        results = [{"code": code, "value": value, "flag": "", "name_en": code}] if value else []
        return DiagnosticReport.objects.create(
            request=order, patient=visit.patient, status="final", results=results,
            entered_at=when, verified_at=when,
        )  # fmt: skip


def october(cast):
    """What `EXPECTED` says of October, and a visit on each side of it that must not count."""
    town = Town(cast)
    day = OCTOBER + timedelta(days=4)
    for outside in (OCTOBER - timedelta(days=1), date(2026, 11, 1)):
        town.test(town.visit(day=outside, icd=("I10",)), "HB", "6.1")
    old = town.person("male", 71)
    town.visit(old, day, ("I10", "E11.9"))
    town.visit(old, day + timedelta(days=20), ("I10",))  # came again: two attendances
    town.visit(town.person("male", 60), OCTOBER, ("J44.9",), hour=0)  # at midnight of the first
    town.visit(town.person("female", 59), date(2026, 10, 31), ("C53.9", "C23"), hour=23)
    child = town.person("male", 3)
    town.visit(child, day, ("J18.9", "A09.9"))
    town.visit(town.person("female", 5), day, ("A09.9",))  # five years old: no longer counted
    town.visit(department="AYU", day=day)
    town.visit(day=day, status="cancelled")
    town.visit(day=day, kind="ER", hour=22, icd=("S06.9",))
    town.visit(day=day, kind="ER", hour=9)
    expecting = town.visit(day=day, pregnant=True)
    town.test(expecting, "HB", "9.4")
    town.test(expecting, "HB", "10.0", day=day + timedelta(days=2))  # the same woman
    town.test(expecting, "HIVR", "NR")
    town.test(expecting, "RPR", "R")
    severe = town.visit(day=day, pregnant=True)
    town.test(severe, "HB", "7")
    man = town.visit(town.person("male", 30), day)
    town.test(man, "HB", "6.9")
    town.test(man, "HIVR", "R")
    town.test(man, "MPRDT", "PF")
    town.test(man, "MPRDT", "INV")
    town.test(man, "RK39", "POS", performer="PPP")
    town.test(man, "CXR", category="imaging")
    return town


EXPECTED = {
    "14.2.1": 9, "14.2.2": 1, "14.1.1": 1, "14.1.2": 2, "14.1.13": 1, "14.1.14": 1, "14.1.15": 1,
    "14.1.21": 3, "10.1.1": 1, "10.1.11": 1, "14.5.1": 2, "14.5.2": 1,
    "15.1.1": 9, "15.1.2": 1, "15.2.1": 4, "15.2.2": 1, "1.4.2": 1, "1.4.3": 1,
    "15.3.1.a": 1, "15.3.1.b": 1, "15.3.3.a": 1, "15.3.3.b": 0, "15.3.2.a": 0,
    "1.6.1.a": 1, "1.6.1.b": 1, "15.4.2.a": 0, "11.1.2.a": 1, "11.1.2.c": 1, "11.1.2.b": 0,
    "11.2.1": 1, "11.2.2": 1, "15.6.1.a.i": 1, "15.6.1.a.ii": 0,
}  # fmt: skip
