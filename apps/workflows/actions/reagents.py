"""Reagents and kits that a verified report used, taken from the laboratory's shelf."""

from uuid import UUID

from celery import current_app

from apps.core.queue import enqueue

TAKE = "pharmacy.use_items"


def use_reagents(report_id: UUID | str) -> bool:
    """Hand the report on to the store that takes the items off its shelf; False without a store.

    Laboratory and pharmacy do not know each other: what a report used is read from
    `labs.queries.reagents_of(report_id)`, and the store's job is asked for by name.
    """
    if TAKE not in current_app.tasks:
        return False
    enqueue(TAKE, report_id=report_id)
    return True
