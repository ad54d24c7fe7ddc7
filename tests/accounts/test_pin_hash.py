"""The kept form of a PIN: keyed, salted, and one that says which version it is."""

import base64
import re

import pytest

from apps.accounts import pin_hash
from apps.accounts.models import User


def test_the_same_pin_matches_and_others_do_not():
    kept = pin_hash.make("4719")
    assert pin_hash.matches("4719", kept)
    assert not any(pin_hash.matches(pin, kept) for pin in ("4718", "04719", "471", "", "४७१९"))


def test_two_people_with_one_pin_look_different():
    assert pin_hash.make("4719") != pin_hash.make("4719")


def test_the_form_says_version_rounds_salt_and_digest():
    kept = pin_hash.make("471928")
    assert re.fullmatch(r"pin1\$20000\$[\w=-]{24}\$[\w=-]{44}", kept)
    assert len(kept) <= User._meta.get_field("pin_hash").max_length
    assert "471928" not in kept


def test_who_has_the_table_but_not_the_key_cannot_try_pins(settings):
    kept = pin_hash.make("4719")
    settings.FIELD_KEY = "a thief's guess"
    assert not pin_hash.matches("4719", kept)


def test_the_rounds_written_in_the_row_count(monkeypatch):
    monkeypatch.setattr(pin_hash, "ITERATIONS", 1000)
    kept = pin_hash.make("4719")
    monkeypatch.undo()
    assert kept.split("$")[1] == "1000" and pin_hash.matches("4719", kept)


def test_a_changed_row_does_not_match():
    version, rounds, salt, digest = pin_hash.make("4719").split("$")
    raw = bytearray(base64.urlsafe_b64decode(digest))
    raw[0] ^= 1
    other = base64.urlsafe_b64encode(bytes(raw)).decode()
    assert not pin_hash.matches("4719", "$".join([version, rounds, salt, other]))


def test_another_form_is_told_apart():
    assert pin_hash.is_ours(pin_hash.make("4719"))
    assert not pin_hash.is_ours("scrypt$16384$salt$8$1$digest")
    with pytest.raises(ValueError):
        pin_hash.matches("4719", "pin0$1$AA==$AA==")
