"""What staff marked on the cards of a visit: kept on the token, so it survives any refresh.

`QueueToken.times["prompts"]` = {card: {"marks": {field: value}, "timers": {code: when started},
"dismissed": when}}; moments are the server's, ISO.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.core.errors import Refused
from apps.core.fold import digits

State = dict[str, Any]
KEY = "prompts"
MOST_TICKS = 20


def of(times: dict[str, Any]) -> dict[str, State]:
    """The states of all cards of one visit."""
    found: dict[str, State] = times.get(KEY, {})
    return found


def changed(times: dict[str, Any], card: str, **new: Any) -> dict[str, Any]:
    """`times` with one card's state changed; what is None falls away."""
    state = {**of(times).get(card, {}), **new}
    kept = {key: value for key, value in state.items() if value is not None}
    return {**times, KEY: {**of(times), card: kept}}


def marks(body: dict[str, Any], told: Any) -> State:
    """What a card's form says, only what the card asks. `told`: the posted QueryDict."""
    found: State = {}
    for field in body.get("ask", ()):
        code = field["code"]
        options = [option["code"] for option in field.get("options", ())]
        if field["kind"] == "ticks":
            found[code] = [tick for tick in told.getlist(code) if tick in options][:MOST_TICKS]
        elif field["kind"] == "choice" and told.get(code) in options:
            found[code] = told[code]
        elif field["kind"] == "time" and told.get(code, "").strip():
            found[code] = moment(told[code], now=timezone.now()).isoformat()
    return found


def moment(text: str, *, now: datetime) -> datetime:
    """19:10, 1910 or 7.10 as the last such minute that has passed. Refused: prompt.time."""
    told = "".join(ch if ch.isdecimal() else ":" for ch in digits(text).strip())
    hour, _, minute = told.partition(":") if ":" in told else (told[:-2], "", told[-2:])
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise Refused("prompt.time")
    local = timezone.localtime(now)
    at = local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    return at if at <= local else at - timedelta(days=1)


def due(timer: dict[str, Any], state: State) -> datetime | None:
    """When a running timer rings; None when nobody started it."""
    started = state.get("timers", {}).get(timer["code"])
    if started is None:
        return None
    return datetime.fromisoformat(started) + timedelta(minutes=timer["minutes"])
