"""Bringing a hospital in from its folder: checked first, then whole or not at all."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from apps.audit.actions import record
from apps.audit.events import Event
from apps.facilities import schema, tenants
from apps.facilities.models import Domain, Facility
from apps.facilities.moving.pack import MOVER
from apps.facilities.moving.parcel import Parcel, Table, Unfit, keys_mark, sum_of
from apps.facilities.moving.tables import CARRIED

PARENTS = """
SELECT c.relname, t.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND n.nspname = %s AND c.oid <> t.oid
"""
# A person known here under another id, by the same ABHA, is the same person.
SAME_PERSON = """
UPDATE moving_persons_personlink l SET person_id = p.id
FROM moving_persons_person s JOIN public.persons_person p ON p.abha_hash = s.abha_hash
WHERE l.person_id = s.id
"""
TAKEN_NAMES = """
SELECT count(*) FROM moving_accounts_user s JOIN public.accounts_user u
ON (u.username = s.username OR u.mobile = s.mobile) AND u.id <> s.id
"""


def bring_in(folder: Path, *, replace: bool = False) -> Parcel:
    """The hospital of the folder is here afterwards, as it was when it was copied. Raises Unfit.

    `replace`: it is here already; its present schema is set aside under another name, shared rows
    that are here stay, and no counter goes back. Cut off anywhere: run it again.
    """
    parcel = Parcel.read(folder)
    _refuse(parcel, replace=replace)
    _place_papers(parcel, folder)
    with transaction.atomic():
        if replace:
            _set_aside(parcel)
        elif not schema.replay(parcel.schema_name):
            raise Unfit(f"A schema {parcel.schema_name} is there already; it belongs to nobody.")
        _fill_schema(parcel, folder)
        _fill_public(parcel, folder)
        facility = Facility.objects.get(pk=parcel.facility_id)
        host = f"{facility.slug}.{settings.PARENT_DOMAIN}"
        Domain.objects.get_or_create(domain=host, tenant=facility, defaults={"is_primary": True})
        Facility.objects.filter(pk=facility.pk).update(schema_version=parcel.schema_version)
        record(
            Event.FACILITY_IMPORTED,
            subject=facility,
            facility_id=facility.pk,
            actor=MOVER,
            rows=parcel.rows,
            papers=len(parcel.papers),
            replaced=replace,
        )
        transaction.on_commit(tenants.forget)
    return parcel


def _refuse(parcel: Parcel, *, replace: bool) -> None:
    if parcel.schema_version != schema.version():
        raise Unfit(
            f"The copy's tables are of version {parcel.schema_version}, this program's of "
            f"{schema.version()}: bring both places to the same release, then copy again."
        )
    if parcel.keys != keys_mark():
        raise Unfit(
            "SECRET_KEY or FIELD_KEY differ from those of the copy's home: what is sealed could "
            "not be opened here. Use the same keys."
        )
    here = Facility.objects.filter(pk=parcel.facility_id).first()
    if replace and here is None:
        raise Unfit(f"{parcel.slug} is not here, so there is nothing to replace.")
    if replace and here is not None and here.schema_name != parcel.schema_name:
        raise Unfit(f"{parcel.slug} lives in {here.schema_name} here: that is another one.")
    if not replace and here is not None:
        raise Unfit(
            f"{parcel.slug} is here already. Nothing was changed (--replace sets it aside)."
        )
    for name in ("slug", "prefix", "register_code", "schema_name"):
        value = getattr(parcel, name)
        if Facility.every.filter(**{name: value}).exclude(pk=parcel.facility_id).exists():
            raise Unfit(f"Another hospital has {name} {value} here. Nothing was changed.")


def _place_papers(parcel: Parcel, folder: Path) -> None:
    """Before the rows that name them. What is there already under its name stays."""
    home = Path(settings.MEDIA_ROOT) / parcel.schema_name
    for paper in parcel.papers:
        target = home / Path(paper.file).relative_to("media")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f"{target.name}.new")
            shutil.copy2(folder / paper.file, beside)
            if sum_of(beside) != paper.sha256:
                raise Unfit(f"{paper.file} could not be written whole: is the disk full?")
            beside.replace(target)


def _set_aside(parcel: Parcel) -> None:
    """Nothing is deleted: a person looks at the old schema and drops it when all is well."""
    # Its name does not begin as a hospital's, so that nobody counts it as one.
    old = f"aside_{timezone.now():%Y%m%d%H%M%S}_{parcel.schema_name}"[:63]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [parcel.schema_name])
        if cursor.fetchone():
            names = sql.Identifier(parcel.schema_name), sql.Identifier(old)
            cursor.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(*names))
    schema.replay(parcel.schema_name)


def _fill_schema(parcel: Parcel, folder: Path) -> None:
    for table in _parents_first(parcel):
        _load(folder, table, sql.Identifier(parcel.schema_name, table.name))


def _parents_first(parcel: Parcel) -> list[Table]:
    """Keys are checked at once, so a row's parent must be there before it."""
    with connection.cursor() as cursor:
        cursor.execute(PARENTS, [parcel.schema_name])
        edges = cursor.fetchall()
    waiting, order = {table.name: table for table in parcel.tenant}, []
    while waiting:
        ready = [n for n in waiting if not any(c == n and p in waiting for c, p in edges)]
        if not ready:
            raise Unfit("The tables refer to each other in a circle.")
        order += [waiting.pop(name) for name in ready]
    return order


def _load(folder: Path, table: Table, target: sql.Composable) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    with connection.cursor() as cursor:
        with (
            (folder / table.file).open("rb") as source,
            cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, columns)) as into,
        ):
            while part := source.read(1 << 20):
                into.write(part)
        if cursor.rowcount != table.rows:
            told = f"{cursor.rowcount} rows of {table.name} came in, {table.rows} were packed"
            raise Unfit(f"{told}. Nothing was changed.")


def _fill_public(parcel: Parcel, folder: Path) -> None:
    tables = {table.name: table for table in parcel.public}
    with connection.cursor() as cursor:
        for table in tables.values():
            stage = sql.Identifier(f"moving_{table.name}")
            cursor.execute(
                sql.SQL("CREATE TEMP TABLE {} (LIKE {}) ON COMMIT DROP").format(
                    stage, sql.Identifier("public", table.name)
                )
            )
            _load(folder, table, stage)
        cursor.execute(TAKEN_NAMES)
        if taken := cursor.fetchone()[0]:
            raise Unfit(
                f"{taken} of its staff have a user name or mobile that another person has here. "
                "Change those first. Nothing was changed."
            )
        for name in CARRIED:
            if name == "persons_personlink":
                cursor.execute(SAME_PERSON)
            if name in tables:
                _insert(tables[name])


def _insert(table: Table) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    rest = CARRIED[table.name].merge or "DO NOTHING"
    command = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT {}").format(
        sql.Identifier("public", table.name),
        columns,
        columns,
        sql.Identifier(f"moving_{table.name}"),
        sql.SQL(rest),
    )
    with connection.cursor() as cursor:
        cursor.execute(command)
