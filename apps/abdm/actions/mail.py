"""Callbacks find their handler, and our own calls tell what became of them."""

from typing import Any
from uuid import UUID

from apps.abdm.actions import (
    answers,
    asking,
    consent,
    discovery,
    fetching,
    inviting,
    linking,
    paying,
    record_sharing,
    running,
    sharing,
    status,
    transfer,
)
from apps.abdm.codes import ALREADY_LINKED
from apps.abdm.handlers import HANDLERS, Early, Letter, Parked
from apps.core.tenancy import facility_context
from apps.core.turns import whose_turn
from apps.gateway import actions as gateway
from apps.gateway import queries as mail

__all__ = [
    "answers",
    "handle_inbound",
    "note_sent",
    "paying",
    "record_sharing",
    "running",
    "sharing",
]


def handle_inbound(message_id: UUID | str) -> None:
    """Handle one callback inside its hospital. A job that comes twice finds it handled."""
    message = mail.inbound(message_id)
    if message is None:
        return
    if message.facility_id is None:
        _for_all(message)
        return
    handler = HANDLERS.get(message.kind)
    if handler is None:
        gateway.park_inbound(message.pk, reason="unknown path")
        return
    partner = mail.partner_of(message)
    if message.answers and partner is None:
        gateway.not_yet(message.pk, reason="its request is not known")
        return
    if partner is not None and partner.facility_id != message.facility_id:
        gateway.park_inbound(message.pk, reason="answers another hospital's request")
        return
    letter = Letter(
        id=message.pk,
        request_id=message.request_id,
        body=mail.body_of(message),
        service_id=message.service_id,
        facility_id=message.facility_id,
        purpose=partner.purpose if partner else "",
        subject_id=partner.subject_id if partner else None,
    )
    try:
        with facility_context(message.facility_id):
            handler(letter)
    except Early as reason:
        gateway.not_yet(message.pk, reason=str(reason))
    except Parked as reason:
        gateway.park_inbound(message.pk, reason=str(reason))
    else:
        gateway.handled(message.pk, answers=message.answers)
        for owed in letter.owed:
            gateway.deliver(owed)


def _for_all(message: Any) -> None:
    """What tells of a person, not of one hospital."""
    try:
        if message.kind != status.KIND:
            raise Parked("unknown path")
        status.status_came(mail.body_of(message))
    except Parked as reason:
        gateway.park_inbound(message.pk, reason=str(reason))
    else:
        gateway.handled(message.pk, answers=message.answers)


def note_sent(message_id: UUID | str) -> None:
    """Our call was taken, or refused for good: the row it was for learns of it."""
    message = mail.outbound(message_id)
    if message is None or message.facility_id is None or message.subject_id is None:
        return
    with facility_context(message.facility_id):
        if message.purpose == linking.PURPOSE_LINK:
            _note_link(message.subject_id, message.status, message.error_code, message.error)
        elif message.purpose == "link.token" and message.status == "refused":
            answers.token_refused(message.subject_id, message.error_code)
        elif message.purpose == discovery.TAKEN and message.status == "accepted":
            discovery.taken(message.subject_id)
        elif message.purpose == inviting.PURPOSE and message.status == "refused":
            inviting.answered(message.subject_id, code=message.error_code or "refused")
        elif message.purpose == transfer.ANSWER and message.status == "accepted":
            transfer.acknowledged(message.subject_id)
        elif message.purpose == transfer.ANSWER and message.status == "refused":
            transfer.not_acknowledged(message.subject_id, message.error_code)
        elif message.purpose in (asking.ASK, asking.FETCH) and message.status == "refused":
            asking.call_refused(message.subject_id, message.error_code)
        elif message.purpose == fetching.DATA and message.status == "refused":
            fetching.request_refused(message.subject_id, message.error_code)


def _note_link(subject_id: UUID, status: str, code: str, error: str) -> None:
    duplicate = code in ALREADY_LINKED or "duplicate" in error.lower()
    if status == "accepted" and duplicate:
        linking.mark_linked(subject_id)
    elif status == "refused":
        linking.mark_refused(subject_id, code=code, message=error)


def sweep() -> None:
    """This hospital's visits, transfers and requests that wait: for an answer, a token, our own
    next step; and what must be erased."""
    linking.sweep()
    discovery.sweep()
    consent.sweep()
    transfer.sweep()
    asking.end_what_is_over()
    asking.ask_after()
    fetching.sweep()
    record_sharing.sweep()
    paying.sweep()


def sweep_everywhere() -> None:
    """The same in hospitals that the gateway knows, in turn; a few short queries each. What others
    sent is erased in time even where the link is off."""
    linked = set(mail.linked_facilities()) if mail.is_on() else set()
    for facility_id in whose_turn(sorted(mail.known_facilities()), job="abdm.sweep"):
        with facility_context(facility_id):
            if facility_id in linked:
                sweep()
            else:
                asking.end_what_is_over()
