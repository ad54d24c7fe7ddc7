"""A training place is found by nobody who did not ask for it by name.

The default manager of Facility leaves it out, so a new query over all hospitals is safe by itself.
What goes round that manager is counted here, and each such place says why.
"""

import re

import pytest
from django.conf import settings

from apps.accounts import queries as accounts
from apps.core.actor import Actor, Scope
from apps.core.tenancy import facility_context
from apps.facilities import actions, live, queries, standing, tenants
from apps.facilities.models import Facility
from apps.monitoring import queries as monitoring
from tests.house.tree import name, sources

# File: why it may see training places.
EVERY = {
    "apps/facilities/actions/onboarding.py": "makes the schema, of a training place too",
    "apps/facilities/actions/release.py": "its schema is brought up to the release",
    "apps/facilities/actions/settings.py": "it closes with its hospital",
    "apps/facilities/actions/training.py": "makes it",
    "apps/facilities/live.py": "its own row, and those who ask by `training=True`",
    "apps/facilities/management/commands/cluster.py": "its schema lives on a node, too",
    "apps/facilities/models.py": "names it",
    "apps/facilities/moving/unpack.py": "its address and prefix are taken",
    "apps/facilities/queries.py": "its own row; its address and prefix are taken",
    "apps/facilities/register.py": "its address and prefix are taken",
}
BASE_MANAGER = {"apps/core/tenancy.py": "jobs work in it"}
ASKED = {
    "apps/documents/actions/rendering.py": "its forgotten papers are drawn, too",
    "apps/facilities/live.py": "the query itself",
}
# SQL by hand over hospitals or the trail: written with `live.IS_NO_TRAINING`, or why not.
BY_HAND = {
    "apps/audit/actions.py": "makes partitions; reads no row",
    "apps/audit/models.py": "the table's name",
    "apps/facilities/cluster.py": "which tables a cluster holds; reads no row of hospitals",
    "apps/facilities/live.py": "the condition itself",
    "apps/facilities/moving/tables.py": "the rows of one hospital, by its id",
}


def files_with(pattern):
    found = re.compile(pattern)
    return {name(path) for path in sources("apps") if found.search(path.read_text("utf-8"))}


def test_whoever_sees_training_places_says_why():
    assert files_with(r"Facility\.every\b|\bevery: \"models") == set(EVERY)
    assert files_with(r"_base_manager\b") == set(BASE_MANAGER)
    assert files_with(r"\btraining=True|if training else") == set(ASKED)


def test_sql_by_hand_leaves_them_out():
    by_hand = files_with(r"\b(facilities_facility|audit_event)\b")
    careful = files_with(r"\bIS_NO_TRAINING\b")
    made_up = {path for path in by_hand if path.startswith("apps/demo/bench_")}  # own databases
    assert by_hand - careful - made_up == set(BY_HAND) - careful


@pytest.fixture
def town(cast, django_capture_on_commit_callbacks):
    """Green PHC with its training place, open, and even with an HFR id that nobody gave it."""
    with django_capture_on_commit_callbacks(execute=True):
        place = actions.open_training(cast.green.pk, actor=cast.manager.actor)
    Facility.every.filter(pk=place.pk).update(hfr_id="IN1010009991", block_code="B1")
    Facility.objects.filter(pk=cast.green.pk).update(block_code="B1")
    tenants.forget()
    place.refresh_from_db()
    assert place.status == Facility.Status.ACTIVE
    return cast, place


def ids(found):
    return {getattr(one, "pk", getattr(one, "id", one)) for one in found}


def test_no_list_of_hospitals_holds_it(town):
    cast, place = town
    state, district = Actor(scope=Scope.STATE), cast.neha.actor
    block, system = Actor(scope=Scope.BLOCK, place="B1"), Actor.of_system("job")
    lists = {
        "hospitals": live.hospitals(),
        "retired": live.hospitals(retired=True),
        "ids": live.hospitals(ids={cast.green.pk, place.pk}),
        "district": live.hospitals(district=cast.green.district_code),
        "block": live.hospitals(block="B1"),
        "system": queries.within(system),
        "state": queries.within(state),
        "office": queries.within(district),
        "ids_within": [*queries.ids_within(district), *queries.ids_within(block)],
        "with_hfr": queries.with_hfr(),
        "by_hfr": queries.by_hfr(["IN1010009991"]).values(),
        "by_ids": queries.by_ids([place.pk, cast.green.pk]),
        "places_of": [*accounts.places_of(state), *accounts.places_of(district)],
    }
    assert [what for what, found in lists.items() if place.pk in ids(found)] == []
    missing = [what for what, found in lists.items() if cast.green.pk not in ids(found)]
    assert missing == ["with_hfr", "by_hfr"]  # Green has no HFR id
    assert place.pk in ids(live.hospitals(training=True))


def test_it_is_not_found_by_its_name_or_id_either(town):
    _cast, place = town
    assert live.hospital(place.pk) is None
    assert queries.by_slug(place.slug) is None and queries.by_code(place.slug) is None
    assert queries.facility_of(place.register_code) is None
    assert monitoring.hospital_open(place.slug) is None
    assert queries.slug_taken(place.slug) and queries.prefix_taken(place.prefix)
    with pytest.raises(Facility.DoesNotExist):
        queries.facility(place.pk)
    with facility_context(place.pk):  # who stands in it finds it, and no more than it
        assert queries.facility(place.pk) == place
        assert live.hospital(place.pk).is_training
        assert place.pk not in ids(live.hospitals())


def test_counts_do_not_hold_it(town):
    cast, place = town
    before = queries.release_counts().open
    shown = standing.standing(cast.neha.actor)
    Facility.every.filter(pk=place.pk).delete()
    assert queries.release_counts().open == before
    assert standing.standing(cast.neha.actor) == shown


def test_the_public_and_the_office_do_not_see_it(town, client):
    cast, place = town
    host = {"host": settings.PARENT_DOMAIN}
    listed = {one.place.slug for one in monitoring.hospitals_open(cast.green.district_code)}
    assert listed == {cast.green.slug}
    assert client.get(f"/h/{cast.green.slug}/", headers=host).status_code == 200
    assert client.get(f"/h/{place.slug}/", headers=host).status_code == 404
    office = cast.neha.client()
    assert office.get(f"/board/hospital/{cast.green.pk}/").status_code == 200
    assert office.get(f"/board/hospital/{place.pk}/").status_code == 404
