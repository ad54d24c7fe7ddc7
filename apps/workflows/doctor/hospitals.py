"""Schemas of hospitals, what is parked, mail with the gateway."""

from apps.facilities import queries as facilities
from apps.gateway import queries as gateway
from apps.workflows.doctor.finding import Finding, bad, ok, warn


def versions() -> Finding:
    counts = facilities.release_counts()
    says = f"{counts.current} of {counts.open} on this release"
    if counts.current < counts.open:
        return bad(says, "Run manage.py roll_out; it resumes where it stopped.")
    return ok(says)


def parked() -> Finding:
    counts = facilities.release_counts()
    if counts.parked or counts.failed:
        says = f"{counts.parked} stopped in a release, {counts.failed} not set up"
        return bad(says, "Reasons: manage.py roll_out, and the register's page of failed ones.")
    if counts.waiting:
        return warn(f"{counts.waiting} are being set up", "Look again; facilities.sweep helps.")
    return ok("none")


def outbox() -> Finding:
    mail = gateway.health()
    if mail.state == "off":
        return ok("the link to ABDM is off")
    says = f"{mail.waiting} wait, {mail.parked} parked"
    if mail.state == "down":
        return warn(f"{says}; the gateway does not answer", "Nothing to do: it is tried again.")
    return warn(says, "Look at /abdm/messages/ and set them going.") if mail.parked else ok(says)
