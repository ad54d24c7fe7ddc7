"""One contact of care: the visit, its place in the queue, what was measured, what was found."""

from datetime import date, time, timedelta

from django.db import models
from django.utils import timezone

from apps.core.fields import SharedForeignKey, UUID7Field
from apps.encounters.queue_order import EVENING, SESSION, group_of, rank


class Encounter(models.Model):
    """An OPD visit. `draft` is the consultation as it is being typed, saved per field."""

    class Kind(models.TextChoices):
        OPD = "OPD"
        IPD = "IPD"
        ER = "ER"

    class Status(models.TextChoices):
        PLANNED = "planned"
        IN_PROGRESS = "in-progress"
        FINISHED = "finished"
        CANCELLED = "cancelled"

    id = UUID7Field()
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, db_index=False)
    number = models.CharField(max_length=20)  # slip number: PUR-26-118204
    code = models.CharField(max_length=12)  # secret part of the slip's QR
    kind = models.CharField(max_length=3, choices=Kind, default=Kind.OPD)
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED)
    department = models.CharField(max_length=20)
    room = models.CharField(max_length=10, blank=True)
    doctor = SharedForeignKey("accounts.User", null=True, db_index=False)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    pregnant = models.BooleanField(null=True)
    lmp = models.DateField(null=True)
    draft = models.JSONField(default=dict)
    draft_version = models.PositiveIntegerField(default=0)
    follow_up = models.DateField(null=True)  # the day the doctor asked for
    fee_rupees = models.PositiveSmallIntegerField(null=True)  # as taken at the window
    fee_exempt = models.CharField(max_length=20, blank=True, default="", db_default="")
    early_warning = models.PositiveSmallIntegerField(null=True)  # score of the last vitals
    typed_at = models.DateTimeField(null=True)  # a paper slip: when it was typed in

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="encounter_number"),
            models.UniqueConstraint(fields=["code"], name="encounter_code"),
        ]
        indexes = [
            models.Index(fields=["patient", "-started_at"], name="encounter_patient"),
            models.Index(  # the recall list
                fields=["follow_up"],
                name="encounter_follow_up",
                condition=models.Q(follow_up__isnull=False),
            ),
        ]


class QueueTokenQuerySet(models.QuerySet["QueueToken"]):
    def of_day(self, day: date | None = None) -> "QueueTokenQuerySet":
        """Of one day; without `day` of now: at night also who stands since the evening before."""
        if day is not None:
            return self.filter(day=day)
        today, *evening = days_open()
        gone = (QueueToken.Status.DONE, QueueToken.Status.CANCELLED)
        left = models.Q(day__in=evening) & ~models.Q(status__in=gone)
        return self.filter(models.Q(day=today) | left if evening else models.Q(day=today))

    def in_line(self, department: str | None, room: str = "") -> "QueueTokenQuerySet":
        """Who may be called to `room` of a department: not bound to a room, or bound to this."""
        found = self
        if department:
            own = models.Q(moved_to="", queue=department)
            found = found.filter(own | models.Q(moved_to=department))
        return found.filter(for_room__in=("", room)) if room else found

    def standing(self) -> "QueueTokenQuerySet":
        """Not gone: neither done nor taken back."""
        return self.exclude(status__in=(QueueToken.Status.DONE, QueueToken.Status.CANCELLED))

    def waiting_now(self) -> "QueueTokenQuerySet":
        """May be called: waiting, or held until a time that is over."""
        return self.filter(waits())


NIGHT_ENDS_AT = time(6)


def days_open() -> list[date]:
    """The days whose visits go on now: today, and until six in the morning yesterday too. An
    emergency of ten to twelve must not leave the doctor's list at midnight."""
    now = timezone.localtime()
    today = now.date()
    return [today, today - timedelta(days=1)] if now.time() < NIGHT_ENDS_AT else [today]


def waits(prefix: str = "") -> models.Q:
    """The same as a condition, for counts."""
    held = {f"{prefix}status": "held", f"{prefix}held_until__lte": timezone.now()}
    return models.Q(**{f"{prefix}status": "waiting"}) | models.Q(**held)


class QueueToken(models.Model):
    """One number for the whole visit. `station` is the desk it waits for now.

    `queue` gave the number and its letter; `moved_to` is the department it waits for since it was
    moved, "" while it stands in its own. `for_room` binds it to one room, "" is any.
    """

    class Station(models.TextChoices):
        VITALS = "vitals"
        DOCTOR = "doctor"
        LAB = "lab"
        PHARMACY = "pharmacy"
        NONE = "none"

    class Status(models.TextChoices):
        WAITING = "waiting"
        CALLED = "called"
        HELD = "held"
        SERVING = "serving"
        DONE = "done"
        NO_SHOW = "no-show"
        CANCELLED = "cancelled"

    class Source(models.TextChoices):
        WALK_IN = "walk-in"
        APPOINTMENT = "appointment"
        SCAN_AND_SHARE = "scan-and-share"

    id = UUID7Field()
    encounter = models.OneToOneField(Encounter, on_delete=models.PROTECT, related_name="token")
    queue = models.CharField(max_length=20)  # department code
    day = models.DateField()
    session = models.CharField(max_length=4, default="1")
    number = models.PositiveIntegerField()
    station = models.CharField(max_length=10, choices=Station, default=Station.VITALS)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    source = models.CharField(max_length=16, choices=Source, default=Source.WALK_IN)
    priority = models.PositiveSmallIntegerField(default=0)  # higher is seen earlier
    priority_reason = models.CharField(max_length=20, blank=True)
    room = models.CharField(max_length=10, blank=True)
    waiting_since = models.DateTimeField(default=timezone.now)
    called_at = models.DateTimeField(null=True)
    called_by = SharedForeignKey("accounts.User", null=True, db_index=False)
    times = models.JSONField(default=dict)  # station -> [arrived, called, left], ISO
    moved_to = models.CharField(max_length=20, blank=True, default="", db_default="")
    for_room = models.CharField(max_length=10, blank=True, default="", db_default="")
    held_until = models.DateTimeField(null=True)
    returning = models.CharField(  # "report": back at the doctor's with results
        max_length=10, blank=True, default="", db_default=""
    )

    objects = QueueTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "day", "session", "number"], name="token_queue_day_number"
            )
        ]
        indexes = [models.Index(fields=["day", "station", "status"], name="token_day_station")]

    @property
    def line(self) -> str:
        """The department it waits for now."""
        return self.moved_to or self.queue

    @property
    def group(self) -> int:
        return group_of(self.priority, self.returning)

    @property
    def rank(self) -> float:
        """At the doctor's the number counts, at the other desks who came first."""
        place = self.times.get("place")
        if place is None and self.station != self.Station.DOCTOR:
            return float(SESSION) + self.waiting_since.timestamp()
        evening = 0 if self.day >= timezone.localdate() else EVENING
        return rank(self.session, self.number, place) - evening

    @property
    def is_of_now(self) -> bool:
        """Its visit goes on, by the day."""
        return self.day in days_open()

    @property
    def waits_now(self) -> bool:
        """Waiting, or held until a time that is over: nobody has to press for that."""
        if self.status == self.Status.HELD:
            return self.held_until is not None and self.held_until <= timezone.now()
        return self.status == self.Status.WAITING


class Condition(models.Model):
    """A complaint or a diagnosis of one visit. Code and words as written that day."""

    class Category(models.TextChoices):
        COMPLAINT = "complaint"
        DIAGNOSIS = "diagnosis"

    class Status(models.TextChoices):
        ACTIVE = "active"
        ENTERED_IN_ERROR = "entered-in-error"

    id = UUID7Field()
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT)
    category = models.CharField(max_length=10, choices=Category)
    code = models.CharField(max_length=20, blank=True)
    standard_code = models.CharField(max_length=20, blank=True)
    display_en = models.CharField(max_length=200)
    display_hi = models.CharField(max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)


class Observation(models.Model):
    """One measured fact. Blood pressure is two rows taken together (`taken_at`)."""

    class Status(models.TextChoices):
        FINAL = "final"
        ENTERED_IN_ERROR = "entered-in-error"

    id = UUID7Field()
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    loinc = models.CharField(max_length=10, blank=True)
    value = models.DecimalField(max_digits=9, decimal_places=3)
    unit = models.CharField(max_length=20)
    flag = models.CharField(max_length=4, blank=True)  # L H LL HH (advisory)
    status = models.CharField(max_length=16, choices=Status, default=Status.FINAL)
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = SharedForeignKey("accounts.User", null=True, db_index=False)
