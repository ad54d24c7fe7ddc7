"""The ABHA service beyond log-in: find by mobile, change the mobile, e-mail, driving licence.

The same service as `abha`, the same rules: ten seconds, nothing kept, numbers only encrypted.
"""

from dataclasses import dataclass
from typing import Any

from apps.abdm.abha import CONSENT, bearer, call, otp_asked, otp_given, proven, sealed
from apps.core.errors import Refused
from apps.gateway import client as wire

NEW_MOBILE = ["abha-profile", "mobile-verify"]
NEW_EMAIL = ["abha-profile", "email-link-verify"]
LICENCE = ["abha-enrol", "mobile-verify", "dl-flow"]


# --- find by mobile -----------------------------------------------------------------------


def search(mobile: str) -> tuple[str, list[dict[str, str]]]:
    """Which ABHA stand on a mobile, masked by the service: the transaction, and rows with `index`.

    No OTP has been asked for yet.
    """
    answer = call(
        "POST", "/v3/profile/account/abha/search",
        {"scope": ["search-abha"], "mobile": sealed(mobile)}, rows=True,
    )  # fmt: skip
    found = answer["rows"][0] if answer["rows"] else {}
    rows = found.get("ABHA") if isinstance(found, dict) else None
    listed = [_masked(one) for one in rows or [] if isinstance(one, dict)]
    if not listed:
        raise Refused("abha.none")
    return str(found.get("txnId", "")), listed[:6]


def _masked(one: dict[str, Any]) -> dict[str, str]:
    methods = one.get("authMethods")
    return {
        "index": str(one.get("index", "")),
        "number": str(one.get("ABHANumber", "")),
        "address": "",
        "name": str(one.get("name", "")),
        "gender": str(one.get("gender", "")),
        "year": "",
        "by": " ".join(str(one) for one in methods) if isinstance(methods, list) else "",
    }


def found_otp(txn: str, index: str, by: str) -> tuple[str, str]:
    """An OTP to whoever was chosen of the found; `by`: mobile or aadhaar."""
    body = {"scope": ["abha-login", "search-abha", f"{by}-verify"], "loginHint": "index",
            "otpSystem": "aadhaar" if by == "aadhaar" else "abdm", "txnId": txn}  # fmt: skip
    return otp_asked("/v3/profile/login/request/otp", body, index)


# --- the account of somebody who is logged in ---------------------------------------------


def mobile_otp(token: str, mobile: str) -> tuple[str, str]:
    """An OTP to the mobile that the account shall have from now on."""
    body = {"scope": NEW_MOBILE, "loginHint": "mobile", "otpSystem": "abdm"}
    return otp_asked("/v3/profile/account/request/otp", body, mobile, headers=bearer(token))


def mobile_verify(token: str, txn: str, otp: str) -> None:
    """The account has the new mobile. Raises WrongOtp."""
    body = {"scope": NEW_MOBILE, "authData": otp_given(txn, sealed(otp))}
    proven(call("POST", "/v3/profile/account/verify", body, headers=bearer(token)))


def email_link(token: str, email: str) -> None:
    """ABDM sends a link to this e-mail; it stands on the account once its owner opens it."""
    body = {"scope": NEW_EMAIL, "loginHint": "email", "otpSystem": "abdm"}
    at = "/v3/profile/account/request/emailVerificationLink"
    otp_asked(at, body, email, headers=bearer(token))


# --- enrolment by driving licence ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Licence:
    """As printed on the licence. `born` as YYYY-MM-DD; photos are base64 and stay nowhere."""

    number: str
    first: str
    middle: str
    last: str
    born: str
    gender: str
    front: str
    back: str
    address: str
    state: str
    district: str
    pin: str


def licence_otp(mobile: str) -> tuple[str, str]:
    """The mobile is proved before the licence is told."""
    body = {"txnId": "", "scope": LICENCE, "loginHint": "mobile", "otpSystem": "abdm"}
    return otp_asked("/v3/enrollment/request/otp", body, mobile)


def licence_verify(txn: str, otp: str) -> str:
    """The transaction to go on with. Raises WrongOtp."""
    proof = otp_given(txn, sealed(otp))
    proof["otp"]["timeStamp"] = wire.timestamp()[:19].replace("T", " ")
    body = {"scope": LICENCE, "authData": proof}
    return str(proven(call("POST", "/v3/enrollment/auth/byAbdm", body)).get("txnId", txn))


def enrol_licence(txn: str, told: Licence) -> dict[str, Any]:
    """{"number": an enrolment number, which is no ABHA, "name", "new"}."""
    body = {
        "txnId": txn, "documentType": "DRIVING_LICENCE", "documentId": told.number,
        "firstName": told.first, "middleName": told.middle, "lastName": told.last,
        "dob": told.born, "gender": told.gender, "frontSidePhoto": told.front,
        "backSidePhoto": told.back, "address": told.address, "state": told.state,
        "district": told.district, "pinCode": told.pin, "consent": CONSENT,
    }  # fmt: skip
    return enrolled(call("POST", "/v3/enrollment/enrol/byDocument", body))


def enrolled(answer: dict[str, Any]) -> dict[str, Any]:
    """What an enrolment by document says. Without a number it has made nothing."""
    one = answer.get("enrolProfile")
    one = one if isinstance(one, dict) else {}
    number = str(one.get("enrolmentNumber") or "")
    if not number:
        raise Refused("abha.outage")
    names = (one.get("firstName"), one.get("middleName"), one.get("lastName"))
    return {
        "number": number,
        "name": " ".join(str(name) for name in names if name),
        "new": answer.get("isNew") is True,
    }
