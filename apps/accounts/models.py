"""People who work here, where they are posted, and on which computers they are logged in."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Scope
from apps.core.fields import SharedForeignKey, UUID7Field
from apps.core.tenancy import home_id


@dataclass(frozen=True, slots=True)
class Reach:
    """The places an actor reaches: hospitals by id, offices by LGD code."""

    everywhere: bool = False
    facility_ids: frozenset[UUID] = frozenset()
    places: frozenset[str] = frozenset()
    district: str = ""


class UserQuerySet(models.QuerySet["User"]):
    def within(self, reach: "Reach") -> "UserQuerySet":
        """People whose file or whose work lies in the places somebody reaches."""
        if reach.everywhere:
            return self
        postings = PractitionerRole.objects.within(reach).current()
        return self.filter(
            models.Q(pk__in=postings.values("user_id"))
            | models.Q(base_facility_id__in=reach.facility_ids)
            | (models.Q(base_district=reach.district) if reach.district else models.Q(pk=None))
        )

    def unposted(self) -> "UserQuerySet":
        """Nobody's hat today and none to come."""
        return self.exclude(pk__in=PractitionerRole.objects.current().values("user_id"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff. No Django groups, no superuser: rights come from postings alone.

    `base_facility` and `base_district` say which office keeps this person's file, so that
    somebody who is not posted yet is seen there and nowhere else.
    """

    id = UUID7Field()
    username = models.CharField(max_length=40)
    mobile = models.CharField(max_length=10, null=True, blank=True)
    email = models.EmailField(blank=True)
    name_hi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    qualification = models.CharField(max_length=60, blank=True)
    registration_no = models.CharField(max_length=40, blank=True)
    registration_council = models.CharField(max_length=60, blank=True)
    registration_until = models.DateField(null=True)
    hpr_id = models.CharField(max_length=20, blank=True)
    hpr_until = models.DateField(null=True)
    pin_hash = models.CharField(max_length=128, blank=True)
    base_facility = SharedForeignKey("facilities.Facility", null=True)
    base_district = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=5, default="hi")
    text_size = models.CharField(max_length=2, default="m")
    theme = models.CharField(max_length=5, default="light")
    contrast = models.BooleanField(default=False)
    letter_keys = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="user_username"),
            models.UniqueConstraint(fields=["mobile"], name="user_mobile"),
        ]

    def __str__(self) -> str:
        return self.username


class PostingQuerySet(models.QuerySet["PractitionerRole"]):
    def at(self, facility_id: UUID | None) -> "PostingQuerySet":
        """At one facility (in its training place: at itself), or (None) the offices above."""
        if facility_id is None:
            return self.filter(facility__isnull=True)
        return self.filter(facility_id=home_id(facility_id))

    def within(self, reach: "Reach") -> "PostingQuerySet":
        if reach.everywhere:
            return self
        return self.filter(
            models.Q(facility_id__in=reach.facility_ids) | models.Q(place_code__in=reach.places)
        )

    def current(self) -> "PostingQuerySet":
        """In force or still to come."""
        return self.filter(
            models.Q(to_date__isnull=True) | models.Q(to_date__gte=timezone.localdate())
        )

    def meeting(self, first: date, last: date | None) -> "PostingQuerySet":
        """Sharing at least one day with the days from `first` to `last` (None: open end)."""
        found = self.filter(models.Q(to_date__isnull=True) | models.Q(to_date__gte=first))
        return found.filter(from_date__lte=last) if last else found

    def in_force(self, day: Any = None) -> "PostingQuerySet":
        """Postings that give rights on `day` (default today, India time)."""
        day = day or timezone.localdate()
        return self.filter(from_date__lte=day).filter(
            models.Q(to_date__isnull=True) | models.Q(to_date__gte=day)
        )


class PractitionerRole(models.Model):
    """What one user may be in one place, from a day to a day. Rights end by themselves."""

    class Kind(models.TextChoices):
        POSTING = "posting"
        DEPUTATION = "deputation"
        ACTING = "acting"

    id = UUID7Field()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=5)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.POSTING)
    scope = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Scope])
    facility = SharedForeignKey("facilities.Facility", null=True)
    place_code = models.CharField(max_length=12, blank=True)
    department = models.CharField(max_length=20, blank=True)
    room = models.CharField(max_length=10, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_date__isnull=True)
                | models.Q(to_date__gte=models.F("from_date")),
                name="posting_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(scope="facility", facility__isnull=False)
                | (~models.Q(scope="facility") & models.Q(facility__isnull=True)),
                name="posting_scope_has_place",
            ),
        ]


class OneTimeCode(models.Model):
    """A code sent to a phone so that its owner may set a new password. Only its hash is kept."""

    id = UUID7Field()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)


class Workstation(models.Model):
    """A shared computer of one hospital where staff change places by PIN or badge.

    Its cookie holds a secret that only that browser has; here stands the hash.
    """

    id = UUID7Field()
    facility = SharedForeignKey("facilities.Facility")
    name = models.CharField(max_length=40)
    secret_hash = models.CharField(max_length=64)
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT)
    enrolled_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)


class LogInQuerySet(models.QuerySet["LogIn"]):
    def open(self) -> "LogInQuerySet":
        """Nobody ended it, and no session of the house lives longer."""
        oldest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(ended_at=None, seen_at__gt=oldest)

    def full(self) -> "LogInQuerySet":
        """Full log-ins on a shared computer that still let their owner come back by PIN."""
        return self.filter(face_until__gt=timezone.now(), workstation__revoked_at=None)


class LogIn(models.Model):
    """One session: who, where, how, since when. Ending it here ends it on every host.

    `face_until`: until then the person may come back to this computer by PIN. `proof` is made
    from the password of that day, so a new password takes the face away.
    """

    class How(models.TextChoices):
        PASSWORD = "password"
        PIN = "pin"
        BADGE = "badge"

    id = UUID7Field()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="log_ins")
    workstation = models.ForeignKey(Workstation, on_delete=models.PROTECT, null=True)
    facility = SharedForeignKey("facilities.Facility", null=True, db_index=False)
    session_key = models.CharField(max_length=40)
    how = models.CharField(max_length=8, choices=How)
    browser = models.CharField(max_length=40, blank=True)
    proof = models.CharField(max_length=64, blank=True)
    face_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = LogInQuerySet.as_manager()


class Badge(models.Model):
    """A card with a QR that stands for the PIN on a shared computer. Only the hash is kept."""

    id = UUID7Field()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    secret_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["secret_hash"], name="badge_secret")]


class RosterEntry(models.Model):
    """Where one person sits on one day. `shift`: "" the whole day, a session's code, "night", or
    "off". Whoever has no entry for a day sits where the posting says.
    """

    id = UUID7Field()
    facility = SharedForeignKey("facilities.Facility", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    day = models.DateField()
    shift = models.CharField(max_length=10, blank=True)
    room = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "day", "user", "shift"], name="roster_turn_once"
            )
        ]


class LeaveQuerySet(models.QuerySet["Leave"]):
    def covering(self, day: Any) -> "LeaveQuerySet":
        """Not taken back, and that day (a date or an expression) lies within."""
        return self.filter(cancelled_at=None, from_date__lte=day, to_date__gte=day)

    def keeping_away(self, day: Any) -> "LeaveQuerySet":
        """Covering the day, and the person was not called back on it."""
        back = LeaveOverride.objects.filter(leave_id=models.OuterRef("pk"), day=day)
        return self.covering(day).exclude(models.Exists(back))


class Leave(models.Model):
    """Days on which one person is away from one hospital; work elsewhere is not touched."""

    class Kind(models.TextChoices):
        CASUAL = "casual", _("Casual leave")
        EARNED = "earned", _("Earned leave")
        MEDICAL = "medical", _("Medical leave")
        MATERNITY = "maternity", _("Maternity or child care leave")
        TRAINING = "training", _("Training or meeting")
        OTHER = "other", _("Other absence")

    id = UUID7Field()
    facility = SharedForeignKey("facilities.Facility", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind)
    from_date = models.DateField()
    to_date = models.DateField()
    cancelled_at = models.DateTimeField(null=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_date__gte=models.F("from_date")), name="leave_dates_in_order"
            )
        ]
        indexes = [models.Index(fields=["facility", "to_date"], name="leave_facility_to")]


class LeaveOverride(models.Model):
    """On this day of a leave the person was called back and may sign. Why stands beside it."""

    class Reason(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency: a patient cannot wait")
        CALLED_BACK = "called_back", _("Called back by the in-charge")
        WRONG = "wrong", _("The leave is entered wrongly")

    id = UUID7Field()
    leave = models.ForeignKey(Leave, on_delete=models.CASCADE)
    day = models.DateField()
    reason = models.CharField(max_length=12, choices=Reason)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leave", "day"], name="leave_override_once")]


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def within(self, reach: Reach) -> "ApiKeyQuerySet":
        """Keys for the places somebody reaches; those of the whole State only from there."""
        if reach.everywhere:
            return self
        return self.filter(
            models.Q(facility_id__in=reach.facility_ids) | models.Q(place_code__in=reach.places)
        )


class ApiKey(models.Model):
    """What lets another department's program read: which resources, of which places, until when.

    Only the secret's hash is kept. `scope` and `place_code` as in a posting.
    """

    id = UUID7Field()
    programme = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    scope = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Scope])
    facility = SharedForeignKey("facilities.Facility", null=True, db_index=False)
    place_code = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope="facility", facility__isnull=False)
                | (~models.Q(scope="facility") & models.Q(facility__isnull=True)),
                name="api_key_scope_has_place",
            ),
        ]

    @property
    def last_day(self) -> date:
        """It ends with this day, India time."""
        return timezone.localdate(self.expires_at - timedelta(seconds=1))
