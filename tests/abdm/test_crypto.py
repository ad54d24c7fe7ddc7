"""Vectors made with an independent implementation; each bad input must be refused."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from apps.abdm import crypto, curve
from apps.abdm.crypto import CryptoError, KeyPair, decrypt, encrypt, new_nonce, shared_secret
from tests.abdm.consents import SAMPLES

DATA = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
VECTORS = {vector["id"]: vector for vector in DATA["vectors"]}
FORMS = ("publicKey", "x509PublicKey", "x509PublicKeyNamedCurve")
BAD = DATA["invalid_inputs"]


def plaintext(vector):
    if "plaintext" in vector:
        return vector["plaintext"].encode()
    made = vector["plaintext_generator"]
    length = made.get("length_bytes", 0)
    text, n = "", 0
    while made["kind"] == "sha256hex" and len(text) < length:
        text, n = text + hashlib.sha256(f"{made['seed']}:{n}".encode()).hexdigest(), n + 1
    while made["kind"] == "hindi-words" and len(text.encode()) < made["min_length_bytes"]:
        digest = hashlib.sha256(f"{made['seed']}:{n}".encode()).digest()
        words = DATA["plaintext_generators"]["words"]
        text, n = text + " ".join(words[b % 16] for b in digest) + "\n", n + 1
    return (text[:length] if length else text).encode()


def sides(vector):
    pairs = [KeyPair.from_private(vector[side]["privateKey"]) for side in ("sender", "requester")]
    return (*pairs, vector["sender"], vector["requester"])


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
@pytest.mark.parametrize("form", FORMS)
def test_it_works(vector, form):
    mine, theirs, sender, requester = sides(vector)
    text = plaintext(vector)
    assert hashlib.sha256(text).hexdigest() == vector["plaintext_sha256"]
    nonces = {"own_nonce": sender["nonce"], "peer_nonce": requester["nonce"]}
    sealed = encrypt(text, own=mine, peer_public=requester[form], **nonces)
    if "encryptedData" in vector:
        assert sealed == vector["encryptedData"]
    else:
        digest = hashlib.sha256(sealed.encode()).hexdigest()
        assert digest == vector["encryptedData_sha256"]
    assert shared_secret(mine, requester[form]).hex() == vector["shared_secret_hex"]
    nonces = {"own_nonce": requester["nonce"], "peer_nonce": sender["nonce"]}
    assert decrypt(sealed, own=theirs, peer_public=sender[form], **nonces) == text


def test_our_own_keys_are_what_others_read():
    for _ in range(50):
        pair = KeyPair.generate()
        curve.check(pair.x, pair.y)
        assert len(base64.b64decode(pair.public_raw)) == 65
        assert len(base64.b64decode(pair.public_x509)) == 309
        again = KeyPair.from_private(pair.private_text)
        peer = KeyPair.generate()
        assert again.x == pair.x
        assert shared_secret(again, peer.public_raw) == shared_secret(pair, peer.public_x509)
        assert shared_secret(peer, again.public_x509) == shared_secret(pair, peer.public_raw)


def test_both_sides_meet_and_nonces_differ():
    hip, hiu, one, two = KeyPair.generate(), KeyPair.generate(), new_nonce(), new_nonce()
    assert one != two
    theirs = {"peer_public": hiu.public_raw, "peer_nonce": two}
    sealed = encrypt("मरीज़".encode(), own=hip, own_nonce=one, **theirs)
    told = {"own": hiu, "own_nonce": two, "peer_public": hip.public_x509, "peer_nonce": one}
    assert decrypt(sealed, **told).decode() == "मरीज़"


@pytest.mark.parametrize("bad", BAD["public_keys"], ids=lambda bad: bad["id"])
def test_it_refuses_a_bad_key(bad):
    vector = VECTORS[BAD["uses_vector"]]
    mine = KeyPair.from_private(vector["sender"]["privateKey"])
    try:
        secret = shared_secret(mine, bad["peer_public_key"])
    except CryptoError:
        return
    assert bad["expect"] in ("may_reject", "reject_or_cleared")
    assert secret.hex() == vector["shared_secret_hex"]


@pytest.mark.parametrize("bad", BAD["messages"], ids=lambda bad: bad["id"])
def test_it_refuses_a_bad_message(bad):
    vector = VECTORS[BAD["uses_vector"]]
    _, theirs, sender, _ = sides(vector)
    told = {"own": theirs, "own_nonce": bad["requester_nonce"],
            "peer_public": sender["publicKey"], "peer_nonce": bad["sender_nonce"]}  # fmt: skip
    if bad["expect"] == "accept":
        assert decrypt(bad["encryptedData"], **told) == plaintext(vector)
        return
    with pytest.raises(CryptoError):
        decrypt(bad["encryptedData"], **told)


N = curve.ORDER


@pytest.mark.parametrize("d", [0, N, N + 1, 2**254 + 8, -1], ids=str)
def test_it_refuses_a_private_key_out_of_range(d):
    raw = d.to_bytes(33, "big", signed=True)
    with pytest.raises(CryptoError):
        KeyPair.from_private(base64.b64encode(raw).decode())


@pytest.mark.parametrize("text", ["", "*", "AA", "B9cWJAdH5PTaWmBh011XvaQOBy2QuhSHPElkq1KFZj9="])
def test_it_refuses_a_private_key_that_is_no_base64(text):
    with pytest.raises(CryptoError):
        KeyPair.from_private(text)


def test_a_key_does_not_show_itself():
    pair = KeyPair.generate()
    assert pair.private_text not in repr(pair) and repr(pair.private) not in repr(pair)
    assert crypto.NAMED_HEAD.hex().startswith("305b")


def test_the_vector_of_the_samples():
    """Every number of it, from both sides."""
    told = SAMPLES["crypto.test-vector"]
    sides = {}
    for name in ("hiu", "hip"):
        side = told[name]
        pair = KeyPair.from_private(side["private_key_be_b64"])
        point = base64.b64decode(side["raw_point_b64"])
        # The same x; of its two y an implementation takes either, and both open alike.
        assert base64.b64decode(pair.public_raw)[:33] == point[:33]
        assert base64.b64decode(side["spki_named_b64"])[-65:] == point
        number = int.from_bytes(base64.b64decode(side["private_key_be_b64"]), "big")
        assert curve.scalar_of(bytes.fromhex(side["x25519_scalar_le_hex"])) == number
        sides[name] = pair
    hiu, hip = told["hiu"], told["hip"]
    assert shared_secret(sides["hiu"], hip["raw_point_b64"]).hex() == told["shared_x_hex"]
    assert shared_secret(sides["hip"], hiu["spki_named_b64"]).hex() == told["shared_x_hex"]
    plain = told["plaintext"].encode()
    assert hashlib.md5(plain, usedforsecurity=False).hexdigest() == told["plaintext_md5"]
    sent = encrypt(plain, own=sides["hip"], own_nonce=hip["nonce_b64"],
                   peer_public=hiu["raw_point_b64"], peer_nonce=hiu["nonce_b64"])  # fmt: skip
    assert sent == told["content_b64"]
    read = decrypt(told["content_b64"], own=sides["hiu"], own_nonce=hiu["nonce_b64"],
                   peer_public=hip["spki_named_b64"], peer_nonce=hip["nonce_b64"])  # fmt: skip
    assert read == plain
