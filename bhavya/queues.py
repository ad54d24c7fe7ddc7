"""The queues of jobs by urgency, and which job stands in which. Workers listen to all of them, or
to those that `celery worker -Q` names: docs/scale.md says which machine takes which."""

from kombu import Exchange, Queue

PROMPT = "celery"  # Celery's own name: a release must not leave behind what the one before queued
PAPERS, MAIL, REPORTS, BULK = "papers", "abdm", "reports", "bulk"
NAMES = (PAPERS, PROMPT, MAIL, REPORTS, BULK)

# The first pattern that fits; what fits none is prompt: short, and somebody looks at a screen.
ROUTES = {
    "gateway.retire_mail": BULK,
    "notices.retire_notices": BULK,
    "documents.*": PAPERS,  # a patient waits for it
    "workflows.*": PAPERS,
    "gateway.*": MAIL,
    "abdm.*": MAIL,
    "reporting.*": REPORTS,
    "pharmacy.draw_register": REPORTS,
    "monitoring.roll_up": REPORTS,
    "monitoring.widen_past": REPORTS,
    "monitoring.check": REPORTS,
    "monitoring.look_back*": BULK,
    "pharmacy.check_*": BULK,
    "pharmacy.share_all_levels": BULK,
    "encounters.remind*": BULK,
    "facilities.create_schema": BULK,
    "facilities.upgrade": BULK,
    "audit.*": BULK,
}


def routes() -> dict[str, dict[str, str]]:
    """For Celery: a name or pattern to its queue."""
    return {pattern: {"queue": queue} for pattern, queue in ROUTES.items()}


def declared(*, quorum: bool) -> list[Queue]:
    """For Celery: the queues as the broker is told of them.

    On RabbitMQ they are quorum queues, kept on several servers and on the disk, behind topic
    exchanges: only through those does Celery hold a delayed retry in the broker.
    """
    if not quorum:
        return [Queue(name, Exchange(name, type="direct"), routing_key=name) for name in NAMES]
    kept = {"x-queue-type": "quorum"}
    exchange = Exchange("bhavya", type="topic")
    return [Queue(name, exchange, routing_key=name, queue_arguments=kept) for name in NAMES]
