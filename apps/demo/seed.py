"""Filling the demo through the verbs that people use. Safe to run again: ids come from names."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random
from types import MappingProxyType
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.accounts import queries as people
from apps.accounts.permissions import ROLES, Role
from apps.core.actor import Actor, Permission, Scope
from apps.core.errors import Refused
from apps.core.tenancy import facility_context
from apps.demo import board, bridge, clinic, laboratory, papers, reports, vitals, window, world
from apps.demo import pharmacy as medicine
from apps.demo.people import Visitor, visitors
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.facilities import actions as facilities
from apps.facilities import queries as places
from apps.patients import actions as patients
from apps.terminology import queries as terminology
from apps.workflows.actions import consultation

SPACE = UUID("6f1d0c7a-5b0e-4d3f-9a55-b4a27aa00000")
SYSTEM = Actor.of_system("demo", *Permission)
Say = Callable[[str], None]


def known_id(*parts: object) -> UUID:
    """The same id for the same thing in every run, so that seeding twice makes one row."""
    return uuid5(SPACE, "/".join(map(str, parts)))


def seed(hospitals: tuple[world.Hospital, ...], *, share: float, say: Say) -> None:
    """Hospitals, staff, stock and today's visits. `share` scales the number of visits."""
    for hospital in hospitals:
        say(f"{hospital.slug}: hospital and staff")
        _open(hospital)
    slugs = {hospital.slug for hospital in hospitals}
    for staff in world.STAFF:
        if "-" not in staff.where or staff.where in slugs:
            _employ(staff)
    for hospital in hospitals:
        with facility_context(known_id("facility", hospital.slug)), transaction.atomic():
            say(f"{hospital.slug}: medicines on the shelf")
            medicine.stock(hospital, known_id, SYSTEM)
            say(f"{hospital.slug}: today's patients")
            _fill_day(hospital, share, timezone.localdate())
            _nursing(hospital, timezone.localdate())
            say(f"{hospital.slug}: medicine counter")
            hands = _pharmacy(hospital)
            medicine.counter(hospital, known_id, hands["counter"])
            medicine.indent(hospital, known_id, hands["store"])
            medicine.use_up(hospital, known_id, SYSTEM)
            say(f"{hospital.slug}: the last two months")
            _past(hospital)
        board.past_days(hospital, known_id("facility", hospital.slug), timezone.localdate())
    board.holidays_and_months(SYSTEM)
    reports.judged()


def _past(hospital: world.Hospital) -> None:
    """Last month's and last week's forms, submitted by who is in charge; linked records."""
    facility_id = known_id("facility", hospital.slug)
    big = hospital.slug == "dh-purnia"
    chief = actor_of("ds.purnia", facility_id) if big else _team(hospital, facility_id)["doctor"]
    reports.past(hospital, known_id, _team(hospital, facility_id)["doctor"], SYSTEM)
    reports.forms(facility_id, chief)
    reports.linked(hospital, facility_id, known_id, SYSTEM)


def _open(hospital: world.Hospital) -> None:
    facility_id = known_id("facility", hospital.slug)
    facilities.provision(
        hospital.register_code,
        id=facility_id,
        slug=hospital.slug,
        prefix=hospital.prefix,
        facility_type=hospital.facility_type,
        is_demo=True,
        actor=SYSTEM,
    )
    facilities.create_schema(facility_id)
    bridge.link(hospital.slug, facility_id, SYSTEM)


@cache
def _password() -> str:
    """All demo accounts share one password: hashed once, a quarter of a second, not for each."""
    return make_password(world.PASSWORD)


@transaction.atomic
def _employ(staff: world.Staff) -> None:
    if people.user_by_login(staff.username):
        return
    user = accounts.create_user(
        id=known_id("user", staff.username),
        username=staff.username,
        name_hi=staff.name_hi,
        name_en=staff.name_en,
        mobile="60000" + str(known_id("mobile", staff.username).int)[-5:],
        qualification=staff.qualification,
        registration_no=f"DEMO-{staff.username.upper()}" if staff.qualification else "",
        must_change_password=False,
        actor=SYSTEM,
    )
    user.password = _password()
    user.save(update_fields=["password"])
    for role in staff.roles:
        accounts.post_user(
            user.pk,
            id=known_id("posting", staff.username, role),
            role=role,
            facility_id=known_id("facility", staff.where) if "-" in staff.where else None,
            place_code=staff.where if ROLES[Role(role)].scope is Scope.DISTRICT else "",
            department=staff.department,
            room=staff.room,
            from_date=date(2026, 1, 1),
            actor=SYSTEM,
        )
    accounts.set_pin(user.pk, world.PIN, actor=SYSTEM)


def actor_of(username: str, facility_id: UUID) -> Actor:
    """The same Actor that this person would get from a log-in."""
    user_id = known_id("user", username)
    duty = people.duty(user_id, facility_id=facility_id)
    assert duty is not None, f"{username} is not posted here"
    return Actor(
        user_id=user_id,
        facility_id=facility_id,
        roles=duty.roles,
        grants=MappingProxyType(duty.grants),
    )


def _fill_day(hospital: world.Hospital, share: float, day: date) -> None:
    seen, at_door, at_vitals = (max(2, round(n * share)) for n in hospital.visits)
    facility_id = known_id("facility", hospital.slug)
    hands = _team(hospital, facility_id)
    config = places.config_of(facility_id)
    departments = [d.code for d in config.departments if d.active][:4]
    window.fill(hospital.slug, departments, known_id)
    crowd = visitors(seen + at_door + at_vitals, seed=f"{hospital.slug}-{day}")
    for n, visitor in enumerate(crowd):
        visit_id = known_id("visit", hospital.slug, day, n)
        if visits.exists(visit_id):  # seeded before: what people did since is theirs
            continue
        chance = Random(str(visit_id))
        # The demo doctor sits in the first department: two of three patients go there.
        department = departments[0] if n < seen or n % 3 else departments[n % len(departments)]
        _arrive(visitor, visit_id, department, hands["clerk"])
        if n < seen + at_door:
            values = clinic.vitals_for(visitor, chance)
            encounters.record_vitals(
                visit_id, id=known_id("vitals", visit_id), values=values, actor=hands["nurse"]
            )
        if n < seen:
            _consult(visit_id, visitor, chance, hands["doctor"])
    signed = [known_id("visit", hospital.slug, day, n) for n in range(seen)]
    papers.fill(signed, make_id=known_id, doctor=hands["doctor"], clerk=hands["clerk"], day=day)
    laboratory.fill(hospital, hands, day, known_id, actor_of)


def _nursing(hospital: world.Hospital, day: date) -> None:
    """Patients whose numbers show the early warning, the cards and the curves."""
    facility_id = known_id("facility", hospital.slug)
    hands = _team(hospital, facility_id)
    first = next(d.code for d in places.config_of(facility_id).departments if d.active)
    vitals.come(
        hospital.slug,
        day,
        department=first,
        clerk=hands["clerk"],
        nurse=hands["nurse"],
        known_id=known_id,
    )


def _team(hospital: world.Hospital, facility_id: UUID) -> dict[str, Actor]:
    if hospital.slug == "dh-purnia":
        names = {"clerk": "ravi.ranjan", "nurse": "rita.singh", "doctor": "anjali.jha"}
    else:
        place = hospital.slug.split("-", 1)[1]
        names = {"clerk": f"reg.{place}", "nurse": f"nurse.{place}", "doctor": f"doctor.{place}"}
    return {post: actor_of(name, facility_id) for post, name in names.items()}


def _pharmacy(hospital: world.Hospital) -> dict[str, Actor]:
    facility_id = known_id("facility", hospital.slug)
    place = hospital.slug.split("-", 1)[1]
    big = hospital.slug == "dh-purnia"
    counter, store = ("meena.devi", "arun.das") if big else (f"pharma.{place}",) * 2
    return {"counter": actor_of(counter, facility_id), "store": actor_of(store, facility_id)}


def _arrive(visitor: Visitor, visit_id: UUID, department: str, clerk: Actor) -> None:
    patient = patients.register(
        id=known_id("patient", visit_id),
        name_hi=visitor.name_hi,
        name_en=visitor.name_en,
        sex=visitor.sex,
        age=visitor.age,
        age_unit=visitor.age_unit,
        mobile=visitor.mobile,
        guardian_relation=visitor.guardian_relation,
        guardian_name=visitor.guardian_name,
        village=visitor.village,
        language="hi",
        actor=clerk,
    )
    encounters.start_visit(
        patient.pk,
        id=visit_id,
        department=department,
        priority_reason=visitor.priority_reason,
        actor=clerk,
    )


def _consult(visit_id: UUID, visitor: Visitor, chance: Random, doctor: Actor) -> None:
    story = clinic.story_for(visitor, chance)
    follow_up = ""
    if story.follow_up_days:
        follow_up = str(timezone.localdate() + timedelta(days=story.follow_up_days))
    encounters.call_visit(visit_id, actor=doctor)
    draft = clinic.draft_of(story, _words(story), follow_up)
    version = encounters.save_draft(visit_id, draft=draft, version=0, actor=doctor)
    paper_id = known_id("paper", visit_id)
    try:
        consultation.finish_consultation(visit_id, id=paper_id, pin=world.PIN, actor=doctor)
    except Refused as no:
        if no.code != "prescription.stopped":
            raise
        # Stories fall on people by chance, also a blood-pressure tablet on one who is pregnant.
        bare = draft | {"medicines": [], "advice_text": "दो दिन बाद फिर दिखाएँ"}
        encounters.save_draft(visit_id, draft=bare, version=version, actor=doctor)
        consultation.finish_consultation(visit_id, id=paper_id, pin=world.PIN, actor=doctor)


def _words(story: clinic.Story) -> dict[str, dict[str, str]]:
    diagnoses = terminology.codes("diagnosis", [story.diagnosis])
    tests = terminology.codes("test", list(story.tests))
    return {
        code: {"code": code, "icd": word.standard_code, "hi": word.name_hi, "en": word.name_en}
        for code, word in {**diagnoses, **tests}.items()
    }
