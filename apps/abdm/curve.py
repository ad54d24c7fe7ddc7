"""Curve25519 in short Weierstrass form, as ABDM writes keys, on top of X25519.

y² = x³ + ax + b over p = 2²⁵⁵ - 19, cofactor 8, order n. Montgomery's u is x - A/3, so that one
X25519 call does the multiplication, in constant time, for keys made by anybody: only x is used,
and ±d have the same x, so that for every scalar d one of d, n - d has a multiple in the form that
X25519 clamps to. Points are checked before the call: X25519 would also compute on the twist.
"""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
A = 0x2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA984914A144
B = 0x7B425ED097B425ED097B425ED097B425ED097B425ED097B4260B5E9C7710C864
THIRD_OF_A = 0x2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD2451
SQRT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
INVERSE_OF_ORDER_MOD_8 = 5
SIZE = 32


class NotOnCurve(ValueError):
    """These coordinates are no point of the curve."""


def clamped(scalar: int) -> bytes:
    """An X25519 private key that multiplies a point to the same x as `scalar` does.

    ValueError for a scalar outside 1 … n - 1.
    """
    if not 1 <= scalar < ORDER:
        raise ValueError("The private key is out of range.")
    for d in (scalar, ORDER - scalar):
        k = d + (-d * INVERSE_OF_ORDER_MOD_8 % 8) * ORDER
        if k >> 254 == 1:
            return k.to_bytes(SIZE, "little")
    raise ValueError("The private key has no form that X25519 takes.")  # a share of 2⁻¹²⁶


def scalar_of(private: bytes) -> int:
    """The scalar modulo n of an X25519 private key (little-endian, as clamped by X25519)."""
    k = int.from_bytes(private, "little")
    return (k & ~7 & ((1 << 254) - 1) | (1 << 254)) % ORDER


def point_of(private: bytes) -> tuple[int, int]:
    """The public point of an X25519 private key; of the two y the smaller one."""
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    x = (int.from_bytes(public, "little") + THIRD_OF_A) % P
    y = _root(_right_side(x))
    if y is None:
        raise NotOnCurve("The public key has no y.")
    return x, min(y, P - y)


def check(x: int, y: int) -> None:
    """NotOnCurve unless (x, y) is a reduced point of the curve."""
    if not (x < P and y < P and y * y % P == _right_side(x)):
        raise NotOnCurve("The public key is not a point of the curve.")


def shared_x(private: bytes, x: int) -> bytes:
    """x of the common point, 32 bytes big-endian. NotOnCurve for a point of small order."""
    u = (x - THIRD_OF_A) % P
    peer = X25519PublicKey.from_public_bytes(u.to_bytes(SIZE, "little"))
    try:
        common = X25519PrivateKey.from_private_bytes(private).exchange(peer)
    except ValueError:  # all zero: every point of small order ends here
        raise NotOnCurve("The public key has a small order.") from None
    return ((int.from_bytes(common, "little") + THIRD_OF_A) % P).to_bytes(SIZE, "big")


def _right_side(x: int) -> int:
    return (x * x * x + A * x + B) % P


def _root(square: int) -> int | None:
    """A square root modulo p (p ≡ 5 mod 8), None when there is none."""
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * SQRT_OF_MINUS_1 % P
    return root if root * root % P == square else None
