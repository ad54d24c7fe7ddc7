"""What a message of the gateway is about, in words for staff."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LINKING = "user-initiated-linking/v3/"
SENT: dict[str, str | Promise] = {
    "v3/token/generate-token": _("We ask leave to link"),
    "hip/v3/link/carecontext": _("We link a visit"),
    "hip/v3/link/context/notify": _("We tell of a new paper"),
    "hip/v3/link/patient/links/sms/notify2": _("We ask for an SMS to the patient"),
    f"{_LINKING}patient/care-context/on-discover": _("We answer a search from the app"),
    f"{_LINKING}link/care-context/on-init": _("We say that the code is sent"),
    f"{_LINKING}link/care-context/on-confirm": _("We answer a typed code"),
    "patient-share/v3/on-share": _("We answer a shared profile"),
    "patient-share/v3/running-token/on-status": _("We tell how far the window is"),
    "consent/v3/request/hip/on-notify": _("We say that a consent arrived"),
    "data-flow/v3/health-information/hip/on-request": _("We answer who asks for records"),
    "data-flow/v3/health-information/notify": _("We tell how sending records ended"),
}
GOT: dict[str, str | Promise] = {
    "hip/token/on-generate-token": _("Answer: leave to link"),
    "link/on_carecontext": _("Answer: visit linked"),
    "link/on-carecontext": _("Answer: visit linked"),
    "links/context/on-notify": _("Answer: paper known"),
    "hip/patient/care-context/discover": _("Search from the patient's app"),
    "hip/link/care-context/init": _("Visits chosen in the app"),
    "hip/link/care-context/confirm": _("Code typed in the app"),
    "hip/patient/share": _("Profile shared at a counter"),
    "hip/patient/running-token/status": _("The app asks how far the window is"),
    "patients/sms/on-notify": _("Answer: SMS to the patient"),
    "patients/status/notify": _("An ABHA was switched off or on"),
    "consent/request/hip/notify": _("A consent was given or ended"),
    "hip/health-information/request": _("Records asked for by consent"),
}
WHY: dict[str, str | Promise] = {
    "no consent id": _("It names no consent. Only the sender can mend that."),
    "unknown state of a consent": _("It says something of a consent that Bhavya does not know."),
    "unknown service id": _("It names a hospital that is not ours."),
    "unknown path": _("Bhavya does not know this kind of message."),
    "its request is not known": _("It answers something that we did not ask."),
    "answers another hospital's request": _("It answers another hospital's request."),
    "no ABHA address or status": _("It names no ABHA. Only the sender can mend that."),
    "no transaction or link number": _("It names no transaction. Only the sender can mend that."),
}


def subject(path: str, *, sent: bool) -> str:
    """What it is about; its address when nobody has named it yet."""
    return str((SENT if sent else GOT).get(path, path))


def reason(error: str) -> str:
    """Why it waits, in words; "" for reasons that have none."""
    return str(WHY.get(error, ""))
