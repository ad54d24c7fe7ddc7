"""Visits as the State's forms and the register count them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.encounters.models import Condition, Encounter, QueueToken
from apps.encounters.queries.visits import settings_here, token_label
from apps.encounters.queries.words import department_names
from apps.patients import queries as patients
from apps.patients.age import age_on

NIGHT_FROM, NIGHT_TO = time(20), time(8)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class VisitFact:
    """One visit without a name. `months`: the patient's age that day; `icd`: its diagnoses;
    `complaints`: code to days."""

    id: UUID
    patient_id: UUID
    number: str
    day: date
    department: str
    kind: str
    night: bool
    tele: bool
    sex: str
    months: int
    block: str
    icd: tuple[str, ...] = ()
    complaints: dict[str, int | None] = field(default_factory=dict)

    @property
    def years(self) -> int:
        return self.months // 12


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(d, time.min) for d in (first, last + timedelta(days=1)))
    return timezone.make_aware(start), timezone.make_aware(end)


def _attended(first: date, last: date) -> Any:
    """Registered in these days and not cancelled; who was called and never came did not attend."""
    start, end = _span(first, last)
    found = Encounter.objects.filter(started_at__gte=start, started_at__lt=end)
    found = found.exclude(status__in=(Encounter.Status.CANCELLED,))
    return found.exclude(token__status__in=(QueueToken.Status.CANCELLED, QueueToken.Status.NO_SHOW))


def months_old(born: date, on: date) -> int:
    """Whole months of an age on a day; never less than 0."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return max(0, months)


def visit_facts(first: date, last: date) -> list[VisitFact]:
    """Every visit of these days, in order. 2 queries."""
    rooms = {room.code for room in settings_here().rooms if room.kind == "tele"}
    found = _attended(first, last)
    icd: dict[UUID, list[str]] = defaultdict(list)
    told: dict[UUID, dict[str, int | None]] = defaultdict(dict)
    conditions = Condition.objects.filter(
        encounter__in=found.order_by().values("pk"), status=Condition.Status.ACTIVE
    )
    for visit, category, code, standard, days in conditions.values_list(
        "encounter_id", "category", "code", "standard_code", "days"
    ):
        if category == Condition.Category.COMPLAINT:
            told[visit][code] = days
        elif standard:
            icd[visit].append(standard)
    fields = ("pk", "patient_id", "number", "started_at", "department", "kind", "room",
              "patient__sex", "patient__birth_date", "patient__block_code")  # fmt: skip
    facts = []
    for pk, who, number, at, department, kind, room, sex, born, block in found.order_by(
        "started_at", "pk"
    ).values_list(*fields):
        here = timezone.localtime(at)
        night = here.time() >= NIGHT_FROM or here.time() < NIGHT_TO
        facts.append(VisitFact(
            pk, who, number, here.date(), department, kind, night, room in rooms, sex,
            months_old(born, here.date()), block, tuple(icd.get(pk, ())), told.get(pk, {}),
        ))  # fmt: skip
    return facts


def opd_register(first: date, last: date, *, only: set[UUID] | None = None) -> list[Row]:
    """The register of these days with names, first come first. 2 queries."""
    config = settings_here()
    found = _attended(first, last).select_related("patient", "token")
    if only is not None:
        found = found.filter(pk__in=only)
    rows = list(found.order_by("started_at", "pk"))
    words: dict[UUID, list[Row]] = defaultdict(list)
    for one in Condition.objects.filter(
        encounter__in=[row.pk for row in rows], category=Condition.Category.DIAGNOSIS,
        status=Condition.Status.ACTIVE,
    ).order_by("pk"):  # fmt: skip
        words[one.encounter_id].append(
            {"hi": one.display_hi or one.display_en, "en": one.display_en,
             "icd": one.standard_code}
        )  # fmt: skip
    return [_register_row(n, row, words.get(row.pk, []), config) for n, row in enumerate(rows, 1)]


def _register_row(n: int, visit: Encounter, diagnoses: list[Row], config: Any) -> Row:
    who = patients.brief(visit.patient)
    on = timezone.localtime(visit.started_at).date()
    age = age_on(visit.patient.birth_date, on)
    token = getattr(visit, "token", None)
    return {
        "no": n,
        "id": str(visit.pk),
        "at": visit.started_at.isoformat(),
        "number": visit.number,
        "token": token_label(token, config) if token else "",
        "patient": {
            "name_hi": who["name_hi"], "name_en": who["name_en"], "age_hi": age.hi,
            "age_en": age.en, "sex_hi": who["sex_hi"], "sex_en": who["sex_en"],
            "guardian": visit.patient.guardian_name, "village": visit.patient.village,
        },
        "department": department_names(config, visit.department),
        "diagnoses": diagnoses,
    }  # fmt: skip
