"""Encryption of health data between facilities (ABDM V3 data flow, known as Fidelius).

Curve25519 in Weierstrass form, HKDF-SHA256, AES-256-GCM. Everything that is not exactly right is
refused with `CryptoError` and gives no plaintext. One key pair and nonce encrypt one entry: the
session key and the IV depend on them alone.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from apps.abdm import curve

NONCE_BYTES, SALT_BYTES, TAG_BYTES, KEY_BYTES = 32, 20, 16, 32
POINT_BYTES = 65
# DER SubjectPublicKeyInfo up to the point: explicit parameters (what most peers read), and the
# named curve 1.3.6.1.4.1.3029.1.5.1. Compared byte for byte; no parameter of a peer is ever parsed.
EXPLICIT_HEAD = bytes.fromhex(
    "308201313081ea06072a8648ce3d02013081de020101302b06072a8648ce3d01010220"
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed3044"
    "04202aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa984914a144"
    "04207b425ed097b425ed097b425ed097b425ed097b425ed097b4260b5e9c7710c864"
    "0441042aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaad245a"
    "20ae19a1b8a086b4e01edd2c7748d14c923d4d7e6d7c61b229e9c5a27eced3d9"
    "02201000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed020108034200"
)
NAMED_HEAD = bytes.fromhex("305b301506072a8648ce3d0201060a2b060104019755010501034200")


class CryptoError(ValueError):
    """A key, nonce or message is not what the protocol asks for, or was tampered with."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """One side's key for one transfer. `private` is X25519's form and is never printed or sent."""

    private: bytes
    x: int
    y: int

    @classmethod
    def generate(cls) -> "KeyPair":
        return cls._of(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_private(cls, text: str) -> "KeyPair":
        """From base64 of the big-endian signed integer d, 1 ≤ d < n (as Java writes it)."""
        raw = _decoded(text, "private key")
        if not raw or raw[0] & 0x80:
            raise CryptoError("The private key is empty or negative.")
        try:
            return cls._of(curve.clamped(int.from_bytes(raw, "big")))
        except ValueError as error:
            raise CryptoError(str(error)) from None

    @classmethod
    def _of(cls, private: bytes) -> "KeyPair":
        return cls(private, *curve.point_of(private))

    def __repr__(self) -> str:
        return f"<KeyPair {self.public_raw[:12]}…>"

    @property
    def private_text(self) -> str:
        """d modulo n as `from_private` reads it; to be kept encrypted until the answer comes."""
        d = curve.scalar_of(self.private)
        return _encoded(d.to_bytes(d.bit_length() // 8 + 1, "big"))

    @property
    def point(self) -> bytes:
        return b"\x04" + self.x.to_bytes(32, "big") + self.y.to_bytes(32, "big")

    @property
    def public_raw(self) -> str:
        """65 bytes 04‖x‖y: what a HIU sends when it asks."""
        return _encoded(self.point)

    @property
    def public_x509(self) -> str:
        """SubjectPublicKeyInfo with explicit parameters: what a HIP sends when it pushes."""
        return _encoded(EXPLICIT_HEAD + self.point)


def new_nonce() -> str:
    """32 random bytes in base64."""
    return _encoded(secrets.token_bytes(NONCE_BYTES))


def check_peer(public: str, nonce: str) -> None:
    """CryptoError for a key or nonce of a peer with which nothing can be encrypted."""
    shared_secret(KeyPair.generate(), public)
    _nonce(nonce)


def encrypt(
    plaintext: bytes, *, own: KeyPair, own_nonce: str, peer_public: str, peer_nonce: str
) -> str:
    """base64 of ciphertext and tag. Raises CryptoError for a bad key or nonce of the peer."""
    cipher, iv = _session(own, own_nonce, peer_public, peer_nonce)
    return _encoded(cipher.encrypt(iv, plaintext, None))


def decrypt(
    ciphertext: str, *, own: KeyPair, own_nonce: str, peer_public: str, peer_nonce: str
) -> bytes:
    """The plaintext. CryptoError when a key, a nonce or the tag is wrong."""
    sealed = _decoded(ciphertext, "message")
    if len(sealed) < TAG_BYTES:
        raise CryptoError("The message is shorter than its seal.")
    cipher, iv = _session(own, own_nonce, peer_public, peer_nonce)
    try:
        return cipher.decrypt(iv, sealed, None)
    except InvalidTag:
        raise CryptoError("The message does not fit its key, or was changed.") from None


def _session(
    own: KeyPair, own_nonce: str, peer_public: str, peer_nonce: str
) -> tuple[AESGCM, bytes]:
    """Cipher and IV: the same on both sides."""
    mixed = bytes(a ^ b for a, b in zip(_nonce(own_nonce), _nonce(peer_nonce), strict=True))
    secret = shared_secret(own, peer_public)
    key = HKDF(SHA256(), KEY_BYTES, mixed[:SALT_BYTES], b"").derive(secret)
    return AESGCM(key), mixed[SALT_BYTES:]


def shared_secret(own: KeyPair, peer_public: str) -> bytes:
    """x of the common point, 32 bytes big-endian with its leading zeros."""
    try:
        return curve.shared_x(own.private, _peer_x(peer_public))
    except curve.NotOnCurve as error:
        raise CryptoError(str(error)) from None


def _peer_x(text: str) -> int:
    """x of a peer's key in any of the three forms, once the point is known to be good."""
    raw = _decoded(text, "public key")
    for head in (EXPLICIT_HEAD, NAMED_HEAD):
        if len(raw) == len(head) + POINT_BYTES and raw.startswith(head):
            raw = raw[len(head) :]
            break
    if len(raw) != POINT_BYTES or raw[0] != 4:
        raise CryptoError("The public key has none of the forms that ABDM uses.")
    x, y = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big")
    curve.check(x, y)
    return x


def _nonce(text: str) -> bytes:
    raw = _decoded(text, "nonce")
    if len(raw) != NONCE_BYTES:
        raise CryptoError("A nonce has 32 bytes.")
    return raw


def _decoded(text: str, what: str) -> bytes:
    """Strict base64: standard letters, padding there, nothing else."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CryptoError(f"The {what} is not base64.") from None
    if _encoded(raw) != text:
        raise CryptoError(f"The {what} is not base64 in its one right form.")
    return raw


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
