"""A crowd of callbacks on a cold cache: one asks for the gateway's keys, the others wait."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from apps.abdm_sandbox import tokens
from apps.gateway import verify
from tests.abdm.conftest import GREEN_ID


@pytest.fixture
def bearer(stand_in):
    stand_in.phr("irfan45@sbx", GREEN_ID, "OPD1")
    (letter,) = stand_in.held()
    cache.delete_many([verify.KEYS, verify.ASKED])
    return letter["headers"]["Authorization"]


def test_who_comes_while_the_keys_are_on_their_way_waits(stand_in, bearer):
    cache.set(verify.ASKED, verify.ASKING, 60)  # another process asks
    with ThreadPoolExecutor(4) as crowd:
        waiting = [crowd.submit(verify.check, bearer) for _ in range(4)]
        cache.set(verify.KEYS, {key["kid"]: key for key in tokens.jwks()["keys"]}, 60)
        cache.set(verify.ASKED, "done", 60)
        assert [one.result(10) for one in waiting] == [None] * 4


def test_a_crowd_asks_once(stand_in, bearer):
    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(verify.check, [bearer] * 8)) == [None] * 8
    asked = [path for path, _ in stand_in.world.heard if path.endswith("/certs")]
    assert len(asked) == 1


def test_an_unknown_key_is_refused_at_once_and_asked_for_once_a_minute(stand_in, bearer):
    cache.set(verify.ASKED, "done", 60)
    with pytest.raises(verify.Unverified, match="unknown key"):
        verify.check(bearer)
    assert not [path for path, _ in stand_in.world.heard if path.endswith("/certs")]


def test_a_gateway_that_does_not_answer_leaves_nobody_in(stand_in, bearer):
    stand_in.world.faults.down = True
    with pytest.raises(verify.Unverified, match="unknown key"):
        verify.check(bearer)
    assert cache.get(verify.ASKED) == "done"
