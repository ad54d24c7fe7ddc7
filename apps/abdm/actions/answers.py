"""Answers of the gateway to what we asked as the holder of records (HIP)."""

from typing import Any
from uuid import UUID

from apps.abdm.actions import linking
from apps.abdm.codes import ALREADY_LINKED
from apps.abdm.handlers import Early, Letter, handles
from apps.abdm.models import CareContext
from apps.gateway import actions as gateway
from apps.gateway.client import error_in


@handles("hip/token/on-generate-token")
def token_came(letter: Letter) -> None:
    """A link token, or why there is none."""
    subject_id = _subject(letter)
    code, _ = _error(letter.body)
    token = str(letter.body.get("linkToken") or "")
    if not token and not code:
        code = "empty"
    gateway.keep_link_token(subject_id, token=token, error_code=code, actor=linking.SYSTEM)
    for address in _waiting_addresses(letter):
        linking.token_came(address)


def token_refused(token_id: UUID, code: str) -> None:
    """The call itself was refused: the same as an answer that says no."""
    gateway.keep_link_token(token_id, token="", error_code=code or "400", actor=linking.SYSTEM)


def _waiting_addresses(letter: Letter) -> set[str]:
    """Whose visits may move on: the address it names, else all that wait (an error names none)."""
    if named := letter.body.get("abhaAddress"):
        return {str(named)}
    waiting = CareContext.objects.filter(status=CareContext.Status.WAITING)
    return set(waiting.values_list("abha_address", flat=True))


@handles("link/on_carecontext", "link/on-carecontext")
def link_answered(letter: Letter) -> None:
    """Its status is prose: no error and a word of success is a yes; "already linked" is one too."""
    subject_id = _subject(letter)
    code, message = _error(letter.body)
    status = str(letter.body.get("status", "")).lower()
    if code in ALREADY_LINKED or (not code and ("success" in status or "linked" in status)):
        linking.mark_linked(subject_id)
        return
    linking.mark_refused(subject_id, code=code or "unclear", message=message or status)


@handles("links/context/on-notify")
def notify_answered(letter: Letter) -> None:
    """The news arrived; sent before the link was known there, it is not lost: told again."""
    subject_id = _subject(letter)
    status = str((letter.body.get("acknowledgement") or {}).get("status", ""))
    if status.upper() == "SUCCESS":
        linking.mark_notified(subject_id)
        return
    linking.tell_again(subject_id)


def _subject(letter: Letter) -> UUID:
    if letter.subject_id is None:
        raise Early("its request is not known")
    return letter.subject_id


def _error(body: dict[str, Any]) -> tuple[str, str]:
    return error_in(body) if body.get("error") else ("", "")
