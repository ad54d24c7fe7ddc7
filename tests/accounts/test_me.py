"""The own page."""

from apps.audit.models import AuditEvent
from tests.cast import PASSWORD

LOOKS = {"language": "en", "text_size": "l", "theme": "dark", "contrast": "on"}


def test_looks_are_kept_and_shown(cast):
    client = cast.ravi.client()
    answer = client.post("/me/looks", LOOKS)
    assert answer["Location"] == "/me" and answer.cookies["lang"].value == "en"
    page = client.get("/me").content.decode()
    assert 'data-bs-theme="dark"' in page and 'data-size="l"' in page
    assert 'data-contrast="more"' in page and "data-letter-keys" not in page
    assert AuditEvent.objects.filter(event="preferences.changed").count() == 1
    client.post("/me/looks", LOOKS)
    assert AuditEvent.objects.filter(event="preferences.changed").count() == 1


def test_a_look_nobody_offers_is_422(cast):
    assert cast.ravi.client().post("/me/looks", {**LOOKS, "theme": "pink"}).status_code == 422


def test_the_pin_needs_the_password(cast):
    client = cast.dr_rao.client()
    wrong = client.post("/me/pin", {"password": "wrong", "pin": "4719"})
    assert wrong.status_code == 422
    assert client.post("/me/pin", {"password": PASSWORD, "pin": "1234"}).status_code == 422
    assert client.post("/me/pin", {"password": PASSWORD, "pin": "4719"})["Location"] == "/me"
    cast.dr_rao.user.refresh_from_db()
    assert cast.dr_rao.user.pin_hash
