"""Where people work, from a day to a day."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from apps.accounts import actions, queries
from apps.accounts.models import PractitionerRole
from apps.accounts.permissions import Role
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7

TODAY = queries.today
DAY = timedelta(days=1)


def post(member, actor, **changes):
    wanted = {
        "id": uuid7(),
        "role": "MO",
        "facility_id": member.facility.pk if member.facility else None,
        "from_date": TODAY(),
        **changes,
    }
    return actions.post_user(member.user.pk, **wanted, actor=actor)


def superintendent(cast):
    return cast.member("ds", Role.DS, cast.green)


def surgeon(cast):
    return cast.member("cs", Role.CS, None, cast.green.district_code)


def test_it_works(cast):
    posting = post(cast.ravi, cast.neha.actor, role="HLP", room="2")
    assert (posting.scope, posting.room) == ("facility", "2")
    assert queries.duty(cast.ravi.user.pk, facility_id=cast.green.pk).roles == {"REG", "HLP"}


def test_it_is_safe_to_send_twice(cast):
    same = uuid7()
    post(cast.ravi, cast.neha.actor, id=same)
    post(cast.ravi, cast.neha.actor, id=same)
    assert PractitionerRole.objects.filter(user=cast.ravi.user).count() == 2


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"to_date": TODAY() - DAY}, "posting.dates"),
        ({"kind": "deputation"}, "deputation.needs_end"),
        ({"facility_id": None}, "posting.needs_facility"),
        ({"role": "BHM"}, "posting.needs_office"),
        ({"role": "REG"}, "posting.overlaps"),
        ({"role": "DPM", "facility_id": None, "place_code": "203"}, "posting.role_above"),
        ({"role": "SHQ", "facility_id": None}, "posting.role_above"),
    ],
)
def test_it_refuses(cast, changes, code):
    with pytest.raises(Refused) as refusal:
        post(cast.ravi, cast.neha.actor, **changes)
    assert refusal.value.code == code


def test_the_civil_surgeon_gives_roles_of_the_own_level_but_no_higher(cast):
    place = cast.green.district_code
    post(cast.ravi, surgeon(cast).actor, role="DPM", facility_id=None, place_code=place)
    with pytest.raises(Refused, match=r"posting\.role_above"):
        post(cast.ravi, surgeon(cast).actor, role="SHQ", facility_id=None)


def test_nobody_posts_himself(cast):
    with pytest.raises(Refused, match=r"posting\.self"):
        post(cast.neha, cast.neha.actor, facility_id=cast.green.pk)


def test_another_district_is_not_there(cast):
    with pytest.raises(Unseen):
        post(cast.ravi, cast.other_admin.actor)
    with pytest.raises(Unseen):
        post(cast.ravi, cast.neha.actor, facility_id=cast.blue.pk)
    with pytest.raises(Unseen):
        post(cast.dr_khan, cast.neha.actor, facility_id=cast.green.pk)


def test_a_superintendent_gives_roles_to_own_people_only(cast):
    chief = superintendent(cast)
    post(cast.ravi, chief.actor, role="HLP")
    newcomer = cast.member("newcomer", Role.REG, cast.blue)
    PractitionerRole.objects.filter(user=newcomer.user).delete()
    newcomer.user.base_district = cast.green.district_code
    newcomer.user.save()
    with pytest.raises(Unseen):
        post(newcomer, chief.actor, facility_id=cast.green.pk)
    with pytest.raises(Forbidden):  # deputation is deployment: the district's business
        post(cast.ravi, chief.actor, role="LAB", kind="deputation", to_date=TODAY() + DAY)


def test_a_manager_may_not_give_roles(cast):
    with pytest.raises(Forbidden):
        post(cast.ravi, cast.manager.actor)


def test_rights_end_with_the_last_day(cast):
    posting = PractitionerRole.objects.get(user=cast.ravi.user)
    actions.end_posting(posting.pk, on=TODAY() - DAY, actor=cast.neha.actor)
    assert queries.duty(cast.ravi.user.pk, facility_id=cast.green.pk) is None
    with translation.override("en"):
        why = queries.absence(cast.ravi.user.pk, facility_id=cast.green.pk)
    assert why.startswith("Your posting here ended on")


def test_a_posting_that_never_began_is_taken_away(cast):
    posting = post(cast.ravi, cast.neha.actor, role="LAB", from_date=TODAY() + 5 * DAY)
    actions.end_posting(posting.pk, on=TODAY(), actor=cast.neha.actor)
    assert not PractitionerRole.objects.filter(pk=posting.pk).exists()


def second_hospital(cast):
    everything = type(cast.blue).objects
    everything.filter(pk=cast.blue.pk).update(district_code=cast.green.district_code)
    return cast.blue


def test_a_transfer_leaves_no_gap_and_no_overlap(cast):
    blue, old = second_hospital(cast), PractitionerRole.objects.get(user=cast.ravi.user)
    on, same = TODAY() + 3 * DAY, uuid7()
    for _ in range(2):  # sent twice
        new = actions.transfer(old.pk, id=same, facility_id=blue.pk, on=on, actor=cast.neha.actor)
    old.refresh_from_db()
    assert (old.to_date, new.from_date) == (on - DAY, on)
    assert (new.facility_id, new.role) == (blue.pk, "REG")
    assert PractitionerRole.objects.filter(user=cast.ravi.user).count() == 2


def test_a_transfer_that_is_refused_changes_nothing(cast):
    old = PractitionerRole.objects.get(user=cast.ravi.user)
    blue = second_hospital(cast)
    asked = {"id": uuid7(), "facility_id": blue.pk, "actor": cast.neha.actor}
    with pytest.raises(Refused, match=r"transfer\.too_early"):
        actions.transfer(old.pk, on=date(2026, 1, 1), **asked)
    with pytest.raises(Refused, match=r"transfer\.same_place"):
        actions.transfer(old.pk, on=TODAY(), **{**asked, "facility_id": cast.green.pk})
    old.refresh_from_db()
    assert old.to_date is None
