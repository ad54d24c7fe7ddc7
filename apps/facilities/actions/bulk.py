"""Hundreds of hospitals at once, from a list. Each is brought on board as a single one is."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.translation import get_language

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.facilities.actions.onboarding import create_schema, provision, retry
from apps.facilities.models import Facility, OnboardingList, RegisterEntry
from apps.facilities.register import RESERVED, suggestion

DONE, THERE, REFUSED, FAILED = "done", "there", "refused", "failed"
QUEUED = "queued"  # on board, its schema is made by a job
SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
PREFIX = re.compile(r"^[A-Z][A-Z0-9]{2,4}$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of the list; an empty `slug` or `prefix` is suggested from the register."""

    register_code: str
    slug: str = ""
    prefix: str = ""
    facility_type: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """`outcome`: "done", "there" (it was on board), "refused" or "failed", and then `why`."""

    register_code: str
    slug: str
    outcome: str
    why: str = ""


def provision_all(
    lines: Iterable[Wanted],
    *,
    parallel: int = 1,
    told: Callable[[Result], None] = lambda result: None,
    actor: Actor,
) -> list[Result]:
    """Every line's result, in the list's order; one that fails holds up no other. Safe to repeat.

    `parallel` at a time: each has a connection and so a PostgreSQL process of its own, which does
    the work. The job that each queues finds it done.
    """

    def one(wanted: Wanted) -> Result:
        try:
            result = _bring(wanted, actor)
        finally:
            if parallel > 1:
                connection.close()  # this thread's own
        told(result)
        return result

    if parallel == 1:
        return [one(wanted) for wanted in lines]
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        return list(pool.map(one, lines))


def try_all(lines: Iterable[Wanted], *, actor: Actor) -> list[Result]:
    """What `provision_all` would refuse, two equal lines included. Nothing is written."""
    with transaction.atomic():
        results = [_bring(wanted, actor, dry=True) for wanted in lines]
        transaction.set_rollback(True)
    return results


def look_at(lines: Sequence[Wanted], *, actor: Actor) -> list[Result]:
    """What would become of each line of a page's list, in the reader's language. Nothing is
    written. A hospital that stands twice is refused the second time."""
    with transaction.atomic():
        results = _each(lines, actor, language=get_language() or "en")
        transaction.set_rollback(True)
    return results


@transaction.atomic
def queue_list(lines: Sequence[Wanted], *, id: UUID, actor: Actor) -> OnboardingList:
    """Every line that can be, on board at once; the schemas are made by jobs. The list keeps what
    became of each line. Safe to send twice with one `id`."""
    actor.require(Permission.FACILITY_ONBOARD)
    assert actor.user_id is not None  # a page's list is a person's
    if done := OnboardingList.objects.filter(pk=id, user_id=actor.user_id).first():
        return done
    results = _each(lines, actor, language=get_language() or "en")
    kept = [
        {"line": n, "code": r.register_code, "outcome": r.outcome, "why": r.why}
        for n, r in enumerate(results, start=2)
    ]
    made = OnboardingList.objects.create(id=id, user_id=actor.user_id, lines=kept)
    counts = Counter(result.outcome for result in results)
    record(Event.HOSPITALS_LISTED, subject=made, actor=actor, lines=dict(counts))
    return made


def _each(lines: Sequence[Wanted], actor: Actor, *, language: str) -> list[Result]:
    seen: set[str] = set()
    results = []
    for wanted in lines:
        if wanted.register_code in seen:
            twice = Refused("list.twice", hospital=wanted.register_code).sentence
            results.append(Result(wanted.register_code, wanted.slug, REFUSED, twice))
            continue
        seen.add(wanted.register_code)
        result = _bring(wanted, actor, dry=True, language=language)
        if result.outcome == DONE:
            result = replace(result, outcome=QUEUED)
        results.append(result)
    return results


def _bring(wanted: Wanted, actor: Actor, *, dry: bool = False, language: str = "en") -> Result:
    """`dry`: without making the schema here. English is for the command's administrators."""
    code = wanted.register_code
    there = Facility.objects.filter(register_code=code).first()
    if there is not None and there.status in {Facility.Status.ACTIVE, Facility.Status.RETIRED}:
        return Result(code, there.slug, THERE)
    try:
        with transaction.atomic():
            facility = retry(there.pk, actor=actor) if there else _provision(wanted, actor)
        if not dry:
            facility = create_schema(facility.pk)
    except Refused as no:
        with translation.override(language):
            return Result(code, wanted.slug, REFUSED, no.sentence)
    except Forbidden:
        with translation.override(language):
            outside = Refused("list.outside").sentence
        return Result(code, wanted.slug, REFUSED, outside)
    except DatabaseError as error:
        why = (str(error).splitlines() or [""])[0]
        return Result(code, wanted.slug, FAILED, f"{type(error).__name__}: {why}")
    if facility.status == Facility.Status.FAILED:
        return Result(code, facility.slug, FAILED, facility.failure)
    return Result(code, facility.slug, DONE)


def _provision(wanted: Wanted, actor: Actor) -> Any:
    # Two lines at once may be suggested one name; `provision` lets one at a time through, and the
    # second asks for another one.
    if wanted.slug and (not SLUG.match(wanted.slug) or wanted.slug in RESERVED):
        raise Refused("facility.slug_bad", slug=wanted.slug)
    if wanted.prefix and not PREFIX.match(wanted.prefix):
        raise Refused("facility.prefix_bad", prefix=wanted.prefix)
    for attempt in range(5):
        slug, prefix = wanted.slug, wanted.prefix
        if not (slug and prefix):
            entry = RegisterEntry.objects.filter(code=wanted.register_code, active=True).first()
            if entry is None:
                raise Refused("facility.unknown")
            free = suggestion(entry, wanted.facility_type or entry.facility_type)
            slug, prefix = slug or free["slug"], prefix or free["number_prefix"]
        try:
            with transaction.atomic():
                return provision(
                    wanted.register_code,
                    id=uuid7(),
                    slug=slug,
                    prefix=prefix,
                    facility_type=wanted.facility_type,
                    actor=actor,
                )
        except Refused as no:
            given = wanted.slug if no.code == "facility.slug_taken" else wanted.prefix
            if no.code not in {"facility.slug_taken", "facility.prefix_taken"} or given:
                raise
            if attempt == 4:
                raise
    raise AssertionError("not reached")
