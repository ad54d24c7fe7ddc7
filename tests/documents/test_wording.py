"""The words on papers: the State's, a hospital's, ours; versions; what is issued stays."""

import pytest
from django.db import connection

from apps.accounts.permissions import Role
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import actions, wording


def reword(by, after=0, **texts):
    body = {key: {"hi": text, "en": text} for key, text in texts.items()}
    return actions.reword(body, id=uuid7(), after=after, actor=by.actor)


@pytest.fixture
def state(cast):
    return cast.member("state", Role.SPO, None)


def test_it_works(cast, state):
    green, blue = cast.green.pk, cast.blue.pk
    assert "108" not in wording.in_force(green)["danger"]["en"]
    reword(state, danger="State", foot="State foot")
    reword(cast.manager, danger="Green")
    assert wording.in_force(green)["danger"]["en"] == "Green"
    assert wording.in_force(green)["foot"]["en"] == "State foot"
    assert wording.in_force(blue)["danger"]["en"] == "State"
    reword(cast.manager, after=1, danger="")
    assert wording.in_force(green)["danger"]["en"] == "State"


def test_two_editors_take_turns(cast):
    reword(cast.manager, danger="one")
    with pytest.raises(Refused, match=r"definition\.conflict"):
        reword(cast.manager, danger="two")


def test_it_refuses_a_novel(cast):
    with pytest.raises(Refused, match=r"wording\.long"):
        reword(cast.manager, danger="x" * 601)


def test_a_doctor_may_not(cast):
    with pytest.raises(Forbidden):
        reword(cast.dr_rao, danger="x")


def test_holes_are_filled_and_unknown_ones_stay():
    text = {"hi": "{name} {what}", "en": "{name}"}
    filled = wording.filled(text, {"name": {"hi": "आशा", "en": "Asha"}})
    assert filled == {"hi": "आशा {what}", "en": "Asha"}


def test_the_page_and_its_preview(cast):
    client = cast.manager.client()
    page = client.get("/papers/wording")
    assert page.status_code == 200
    assert b"<iframe" in page.content
    typed = {"id": str(uuid7()), "after": "0", "danger_en": "Look <b>here</b>", "shown_in": "en",
             "shown": "Prescription"}  # fmt: skip
    shown = client.post("/papers/wording/preview", typed, headers={"hx-request": "true"})
    assert "Look &amp;lt;b&amp;gt;here" in shown.content.decode()
    shown = client.post("/papers/wording/preview", typed | {"shown": "rest-certificate"})
    assert b"Namuna" in shown.content
    assert client.post("/papers/wording", typed).status_code == 302
    again = client.post("/papers/wording", typed | {"id": str(uuid7())})
    assert again.status_code == 422
    connection.set_tenant(cast.green)
    assert wording.level(cast.green.pk)[0]["danger"]["en"] == "Look <b>here</b>"
