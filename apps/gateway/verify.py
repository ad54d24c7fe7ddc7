"""Is this callback from the gateway? Its bearer token is checked against the gateway's keys."""

import time
from typing import Any

import jwt
from django.conf import settings
from django.core.cache import cache

from apps.gateway import client
from apps.gateway.environment import current

KEYS, ASKED = "gateway:keys", "gateway:keys-asked"
KEYS_LIVE_S, ASK_AGAIN_S = 6 * 3600, 60
ASKING, OTHERS_WAIT_S = "asking", 5
GATEWAY = "gateway"


class Unverified(Exception):
    """Not from the gateway, or not to be proved so. The text is a code for the log."""


def check(header: str) -> None:
    """Raises Unverified unless `header` is a bearer token that the gateway signed.

    The gateway reuses one token for many callbacks and redelivers with an expired one, so a
    repeated token is fine and `exp` has the leeway that is set. The token does not cover the body:
    answers count only when they name a request that we sent.
    """
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unverified("no bearer")
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
        claims = jwt.decode(
            token,
            _key(kid),
            algorithms=["RS256"],
            leeway=settings.ABDM_CALLBACK_LEEWAY_S,
            options={"verify_aud": False, "require": ["exp", "iss"]},
        )
    except jwt.PyJWTError as error:
        raise Unverified(type(error).__name__) from None
    if claims.get("iss") != current().issuer:
        raise Unverified("issuer")
    if GATEWAY not in (claims.get("azp"), claims.get("clientId")):
        raise Unverified("not the gateway's own token")


def _key(kid: str) -> Any:
    """The public key `kid`; an unknown one is asked for once a minute, and fails closed."""
    found = (cache.get(KEYS) or {}).get(kid) or _asked_now().get(kid)
    if found is None:
        raise Unverified("unknown key")
    return jwt.PyJWK(found).key


def _asked_now() -> dict[str, Any]:
    """The keys as one of us asks for them. Who comes while they are on their way waits for them:
    after a cache that restarted, a crowd of callbacks would be refused, and comes again late."""
    if cache.add(ASKED, ASKING, ASK_AGAIN_S):
        try:
            return _asked()
        finally:
            cache.set(ASKED, "done", ASK_AGAIN_S)
    ends = time.monotonic() + OTHERS_WAIT_S
    while cache.get(ASKED) == ASKING and time.monotonic() < ends:
        time.sleep(0.05)
    return cache.get(KEYS) or {}


def _asked() -> dict[str, Any]:
    answer = client.call("GET", f"{current().gateway}/api/hiecm/gateway/v3/certs")
    if answer.kind is not client.Class.DONE or not isinstance(answer.body, dict):
        return {}
    keys = {key["kid"]: key for key in answer.body.get("keys", []) if "kid" in key}
    cache.set(KEYS, keys, KEYS_LIVE_S)
    return keys
