"""The running token: how far the window's list is, for the app of who shared a profile."""

from typing import Any

from apps.abdm import shared
from apps.abdm.actions.replying import reply
from apps.abdm.counters import counters
from apps.abdm.handlers import Letter, handles
from apps.abdm.wire import text
from apps.core.tenancy import current_facility
from apps.encounters import queries as visits
from apps.facilities import queries as facilities
from apps.gateway import queries as mail
from apps.persons import queries as waiting

PURPOSE = "running_token.answer"
NONE_TODAY = shared.Wrong("1031", "No tokens found today")


@handles("hip/patient/running-token/status")
def asked(letter: Letter) -> None:
    """One answer for one question. It names no person, so whoever asks may know."""
    if mail.count_sent(PURPOSE, letter.id):
        return
    try:
        body: dict[str, object] = {"token": _running(letter)}
    except shared.Wrong as wrong:
        body = {"error": {"code": f"ABDM-{wrong.code}", "message": wrong.message}}
    reply(letter, mail.ON_RUNNING, body, PURPOSE)


def _running(letter: Letter) -> dict[str, object]:
    """One list with one row of numbers for all windows: every counter of a hospital is as far."""
    counter = text(letter.body.get("context")).upper()
    if text(letter.body.get("hipId")) != letter.service_id:
        raise shared.Wrong("1035", "Invalid HIP id")
    facility: Any = current_facility()
    if counter not in {one.code for one in counters(facilities.config(facility))}:
        raise shared.Wrong("1050", "Unknown counter")
    number = waiting.running_number(letter.facility_id)
    if number is None:
        raise NONE_TODAY
    return {
        "hipId": letter.service_id,
        "context": counter,
        "runningTokenNumber": str(number),
        "averageTokenServiceTimeInMinutes": visits.minutes_a_slip(),
    }
