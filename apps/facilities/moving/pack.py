"""Writing one hospital into a folder, from one moment of the database."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.facilities.models import Facility
from apps.facilities.moving.parcel import Paper, Parcel, Table, Unfit, keys_mark, sum_of
from apps.facilities.moving.tables import CARRIED, Carried

MOVER = Actor.of_system("moving")
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = %s AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r' ORDER BY 1
"""


def export(facility_id: Any, folder: Path) -> Parcel:
    """A finished folder, or none: it is written beside and renamed at the end.

    The hospital may go on working; what it writes meanwhile is not in the copy.
    """
    if folder.exists():
        raise Unfit(f"{folder} is there already: choose a new folder, nothing is overwritten.")
    half = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(half, ignore_errors=True)  # of an export that was cut off
    half.mkdir(parents=True, mode=0o700)
    facility = Facility.objects.get(pk=facility_id)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        facility.refresh_from_db()
        tenant, public = _tenant(facility, half), _public(facility, half)
    # After the rows: a paper that a row names was on the disk before the row said so.
    parcel = Parcel(
        facility_id=str(facility.pk),
        slug=facility.slug,
        prefix=facility.prefix,
        register_code=facility.register_code,
        schema_name=facility.schema_name,
        schema_version=facility.schema_version,
        at=timezone.now().isoformat(),
        keys=keys_mark(),
        tenant=tenant,
        public=public,
        papers=_papers(facility, half),
    )
    parcel.write(half)
    half.rename(folder)
    _record(facility, parcel)
    return parcel


@transaction.atomic
def _record(facility: Facility, parcel: Parcel) -> None:
    record(
        Event.FACILITY_EXPORTED,
        subject=facility,
        facility_id=facility.pk,
        actor=MOVER,
        rows=parcel.rows,
        papers=len(parcel.papers),
    )


def _tenant(facility: Facility, folder: Path) -> list[Table]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [facility.schema_name])
        names = [name for (name,) in cursor.fetchall()]
    return [
        _copy(folder, f"tenant/{name}.copy", facility.schema_name, name, Carried("true"), facility)
        for name in names
    ]


def _public(facility: Facility, folder: Path) -> list[Table]:
    return [
        _copy(folder, f"public/{name}.copy", "public", name, how, facility)
        for name, how in CARRIED.items()
    ]


def _copy(
    folder: Path, file: str, schema_name: str, name: str, how: Carried, facility: Facility
) -> Table:
    blank = dict(how.blank)
    target, digest = folder / file, hashlib.sha256()
    target.parent.mkdir(exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [schema_name, name])
        columns = [column for (column,) in cursor.fetchall()]
        shown = sql.SQL(", ").join(
            sql.SQL(blank[column]) if column in blank else sql.Identifier(column)
            for column in columns
        )
        where = sql.SQL(how.where.replace("%(id)s", "{id}")).format(id=sql.Literal(facility.pk))
        query = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(
            shown, sql.Identifier(schema_name, name), where
        )
        with target.open("wb") as out, cursor.copy(query) as rows:
            for part in rows:
                out.write(part)
                digest.update(part)
        count = cursor.rowcount
    return Table(file, name, columns, count, digest.hexdigest())


def _papers(facility: Facility, folder: Path) -> list[Paper]:
    home = Path(settings.MEDIA_ROOT) / facility.schema_name
    found = []
    for source in sorted(p for p in home.rglob("*") if p.is_file() and p.suffix != ".new"):
        file = f"media/{source.relative_to(home)}"
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        found.append(Paper(file, target.stat().st_size, sum_of(target)))
    return found
