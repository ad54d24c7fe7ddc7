"""Addresses and one demo log-in per role; with --json for scripts."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.demo import world
from apps.gateway import queries as mail


def address(slug: str = "") -> str:
    host = f"{slug}.{settings.PARENT_DOMAIN}" if slug else settings.PARENT_DOMAIN
    return f"{settings.PUBLIC_SCHEME}://{host}:{settings.PUBLIC_PORT}"


def accounts() -> dict[str, Any]:
    """Base address, hosts by slug, password, PIN, and a row for each account."""
    slugs = [hospital.slug for hospital in world.HOSPITALS]
    return {
        "base": address(),
        "hosts": {slug: address(slug) for slug in slugs},
        "messages": f"{address()}/messages/",
        "portal": f"{address()}/p/",
        "phone": f"{mail.stand_in()}/phr/" if mail.stand_in() else "",
        "password": world.PASSWORD,
        "pin": world.PIN,
        "accounts": [
            {
                "username": staff.username,
                "password": world.PASSWORD,
                "pin": world.PIN,
                "name": staff.name_en,
                "roles": list(staff.roles),
                "where": staff.where,
                "address": address(staff.where if staff.where in slugs else ""),
            }
            for staff in world.STAFF
        ],
    }


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="everything, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo (DEMO is not true): there are no demo accounts.")
        told = accounts()
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"\nState and districts  {told['base']}")
        self.stdout.write(f"Patients             {told['portal']}   sent codes: {told['messages']}")
        if told["phone"]:
            self.stdout.write(f"A patient's phone    {told['phone']}   (stand-in of ABDM)")
        self.stdout.write(f"Password for all     {told['password']}   PIN {told['pin']}\n\n")
        shown: set[str] = set()
        for account in told["accounts"]:
            role = account["roles"][0]
            if role not in shown:
                shown.add(role)
                self.stdout.write(f"{role:5} {account['username']:16} {account['address']}\n")
