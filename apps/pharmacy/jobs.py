"""What runs beside the counter: levels, the nightly check, registers."""

from uuid import UUID

from apps.core.queue import job
from apps.pharmacy import actions


@job("pharmacy.share_levels", expires=120)
def share_levels() -> None:
    actions.share_levels()


@job("pharmacy.share_all_levels")
def share_all_levels() -> None:
    actions.share_levels(everything=True)


@job("pharmacy.sweep_levels", public=True, expires=50)
def sweep_levels() -> None:
    actions.sweep_levels()


@job("pharmacy.check_stock")
def check_stock() -> None:
    actions.check_stock()


@job("pharmacy.check_all", public=True)
def check_all() -> None:
    actions.check_all()


@job("pharmacy.draw_register", soft_time_limit=240, time_limit=300)
def draw_register(register_id: str) -> None:
    actions.draw_register(UUID(register_id))
