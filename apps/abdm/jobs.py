"""What follows from mail: handle a callback, note that a call was taken or refused."""

from apps.abdm import actions
from apps.core.queue import job


@job("abdm.handle_inbound", public=True)
def handle_inbound(message_id: str) -> None:
    actions.handle_inbound(message_id)


@job("abdm.note_sent", public=True)
def note_sent(message_id: str) -> None:
    actions.note_sent(message_id)


@job("abdm.share_document")
def share_document(document_id: str) -> None:
    actions.share_document(document_id)


@job("abdm.transfer")
def transfer(transfer_id: str) -> None:
    actions.carry_on(transfer_id)


@job("abdm.read_record")
def read_record(record_id: str) -> None:
    actions.read_record(record_id)


@job("abdm.sweep", public=True, expires=60)
def sweep() -> None:
    actions.sweep_everywhere()
