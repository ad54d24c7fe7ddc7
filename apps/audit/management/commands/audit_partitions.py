"""Make the trail's weeks ahead and set weeks aside that are older than AUDIT_KEEP_WEEKS.

Right after `migrate` on a new installation, later by a timer or the daily job.
"""

from typing import Any

from django.core.management.base import BaseCommand

from apps.audit import actions


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        made, aside = actions.make_partitions(), actions.retire_partitions()
        self.stdout.write(f"{len(made)} weeks made, {len(aside)} set aside")
        for name in aside:
            self.stdout.write(f"set aside: {name} (pg_dump -t {name}, then drop it)")
