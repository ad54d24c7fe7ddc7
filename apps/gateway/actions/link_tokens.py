"""Leave to link: kept for half a year, asked for seldom. Three asks in a day block the person."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.ids import keyed_hash
from apps.gateway.actions.outbox import send
from apps.gateway.models import LinkToken
from apps.gateway.sealed import seal

State = LinkToken.State
ASKS_A_DAY = 2  # the third is left to a person
ANSWER_WITHIN = timedelta(minutes=10)
REMEMBERED = timedelta(minutes=7)
BLOCKED_FOR = timedelta(days=1)
RENEW_EARLY = timedelta(days=7)
LIVES = timedelta(days=180)
BLOCKING = ("1027",)
PURPOSE = "link.token"


def person_hash(address: str) -> str:
    return keyed_hash("abha-address", address.lower())


@transaction.atomic
def ask_link_token(
    facility_id: UUID, *, address: str, number: str, name: str, gender: str, year: int, actor: Actor
) -> LinkToken:
    """The token row of one person here; asks the gateway when there is none and asking is allowed.

    `number`: 14 digits or "". `name` in Latin letters. The same row is asked for once at a time.
    """
    row, made = LinkToken.objects.select_for_update().get_or_create(
        facility_id=facility_id, abha_hash=person_hash(address)
    )
    now = timezone.now()
    if not made and not _may_ask(row):
        return row
    same_day = timezone.localdate(row.asked_at) == timezone.localdate(now) and not made
    row.asks = row.asks + 1 if same_day else 1
    row.state, row.asked_at, row.error_code, row.token = State.ASKED, now, "", ""
    row.save()
    body = {"abhaAddress": address, "name": name, "gender": gender, "yearOfBirth": year}
    if number:
        body["abhaNumber"] = int(number)  # a number here, text when linking
    send("v3/token/generate-token", body=body, purpose=PURPOSE, subject_id=row.pk,
         facility_id=facility_id)  # fmt: skip
    record(Event.LINK_TOKEN_ASKED, subject=row, facility_id=facility_id, actor=actor, asks=row.asks)
    return row


def _may_ask(row: LinkToken) -> bool:
    now = timezone.now()
    if row.state == State.ACTIVE:
        return bool(row.expires_at and row.expires_at - now < RENEW_EARLY)
    waited = now - row.asked_at
    if row.state == State.BLOCKED:
        return waited > BLOCKED_FOR
    if row.state == State.REFUSED:
        return False  # only after somebody mended the name, sex or year: drop_link_token
    today = timezone.localdate(row.asked_at) == timezone.localdate(now)
    return waited > ANSWER_WITHIN and not (today and row.asks >= ASKS_A_DAY)


@transaction.atomic
def keep_link_token(token_id: UUID, *, token: str, error_code: str, actor: Actor) -> LinkToken:
    """The gateway's answer: a token, or a code that says why not."""
    row = LinkToken.objects.select_for_update().get(pk=token_id)
    if error_code:
        row.state = State.BLOCKED if error_code in BLOCKING else State.REFUSED
        row.error_code = error_code[:12]
        event = Event.LINK_TOKEN_REFUSED
    else:
        row.state, row.token, row.error_code = State.ACTIVE, seal(token, row.facility_id), ""
        row.expires_at = _end_of(token)
        event = Event.LINK_TOKEN_KEPT
    row.save()
    record(event, subject=row, facility_id=row.facility_id, actor=actor, code=error_code)
    return row


def _end_of(token: str) -> datetime:
    """When it ends, as it says itself, else half a year. The signature is not ours to check."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        return datetime.fromtimestamp(claims["exp"], tz=UTC)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        return timezone.now() + LIVES


@transaction.atomic
def drop_link_token(facility_id: UUID, address: str) -> None:
    """Forget a token that is void, or a refusal whose cause was mended: the next may ask."""
    rows = LinkToken.objects.filter(facility_id=facility_id, abha_hash=person_hash(address))
    rows.update(state=State.ASKED, token="", asked_at=timezone.now() - ANSWER_WITHIN - REMEMBERED)
