"""Delivery, the sweep for what was missed, and questions to the national registers."""

from uuid import UUID

from apps.core.queue import job
from apps.gateway import actions


@job("gateway.deliver", public=True)
def deliver(message_id: str) -> None:
    actions.deliver(message_id)


@job("gateway.forget", public=True, expires=600)
def forget() -> None:
    actions.forget()


@job("gateway.retire_mail", public=True, expires=3000)
def retire_mail() -> None:
    actions.retire_mail()


@job("gateway.sweep", public=True, expires=20)
def sweep() -> None:
    actions.sweep()


@job("gateway.check_bridge", public=True)
def check_bridge() -> None:
    actions.registers.check_bridge()


@job("gateway.send_bridge_url", public=True)
def send_bridge_url() -> None:
    actions.registers.send_bridge_url()


@job("gateway.find_hospital", public=True)
def find_hospital(hospital_id: str) -> None:
    actions.registers.find_hospital(UUID(hospital_id))


@job("gateway.check_hospital", public=True)
def check_hospital(hospital_id: str) -> None:
    actions.registers.check_hospital(UUID(hospital_id))


@job("gateway.check_person", public=True)
def check_person(person_id: str) -> None:
    actions.registers.check_person(UUID(person_id))


@job("gateway.tie_hospital", public=True)
def tie_hospital(hospital_id: str) -> None:
    actions.registers.tie_hospital(UUID(hospital_id))


@job("gateway.check_registers", public=True, expires=3600)
def check_registers() -> None:
    actions.registers.check_registers()


@job("gateway.warn_of_ends", public=True, expires=3600)
def warn_of_ends() -> None:
    actions.registers.warn_of_ends()
