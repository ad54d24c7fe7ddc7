"""The ABHA service: log in, enrol, card. Synchronous, for somebody stands at the desk.

The one place outside of jobs that calls out: an OTP cannot wait for a queue. It waits ten seconds
at most, keeps nothing, and every no is a sentence. Aadhaar, OTP, mobile and number leave encrypted
with the service's key (RSA, OAEP with SHA-1 and MGF1 with SHA-1: ABDM's own choice).
"""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.core.cache import cache

from apps.core.errors import Refused
from apps.gateway import breaker
from apps.gateway import client as wire
from apps.gateway.environment import current

TIMEOUT = httpx.Timeout(10, connect=4)
KEY_LIVES_S = 12 * 3600
OAEP_SHA1 = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)
BY_AADHAAR = "/v3/enrollment/enrol/byAadhaar"
CONSENT = {"code": "abha-enrollment", "version": "1.4"}
# What the service says, as a sentence of ours. A code means other things elsewhere at ABDM.
NOES = {
    "abha.none": "1023 1114 1115 1211 1012",
    "abha.limit": "1100",
    "abha.busy": "1022 2429",
    "abha.over": "1017 1094",
    "abha.mobile_full": "1124",
    "abha.address_taken": "1101",
    "abha.address_form": "1170",
    "abha.client_full": "1227",
    "abha.child_full": "1157",
    "abha.demographics": "1207",
    "abha.closed": "1216 1308 1407",
}
NO_OF = {code: no for no, codes in NOES.items() for code in codes.split()}
WORDS = (
    ("invalid transaction", "abha.over"), ("transaction expired", "abha.over"),
    ("t-token", "abha.over"), ("not found", "abha.none"),
)  # fmt: skip


class WrongOtp(Exception):
    """The service says that the OTP was wrong or came too late."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose ABHA it is, as ABDM knows them. `number` has dashes; parts of the birth are numbers."""

    number: str
    address: str
    name: str
    gender: str
    year: int
    month: int = 0
    day: int = 0
    kyc: bool = False


# --- log in -------------------------------------------------------------------------------


def login_otp(hint: str, told: str, by: str) -> tuple[str, str]:
    """Ask for an OTP to log in by `hint` (abha-number, mobile, aadhaar); `by`: aadhaar or mobile.

    Returns the transaction and the last digits of the mobile it went to.
    """
    system = "aadhaar" if by == "aadhaar" else "abdm"
    body = {"scope": ["abha-login", f"{by}-verify"], "loginHint": hint, "otpSystem": system}
    return otp_asked("/v3/profile/login/request/otp", body, told)


def login_verify(txn: str, otp: str, by: str) -> dict[str, Any]:
    """{"token", "final", "accounts": […]}; a token that is not final first needs `login_user`."""
    body = {"scope": ["abha-login", f"{by}-verify"], "authData": otp_given(txn, sealed(otp))}
    told = proven(call("POST", "/v3/profile/login/verify", body))
    accounts = [_row(one) for one in told.get("accounts") or [] if isinstance(one, dict)]
    return {
        "token": str(told.get("token", "")),
        "final": bool(told.get("refreshToken")),
        "accounts": accounts,
    }


def login_user(token: str, number: str, txn: str) -> str:
    """The token of the account that was chosen of several."""
    body = {"ABHANumber": number, "txnId": txn}
    headers = {"T-token": f"Bearer {token}"}
    told = call("POST", "/v3/profile/login/verify/user", body, headers=headers)
    return str(told.get("token", ""))


def profile(token: str) -> Owner:
    told = call("GET", "/v3/profile/account", headers=bearer(token))
    return Owner(
        number=str(told.get("ABHANumber", "")),
        address=str(told.get("preferredAbhaAddress") or ""),
        name=str(told.get("name", "")),
        gender=str(told.get("gender", "")),
        year=whole(told.get("yearOfBirth")),
        month=whole(told.get("monthOfBirth")),
        day=whole(told.get("dayOfBirth")),
        kyc=told.get("kycVerified") is True,
    )


def address_otp(address: str) -> tuple[str, str]:
    """The same for an ABHA address, which is a service of its own."""
    found = call("POST", "/login/abha/search", {"abhaAddress": address}, base=current().phr_web)
    methods = found.get("authMethods") or []
    by = "mobile" if "MOBILE_OTP" in methods or not methods else "aadhaar"
    body = {
        "scope": ["abha-address-login", f"{by}-verify"],
        "loginHint": "abha-address",
        "otpSystem": "abdm" if by == "mobile" else "aadhaar",
    }
    txn, tail = otp_asked("/login/abha/request/otp", body, address, base=current().phr_web)
    return f"{by}:{txn}", tail


def address_verify(txn: str, otp: str) -> tuple[str, Owner]:
    """The token (good for the address service only) and the owner."""
    by, _, bare = txn.partition(":")
    body = {
        "scope": ["abha-address-login", f"{by}-verify"],
        "authData": otp_given(bare, sealed(otp)),
    }
    told = proven(call("POST", "/login/abha/verify", body, base=current().phr_web))
    token = str((told.get("tokens") or {}).get("token", ""))
    headers, web = bearer(token), current().phr_web
    one = call("GET", "/login/profile/abha-profile", base=web, headers=headers)
    return token, Owner(
        number=str(one.get("abhaNumber") or ""),
        address=str(one.get("abhaAddress", "")),
        name=str(one.get("fullName", "")),
        gender=str(one.get("gender", "")),
        year=whole(one.get("yearOfBirth")),
        month=whole(one.get("monthOfBirth")),
        day=whole(one.get("dayOfBirth")),
        kyc=one.get("kycStatus") == "VERIFIED",
    )


# --- enrol --------------------------------------------------------------------------------


def enrol_otp(aadhaar: str) -> tuple[str, str]:
    body = {"txnId": "", "scope": ["abha-enrol"], "loginHint": "aadhaar", "otpSystem": "aadhaar"}
    return otp_asked("/v3/enrollment/request/otp", body, aadhaar)


def enrol(txn: str, otp: str, mobile: str) -> dict[str, Any]:
    """{"txn", "token", "new", "owner", "mobile": bool}; without `mobile` it is to be verified."""
    proof = otp_given(txn, sealed(otp))
    proof["otp"]["mobile"] = mobile
    body = {"authData": proof, "consent": CONSENT}
    return made(call("POST", BY_AADHAAR, body), txn)


def made(told: dict[str, Any], txn: str = "") -> dict[str, Any]:
    """What every way by Aadhaar answers: a new account, or the one that was there."""
    one = told.get("ABHAProfile") or {}
    day, month, year = (whole(part) for part in f"{one.get('dob') or ''}--".split("-")[:3])
    names = (one.get("firstName"), one.get("middleName"), one.get("lastName"))
    owner = Owner(
        number=str(one.get("ABHANumber", "")),
        address=str((one.get("phrAddress") or [""])[0] or ""),
        name=" ".join(name for name in names if name),
        gender=str(one.get("gender", "")),
        year=year,
        month=month,
        day=day,
        kyc=one.get("abhaType") != "CHILD",  # a child's facts are the parent's word
    )
    return {
        "txn": str(told.get("txnId", txn)),
        "token": str((told.get("tokens") or {}).get("token", "")),
        "new": told.get("isNew") is True,
        "owner": owner,
        "mobile": bool(one.get("mobile")),
    }


def mobile_otp(txn: str, mobile: str) -> tuple[str, str]:
    body = {"txnId": txn, "scope": ["abha-enrol", "mobile-verify"], "loginHint": "mobile",
            "otpSystem": "abdm"}  # fmt: skip
    return otp_asked("/v3/enrollment/request/otp", body, mobile)


def mobile_verify(txn: str, otp: str) -> str:
    """The transaction to go on with."""
    proof = otp_given(txn, sealed(otp))
    proof["otp"]["timeStamp"] = wire.timestamp()[:19].replace("T", " ")
    body = {"scope": ["abha-enrol", "mobile-verify"], "authData": proof}
    return str(proven(call("POST", "/v3/enrollment/auth/byAbdm", body)).get("txnId", txn))


def suggestions(txn: str) -> list[str]:
    """Addresses that are free, without what follows the @."""
    told = call("GET", "/v3/enrollment/enrol/suggestion", headers={"Transaction_Id": txn})
    return [str(one) for one in told.get("abhaAddressList") or []][:6]


def new_address(txn: str, stem: str) -> str:
    body = {"txnId": txn, "abhaAddress": stem, "preferred": 1}
    told = call("POST", "/v3/enrollment/enrol/abha-address", body)
    return str(told.get("preferredAbhaAddress", "")) or f"{stem}{current().suffix}"


def card(token: str, *, by_address: bool) -> tuple[bytes, str]:
    """The card and its type, told by its first bytes: the answer's own type says nothing."""
    at = "/login/profile/abha/phr-card" if by_address else "/v3/profile/account/abha-card"
    base = current().phr_web if by_address else ""
    drawn = _sent("GET", at, None, base=base, headers=bearer(token)).content
    kinds = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"%PDF": "application/pdf"}
    for begins, kind in kinds.items():
        if drawn.startswith(begins):
            return drawn, kind
    raise Refused("abha.no_card")


# --- the wire -----------------------------------------------------------------------------


def sealed(text: str, *, anew: bool = False) -> str:
    """Encrypted for the ABHA service; `anew` asks for its key again."""
    known = None if anew else cache.get(_key_name())
    if known is None:
        known = str(call("GET", "/v3/profile/public/certificate").get("publicKey", ""))
        cache.set(_key_name(), known, KEY_LIVES_S)
    try:
        key = load_der_public_key(base64.b64decode(known))
    except (ValueError, binascii.Error):
        cache.delete(_key_name())
        raise Refused("abha.outage") from None
    assert isinstance(key, RSAPublicKey)
    return base64.b64encode(key.encrypt(text.encode(), OAEP_SHA1)).decode()


def _key_name() -> str:
    return f"abha:key:{current().abha}"


def otp_asked(
    at: str,
    body: dict[str, Any],
    told: str,
    *,
    base: str = "",
    headers: dict[str, str] | None = None,
) -> tuple[str, str]:
    """Ask for an OTP. The service changes its key now and then: then once more with the new one.

    Returns the transaction and the last digits of the mobile it went to.
    """
    for anew in (False, True):
        try:
            sent = {**body, "loginId": sealed(told, anew=anew)}
            answer = call("POST", at, sent, base=base, headers=headers)
        except Refused as refused:
            if refused.code != "abha.login_id" or anew:
                raise
            continue
        found = re.search(r"(\d{2,4})\D*$", str(answer.get("message", "")))
        return str(answer.get("txnId", "")), found[1] if found else ""
    raise Refused("abha.login_id")


def otp_given(txn: str, value: str) -> dict[str, Any]:
    return {"authMethods": ["otp"], "otp": {"txnId": txn, "otpValue": value}}


def proven(told: dict[str, Any]) -> dict[str, Any]:
    """A wrong OTP comes as HTTP 200."""
    if str(told.get("authResult", "")).lower() != "success":
        raise WrongOtp
    return told


def call(
    method: str,
    at: str,
    body: Any = None,
    *,
    base: str = "",
    headers: dict[str, str] | None = None,
    rows: bool = False,
) -> dict[str, Any]:
    """What the service answers; `rows`: a list is expected, and comes as {"rows": […]}."""
    told = wire.understood(200, _sent(method, at, body, base=base, headers=headers).content).body
    if rows and isinstance(told, list):
        return {"rows": told}
    if not isinstance(told, dict) or rows:
        raise Refused("abha.outage")
    return told


def _sent(
    method: str, at: str, body: Any, *, base: str = "", headers: dict[str, str] | None = None
) -> httpx.Response:
    """One call with a session, after a 401 of the session once more. Raises Refused, WrongOtp.

    What is known to be down is not waited for: the desk says so at once.
    """
    if breaker.is_open() or breaker.is_open(breaker.ABHA):
        raise Refused("abha.outage")
    for renew in (False, True):
        fixed = {
            "Authorization": f"Bearer {_session(renew)}",
            "REQUEST-ID": str(uuid.uuid4()),
            "TIMESTAMP": wire.timestamp(),
            "X-CM-ID": current().cm_id,
        }
        try:
            answer = httpx.request(
                method, f"{base or current().abha}{at}", json=body,
                headers={**fixed, **(headers or {})}, timeout=TIMEOUT,
            )  # fmt: skip
        except httpx.HTTPError:
            breaker.note(reached=False, of=breaker.ABHA)
            raise Refused("abha.outage") from None
        breaker.note(reached=answer.status_code < 500, of=breaker.ABHA)
        if answer.status_code < 400:
            return answer
        told = wire.understood(answer.status_code, answer.content)
        if told.code not in ("900900", "900901", "900902"):
            raise _no(told)
    raise Refused("abha.outage")


def _session(renew: bool) -> str:
    try:
        return wire.session_token(renew=renew)
    except wire.Unreachable:
        breaker.note(reached=False)  # a session comes from the gateway
        raise Refused("abha.outage") from None


def _no(told: wire.Answer) -> Exception:
    """What an answer means for the person at the desk; never the service's own prose."""
    body: dict[str, Any] = told.body if isinstance(told.body, dict) else {}
    said = f"{told.message} {body.get('message', '')}".lower()
    if "loginId" in body:
        return Refused("abha.login_id")
    if told.code == "1204":
        return WrongOtp() if "otp" in said else Refused("abha.aadhaar_unknown")
    if told.code in NO_OF:
        return Refused(NO_OF[told.code])
    for words, no in WORDS:
        if words in said:
            return Refused(no)
    if told.status == 429:
        return Refused("abha.busy")
    if told.status is None or told.status >= 500 or told.kind is wire.Class.TRANSPORT:
        return Refused("abha.outage")
    return Refused("abha.refused", said=told.code or str(told.status))


def _row(one: dict[str, Any]) -> dict[str, str]:
    """One of several accounts, as a person chooses among them."""
    year = str(one.get("dob") or "").replace("/", "-").split("-")[-1]
    return {
        "number": str(one.get("ABHANumber", "")),
        "address": str(one.get("preferredAbhaAddress") or ""),
        "name": str(one.get("name", "")),
        "gender": str(one.get("gender", "")),
        "year": year if year.isdecimal() else "",
    }


def bearer(token: str) -> dict[str, str]:
    return {"X-token": f"Bearer {token}"}


def whole(told: Any) -> int:
    text = str(told or "")
    return int(text) if text.isdecimal() else 0
