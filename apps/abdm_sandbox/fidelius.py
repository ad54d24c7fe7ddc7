"""Reading what a hospital pushed, and writing as one: the stand-in's own arithmetic, written from
the curve's formulas, so that one mistake cannot stand on both sides. Slow and not constant in time:
for invented people.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

P = 2**255 - 19
A = 0x2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA984914A144
B = 0x7B425ED097B425ED097B425ED097B425ED097B425ED097B4260B5E9C7710C864
N = 2**252 + 27742317777372353535851937790883648493
G = (
    0x2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD245A,
    0x20AE19A1B8A086B4E01EDD2C7748D14C923D4D7E6D7C61B229E9C5A27ECED3D9,
)
Point = tuple[int, int] | None


def add(one: Point, two: Point) -> Point:
    if one is None or two is None:
        return one or two
    (x1, y1), (x2, y2) = one, two
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (
        (3 * x1 * x1 + A) * pow(2 * y1, -1, P) if one == two else (y2 - y1) * pow(x2 - x1, -1, P)
    )
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def times(scalar: int, point: Point) -> Point:
    made: Point = None
    while scalar:
        if scalar & 1:
            made = add(made, point)
        point, scalar = add(point, point), scalar >> 1
    return made


@dataclass(frozen=True)
class Keys:
    """Of one request: the scalar, the nonce, and both as they travel (a raw point)."""

    secret: int
    nonce: str
    public: str


def new_keys() -> Keys:
    secret = secrets.randbelow(N - 1) + 1
    x, y = times(secret, G) or G
    raw = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    nonce = base64.b64encode(secrets.token_bytes(32)).decode()
    return Keys(secret, nonce, base64.b64encode(raw).decode())


def read(content: str, material: dict[str, object], keys: Keys) -> bytes:
    """The plaintext of one entry. Any exception: it cannot be read."""
    cipher, iv = _session(material, keys)
    return cipher.decrypt(iv, base64.b64decode(content, validate=True), None)


def write(plain: bytes, material: dict[str, object], keys: Keys) -> str:
    """The same the other way: what the asker with this material can read."""
    cipher, iv = _session(material, keys)
    return base64.b64encode(cipher.encrypt(iv, plain, None)).decode()


def _session(material: dict[str, object], keys: Keys) -> tuple[AESGCM, bytes]:
    public = material["dhPublicKey"]
    assert isinstance(public, dict)
    point = base64.b64decode(public["keyValue"], validate=True)[-65:]
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    if point[0] != 4 or (y * y - x**3 - A * x - B) % P:
        raise ValueError("not a point of the curve")
    common = times(keys.secret, (x, y))
    assert common is not None
    theirs = base64.b64decode(str(material["nonce"]), validate=True)
    mixed = bytes(a ^ b for a, b in zip(theirs, base64.b64decode(keys.nonce), strict=True))
    inner = hmac.new(mixed[:20], common[0].to_bytes(32, "big"), hashlib.sha256).digest()
    key = hmac.new(inner, b"\x01", hashlib.sha256).digest()
    return AESGCM(key), mixed[20:]
