"""A visit with ordered tests, and its samples, made through the verbs of the house."""

import csv

from apps.accounts import actions as accounts
from apps.accounts.permissions import Role
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.facilities.models import Facility
from apps.labs import actions, queries
from apps.terminology.lists import DATA, _test
from apps.terminology.models import Catalogue, Code
from tests.workflows.visits import asha_at_the_doctor

PIN = "2580"


def house_tests():
    """The real list of tests, as `load_master` reads it."""
    if Code.objects.filter(code="CBC").exists():
        return
    with (DATA / "lab_tests.csv").open(encoding="utf-8", newline="") as file:
        rows = [Code(system="test", **_test(row, {})) for row in csv.DictReader(file)]
    Code.objects.bulk_create(rows)
    Catalogue.objects.filter(name="lab_tests").update(stamp=uuid7())


def technician(cast):
    return cast.member("faizan", Role.LAB, cast.green)


def pathologist(cast):
    member = cast.member("dr_path", Role.PATH, cast.green, registration_no="DEMO-0009")
    accounts.set_pin(member.user.pk, PIN, actor=member.actor)
    return member


def radiologist(cast):
    member = cast.member("dr_radl", Role.RADL, cast.green, registration_no="DEMO-0010")
    accounts.set_pin(member.user.pk, PIN, actor=member.actor)
    return member


def level(cast, code):
    """Green becomes a hospital of this level."""
    config = {**cast.green.config, "level": code}
    Facility.objects.filter(pk=cast.green.pk).update(config=config)
    cast.green.config = config


def ordered(cast, *codes, at_lab=True, **more):
    """Asha's visit with these tests ordered by Dr Rao; the token stands at the laboratory."""
    visit = asha_at_the_doctor(cast)
    house_tests()
    actions.order(
        visit.pk, tests=[{"code": code, **more} for code in codes],
        patient_id=visit.patient_id, actor=cast.dr_rao.actor,
    )  # fmt: skip
    if at_lab:
        encounters.call(visit.token.pk, room="7", actor=cast.dr_rao.actor)
        encounters.finish(visit.pk, then="lab", actor=cast.dr_rao.actor)
    return visits.visit(visit.pk)


def collected(cast, *codes, **more):
    """(visit, its samples)"""
    visit = ordered(cast, *codes, **more)
    return visit, actions.collect(visit.pk, id=uuid7(), actor=technician(cast).actor)


def typed(sample, **values):
    """Values by test code, as the grid would send them."""
    found = {}
    for order in queries.orders_on(sample):
        parts = queries.parts_of([order])[order.pk]
        found |= {(order.pk, code): text for code, text in values.items() if code in parts}
    return found


def sent(cast, sample, **values):
    """Entered and handed on."""
    by = technician(cast).actor
    saved = actions.enter(sample.accession, typed=typed(sample, **values), actor=by)
    assert saved.problems == {}, saved.problems
    actions.send(sample.accession, actor=by)
    return saved


def verified(cast, sample, **values):
    """All the way; the reports."""
    sent(cast, sample, **values)
    return actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=pathologist(cast).actor)
