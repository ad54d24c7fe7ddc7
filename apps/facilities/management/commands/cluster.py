"""Hospitals over several database servers with Citus: prepare, show, move. See docs/scale.md.

cluster prepare · cluster show · cluster move SLUG HOST:PORT. On plain PostgreSQL it refuses.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.facilities import actions, cluster
from apps.facilities.models import Facility

ACTOR = Actor.of_system("cluster")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("prepare", "show", "move"))
        parser.add_argument("slug", nargs="?", default="")
        parser.add_argument("node", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["what"])(options["slug"], options["node"])
        except Refused as no:
            with translation.override("en"):  # for administrators, as every command
                raise CommandError(no.sentence) from no

    def prepare(self, slug: str, node: str) -> None:
        done = cluster.prepare()
        self.stdout.write("\n".join(done) or "Everything is prepared already.")

    def show(self, slug: str, node: str) -> None:
        names = dict(Facility.every.order_by("slug").values_list("schema_name", "slug"))
        for home in cluster.homes(list(names)):
            self.stdout.write(f"{names[home.schema]:40} {home.node or 'coordinator'}")

    def move(self, slug: str, node: str) -> None:
        cluster.require_cluster()
        facility = Facility.every.filter(slug=slug).first()
        if facility is None:
            raise CommandError(f"There is no hospital {slug}.")
        self.stdout.write(f"{slug}: {actions.place_on(facility.pk, node=node, actor=ACTOR)}")
