"""Keeping what national registers say of our ids. Who asks, and may, is the caller's to decide."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.core.actor import Actor
from apps.facilities.models import RegistryNote
from apps.facilities.registry import STALE

State = RegistryNote.State
REMEMBERED = 12


def note_asked(kind: str, key: str) -> bool:
    """Note that somebody asks now; False while an earlier question is still on its way."""
    row, made = RegistryNote.objects.get_or_create(kind=kind, key=key)
    if made:
        return True
    open_since = timezone.now() - STALE
    waits = RegistryNote.objects.filter(pk=row.pk, state=State.ASKED, asked_at__gt=open_since)
    if waits.exists():
        return False
    RegistryNote.objects.filter(pk=row.pk).update(state=State.ASKED, asked_at=timezone.now())
    return True


def note_text(kind: str, key: str, text: str) -> None:
    """What a question is about, for the job that asks it."""
    RegistryNote.objects.filter(kind=kind, key=key).update(detail={"text": text})


def note_told(kind: str, key: str, state: str, **detail: Any) -> None:
    """Keep the answer. When a register is silent, what it said before stays readable."""
    fresh: dict[str, Any] = {"state": state, "told_at": timezone.now()}
    if state == State.SILENT:
        fresh.pop("told_at")
    else:
        fresh["detail"] = detail
    RegistryNote.objects.update_or_create(kind=kind, key=key, defaults=fresh)


@transaction.atomic
def note_history(key: str, event: str, *, actor: Actor) -> None:
    """The last twelve changes of one link, for the page that shows it; the trail keeps all."""
    row, _ = RegistryNote.objects.select_for_update().get_or_create(
        kind=RegistryNote.Kind.HISTORY, key=key, defaults={"state": State.FOUND}
    )
    who = str(actor.user_id) if actor.user_id else ""
    one = {"at": timezone.now().isoformat(), "event": str(event), "by": who}
    row.detail = {"rows": [one, *row.detail.get("rows", [])][:REMEMBERED]}
    row.save(update_fields=["detail"])
