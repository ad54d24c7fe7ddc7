"""Signed tokens of the stand-in: sessions and callbacks RS256, link tokens RS512, one JWKS."""

import base64
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

SESSION_LIVES_S = 1200


KEYS: dict[str, RSAPrivateKey] = {}


def key(name: str) -> RSAPrivateKey:
    """Made once and remembered with the rest; "stranger" is in no JWKS."""
    if name not in KEYS:
        KEYS[name] = generate_private_key(public_exponent=65537, key_size=2048)
    return KEYS[name]


def keys_as_text() -> dict[str, str]:
    """Every key so far; those that matter after a restart are made when they are not there yet."""
    for name in KIDS:
        key(name)
    return {name: _pem(one) for name, one in sorted(KEYS.items())}


@cache
def _pem(one: RSAPrivateKey) -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return one.private_bytes(*form).decode()


def use_keys(told: dict[str, str]) -> None:
    """Keys of an earlier life."""
    for name, pem in told.items():
        found = load_pem_private_key(pem.encode(), None)
        if isinstance(found, RSAPrivateKey):
            KEYS[name] = found


KIDS = {"session": ("sbx-rs256", "RS256"), "link": ("sbx-rs512", "RS512")}


def jwks() -> dict[str, Any]:
    keys = []
    for name, (kid, algorithm) in KIDS.items():
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key(name).public_key(), as_dict=True)
        public.pop("key_ops", None)
        keys.append({**public, "kid": kid, "alg": algorithm, "use": "sig"})
    return {"keys": keys}


def session(issuer: str, client_id: str) -> str:
    return _signed("session", {"iss": issuer, "azp": client_id, "clientId": client_id})


def callback(issuer: str, *, wrong_key: bool = False, expired: bool = False) -> str:
    """The gateway's own token. `expired`: its end is two hours ago."""
    claims = {"iss": issuer, "aud": "account", "typ": "Bearer", "azp": "gateway",
              "clientId": "gateway", "preferred_username": "service-account-gateway"}  # fmt: skip
    age = 7200 + SESSION_LIVES_S if expired else 0
    return _signed("session", claims, by="stranger" if wrong_key else "session", age_s=age)


def link(claims: dict[str, Any], lives_s: float) -> str:
    return _signed("link", claims, lives_s=lives_s)


def read_link(token: str) -> dict[str, Any] | None:
    try:
        return jwt.decode(token, key("link").public_key(), algorithms=["RS512"])
    except jwt.PyJWTError:
        return None


def signature(text: str) -> str:
    """The consent manager's seal under an artefact (SHA256withRSA); ABDM publishes no algorithm."""
    made = key("session").sign(text.encode(), PKCS1v15(), SHA256())
    return base64.b64encode(made).decode()


def is_session(header: str) -> bool:
    """Whether a bearer header carries one of our living sessions."""
    token = header.removeprefix("Bearer ")
    try:
        jwt.decode(
            token,
            key("session").public_key(),
            algorithms=["RS256"],
            options={"verify_aud": False},
        )
    except jwt.PyJWTError:
        return False
    return True


def client_of(header: str) -> str:
    """Whose session a bearer header carries; it was checked at the door."""
    token = header.removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    return str(claims.get("clientId", ""))


def _signed(
    name: str, claims: dict[str, Any], *, by: str = "", age_s: float = 0, lives_s: float = 0
) -> str:
    kid, algorithm = KIDS[name]
    issued = int(time.time() - age_s)
    told = {**claims, "iat": issued, "exp": int(issued + (lives_s or SESSION_LIVES_S))}
    return jwt.encode(told, key(by or name), algorithm=algorithm, headers={"kid": kid})
