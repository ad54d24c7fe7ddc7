"""An ABHA without an OTP: by name and birth date, finger, iris, face; for a child by its parent.

The same service as `abha`, the same rules: ten seconds, nothing kept, Aadhaar only encrypted.
"""

import base64
import hashlib
from typing import Any

from django.conf import settings

from apps.abdm.abha import BY_AADHAAR, CONSENT, Owner, bearer, call, made, sealed, whole
from apps.core.errors import Refused
from apps.gateway.environment import current

FACE = ["abha-enrol", "face-verify"]
FIELDS = {"finger": ("bio", "fingerPrintAuthPid"), "iris": ("iris", "pid"),
          "face": ("face", "rdPidData")}  # fmt: skip
KINDS = {"finger": "F", "iris": "I", "face": "P"}  # of UIDAI


def wadh(kind: str) -> str:
    """What a registered device binds its scan to (UIDAI 2.5; lr must be Y, else K-547)."""
    told = f"2.5{KINDS[kind]}YYNN"
    return base64.b64encode(hashlib.sha256(told.encode()).digest()).decode()


def by_demographics(
    aadhaar: str, *, name: str, born: str, gender: str, state: str, district: str, mobile: str
) -> dict[str, Any]:
    """{"token", "new", "owner"}; `born` as D-M-YYYY, places by LGD code. The answer is flat."""
    told = {"aadhaarNumber": sealed(aadhaar), "name": name, "dateOfBirth": born, "gender": gender,
            "stateCode": state, "districtCode": district}  # fmt: skip
    told |= {"mobile": mobile} if mobile else {}
    body = {"authData": {"authMethods": ["demo_auth"], "demo_auth": told}, "consent": CONSENT}
    one = call("POST", BY_AADHAAR, body, headers=_benefit())
    owner = Owner(
        number=str(one.get("healthIdNumber", "")),
        address=str(one.get("healthId") or ""),
        name=str(one.get("name", "")),
        gender=str(one.get("gender", "")),
        year=whole(one.get("yearOfBirth")),
        month=whole(one.get("monthOfBirth")),
        day=whole(one.get("dayOfBirth")),
        kyc=one.get("kycVerified") is True,
    )
    return {"token": str(one.get("token", "")), "new": one.get("new") is True, "owner": owner}


def by_body(kind: str, aadhaar: str, scan: str, mobile: str) -> dict[str, Any]:
    """As `enrol`. `kind`: finger, iris, face; `scan`: the device's encrypted block."""
    method, key = FIELDS[kind]
    told = {"aadhaar": sealed(aadhaar), key: scan, "mobile": mobile}
    body = {"authData": {"authMethods": [method], method: told}, "consent": CONSENT}
    return made(call("POST", BY_AADHAAR, body))


def face_begin() -> str:
    """A transaction that the patient's ABHA app can look into a camera for, ten minutes long."""
    told = call("POST", "/v3/enrollment/enrol/auth/init", {"scope": FACE})
    return str(told.get("txnId", ""))


def face_link(txn: str) -> str:
    """What the QR for the patient's phone opens; "" where the address is not published."""
    return f"{current().face}?txnId={txn}" if current().face else ""


def face_seen(txn: str) -> tuple[str, str]:
    """("PENDING" | "VERIFIED" | "COMPLETE" | "FAILED", the encrypted block when it is complete)."""
    told = call("POST", "/v3/enrollment/enrol/capturePID", {"scope": FACE, "txnId": txn})
    return str(told.get("status", "")).upper(), str(told.get("rdPidData") or "")


def children(token: str) -> list[Owner]:
    """The children whose ABHA hang on this parent's."""
    headers = {**bearer(token), **_benefit()}
    told = call("GET", "/v3/enrollment/profile/children", headers=headers)
    rows = told.get("children")
    return [_child(one) for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _child(one: dict[str, Any]) -> Owner:
    day, month, year = (whole(part) for part in f"{one.get('dateOfBirth') or ''}--".split("-")[:3])
    return Owner(
        number=str(one.get("ABHANumber", "")),
        address=str(one.get("phrAddress") or ""),
        name=str(one.get("name", "")),
        gender=str(one.get("gender", "")),
        year=year,
        month=month,
        day=day,
    )


def new_child(token: str, *, name: str, gender: str, born: tuple[int, int, int]) -> dict[str, Any]:
    """As `enrol`, on the parent's word. `born`: day, month, year."""
    day, month, year = (str(part) for part in born)
    told = {"name": name, "dayOfBirth": day, "monthOfBirth": month, "yearOfBirth": year,
            "gender": gender, "parentConsent": "true"}  # fmt: skip
    body = {"authData": {"authMethods": ["child"], "child": told}, "consent": CONSENT}
    return made(call("POST", BY_AADHAAR, body, headers={**bearer(token), **_benefit()}))


def _benefit() -> dict[str, str]:
    """The programme that NHA lets do so; without one these ways are not offered."""
    if not settings.ABDM_BENEFIT_NAME:
        raise Refused("abha.no_benefit")
    return {"BENEFIT-NAME": settings.ABDM_BENEFIT_NAME}
