"""A hospital's settings, as its manager types them."""

from dataclasses import replace

import pytest

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.facilities import actions, queries
from apps.facilities.config import Department, FacilityConfig, Session, fingerprint, problems
from apps.facilities.forms import SettingsForm
from apps.facilities.templates_by_level import LEVELS, template_for
from tests.cast import CONFIG, Cast


def as_typed(config: FacilityConfig, **changes):
    """What the browser sends when the page is saved as it stands."""
    form = SettingsForm(config)
    form.general.initial["based_on"] = fingerprint(config.as_json())
    lists = (form.departments, form.rooms, form.sessions, form.stores)
    parts = [form.general, *(row for rows in lists for row in rows)]
    parts += [rows.management_form for rows in lists]
    sent = {}
    for part in parts:
        for field in part:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False:
                sent[field.html_name] = value
    return {**sent, **changes}


def now(cast: Cast) -> FacilityConfig:
    return queries.config_of(cast.green.pk)


def test_saving_as_it_stands_changes_nothing(cast: Cast):
    before = now(cast)
    answer = cast.manager.client().post("/settings/", as_typed(before))
    assert answer.status_code == 302
    assert now(cast) == before
    assert not AuditEvent.objects.filter(event="facility.configured").exists()


def test_a_department_its_room_and_a_fee(cast: Cast):
    typed = as_typed(
        now(cast),
        **{
            "departments-2-code": "eye",
            "departments-2-name_hi": "आँख",
            "departments-2-name_en": "Eye",
            "departments-2-letter": "e",
            "departments-2-active": "on",
            "rooms-2-code": "9",
            "rooms-2-department": "EYE",
            "fee_rupees": "5",
            "counters": "1, 2,3",
        },
    )
    answer = cast.manager.client().post("/settings/", typed)
    assert answer.status_code == 302
    config = now(cast)
    assert config.department("EYE") == Department("EYE", "आँख", "Eye", "E")
    assert config.rooms_of("EYE")[0].code == "9"
    assert (config.fee_rupees, config.counters) == (5, ("1", "2", "3"))
    assert AuditEvent.objects.get(event="facility.configured").detail == {
        "changed": ["counters", "departments", "fee_rupees", "rooms"],
        "values": {"fee_rupees": [0, 5]},
    }


def test_whom_it_serves_is_kept_with_its_history_and_shown_to_the_office(cast: Cast):
    typed = as_typed(now(cast), population="182000", catchment="Kasba, Srinagar")
    assert cast.manager.client().post("/settings/", typed).status_code == 302
    config = now(cast)
    assert (config.population, config.catchment) == (182_000, "Kasba, Srinagar")
    told = AuditEvent.objects.get(event="facility.configured").detail
    assert told == {"changed": ["catchment", "population"], "values": {"population": [0, 182000]}}
    assert "Kasba, Srinagar" in cast.manager.client().get("/settings/").content.decode()


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"fee_rupees": "-1"}, "Enter a fee from 0 to 500."),
        ({"fee_rupees": "free"}, "Enter the fee as a number."),
        ({"population": "-3"}, "Enter a number from 0 to 1,00,00,000."),
        ({"population": "many"}, "Enter the people as a number"),
        ({"counters": ""}, "Enter at least one counter."),
        ({"help_line": "call me"}, "Enter the number in digits"),
        ({"departments-1-letter": "M"}, "Two departments have the same token letter."),
        ({"departments-0-name_hi": ""}, "Enter the name in Hindi."),
        ({"rooms-1-code": "7"}, "Two rooms have the same number."),
        ({"rooms-1-DELETE": "on"}, "Every open department needs a room."),
        ({"sessions-0-ends": "07:00"}, "A session must end after it starts."),
        ({"sessions-1-starts": "13:00"}, "Two sessions overlap."),
        ({"sessions-1-starts": "noon"}, "Enter the time as 09:00."),
    ],
)
def test_what_is_wrong_is_said_with_422(cast: Cast, changes, sentence):
    client = cast.manager.client()
    client.cookies["lang"] = "en"
    before = now(cast)
    answer = client.post("/settings/", as_typed(before, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert now(cast) == before


def test_whoever_is_slower_is_told(cast: Cast):
    client = cast.manager.client()
    stale = as_typed(now(cast), fee_rupees="2")
    client.post("/settings/", as_typed(now(cast), fee_rupees="1"))
    assert client.post("/settings/", stale).status_code == 409
    assert now(cast).fee_rupees == 1


def test_others_may_not(cast: Cast):
    wanted = replace(now(cast), fee_rupees=9)
    strangers = [cast.ravi, cast.dr_rao, cast.dr_khan, cast.other_admin]
    for stranger in strangers:
        with pytest.raises(Forbidden):
            actions.configure(cast.green.pk, config=wanted, actor=stranger.actor)
    actions.configure(cast.green.pk, config=wanted, actor=cast.neha.actor)
    assert now(cast).fee_rupees == 9


def test_an_action_refuses_what_does_not_fit(cast: Cast):
    with pytest.raises(Refused, match=r"config\.incomplete"):
        actions.configure(
            cast.green.pk, config=replace(now(cast), departments=()), actor=cast.manager.actor
        )


@pytest.mark.parametrize("level", LEVELS)
def test_every_levels_template_fits_together(level):
    template = template_for(level)
    assert problems(template) == []
    assert FacilityConfig.read(template.as_json()) == template


def test_old_settings_are_read_with_defaults():
    read = FacilityConfig.read({"fee_rupees": 3, "gone": 1, **{"sessions": []}})
    assert (read.fee_rupees, read.help_line, read.sessions) == (3, "104", ())
    assert FacilityConfig.read(CONFIG.as_json()).sessions[0] == Session("1", "08:00", "14:00")
