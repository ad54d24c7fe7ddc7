"""What the owner of an ABHA changes after log-in: mobile, e-mail; and enrolment by licence."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import abha
from apps.abdm_sandbox.door import refused, world_of
from apps.abdm_sandbox.world import Talk, demo_number, new_id, now

NEW_MOBILE = ["abha-profile", "mobile-verify"]
NEW_EMAIL = ["abha-profile", "email-link-verify"]
LICENCE = ["abha-enrol", "mobile-verify", "dl-flow"]
FACTS = ("documentId", "firstName", "dob", "gender", "frontSidePhoto", "backSidePhoto", "address",
         "state", "district", "pinCode")  # fmt: skip


async def mobile_otp(request: Request, body: dict[str, Any]) -> Response:
    """A code to the mobile that shall take the old one's place."""
    world, account = world_of(request), abha.holder(request, "profile")
    told = abha.read(body.get("loginId"))
    if account is None:
        return abha.x_token_over()
    if told is None:
        return abha.no_login_id()
    if body.get("scope") != NEW_MOBILE:
        return refused("1006", "Invalid combination of scope")
    if sum(one.mobile == told for one in world.accounts.values()) >= abha.MOBILE_LIMIT:
        return refused("1124", "Mobile number is already linked to 6 ABHA numbers")
    if abha.asked_too_often(world, told):
        return refused("1100", "You have requested multiple OTPs, try again in 30 minutes")
    return abha.opened(world, "new-mobile", told, [account], keep=True)


async def mobile_verify(request: Request, body: dict[str, Any]) -> Response:
    world, account = world_of(request), abha.holder(request, "profile")
    told = (body.get("authData") or {}).get("otp") or {}
    talk = abha.talk_of(world, told.get("txnId"))
    if account is None:
        return abha.x_token_over()
    if talk is None or talk.kind != "new-mobile" or talk.addresses != [account.address]:
        return refused("1017", "Invalid Transaction Id", 401)
    if not abha.is_right(talk, told.get("otpValue")):
        return JSONResponse({"txnId": talk.id, "authResult": "failed",
                             "message": "OTP did not match, please try again",
                             "accounts": []})  # fmt: skip
    account.mobile = talk.mobile
    return JSONResponse({"txnId": talk.id, "authResult": "success",
                         "message": "Mobile number updated successfully",
                         "accounts": [{"ABHANumber": account.abha_number}]})  # fmt: skip


async def email_link(request: Request, body: dict[str, Any]) -> Response:
    """The link goes out; the e-mail stands on the account when it is opened (never, here)."""
    told = abha.read(body.get("loginId"))
    if abha.holder(request, "profile") is None:
        return abha.x_token_over()
    if told is None or "@" not in told:
        return abha.no_login_id()
    if body.get("scope") != NEW_EMAIL or body.get("loginHint") != "email":
        return refused("1006", "Invalid combination of scope")
    message = "Verification link sent to the e-mail address"
    return JSONResponse({"txnId": new_id(), "message": message})


async def licence_otp(request: Request, body: dict[str, Any]) -> Response:
    """The mobile is proved before the licence is told."""
    world, told = world_of(request), abha.read(body.get("loginId"))
    if told is None or not told.isdecimal():
        return abha.no_login_id()
    if body.get("scope") != LICENCE:
        return refused("1006", "Invalid combination of scope")
    if abha.asked_too_often(world, told):
        return refused("1100", "You have requested multiple OTPs, try again in 30 minutes")
    return abha.opened(world, "licence", told, [], keep=True)


async def licence_verify(request: Request, body: dict[str, Any]) -> Response:
    told = (body.get("authData") or {}).get("otp") or {}
    talk = abha.talk_of(world_of(request), told.get("txnId"))
    if talk is None or talk.kind != "licence":
        return refused("1017", "Invalid Transaction Id", 401)
    if not abha.is_right(talk, told.get("otpValue")):
        return JSONResponse({"txnId": talk.id, "authResult": "failed",
                             "message": "Please enter a valid OTP.", "accounts": []})  # fmt: skip
    talk.kind = "licence-proved"
    return JSONResponse({"txnId": talk.id, "authResult": "success",
                         "message": "OTP verified successfully", "accounts": []})  # fmt: skip


async def by_document(request: Request, body: dict[str, Any]) -> Response:
    """An enrolment number, which nobody can log in with: no account is made."""
    world = world_of(request)
    talk: Talk | None = abha.talk_of(world, body.get("txnId"))
    if talk is None or talk.kind != "licence-proved":
        return refused("1017", "Invalid Transaction Id", 401)
    if body.get("consent") != {"code": "abha-enrollment", "version": "1.4"}:
        return refused("1006", "Consent is mandatory")
    if body.get("documentType") != "DRIVING_LICENCE" or not all(body.get(one) for one in FACTS):
        return refused("1006", "Invalid document details")
    talk.kind, talk.at = "licence-enrolled", now()
    number = demo_number(5000 + next(world.enrolments))
    year, month, day = str(body["dob"]).split("-")
    profile = {
        "enrolmentNumber": number,
        "enrolmentState": "PROVISIONAL",
        **{name: body[name] for name in ("firstName", "middleName", "lastName", "gender",
                                         "address", "district", "state")},
        "dob": f"{year}-{int(month)}-{int(day)}",
        "mobile": f"******{talk.mobile[-4:]}",
        "districtCode": "208",
        "stateCode": "10",
        "abhaStatus": "ACTIVE",
        "phrAddress": [None],
    }  # fmt: skip
    return JSONResponse({"message": "Account created successfully", "enrolProfile": profile,
                         "isNew": True})  # fmt: skip


ROUTES = (
    ("POST", "/v3/profile/account/request/otp", mobile_otp),
    ("POST", "/v3/profile/account/verify", mobile_verify),
    ("POST", "/v3/profile/account/request/emailVerificationLink", email_link),
    ("POST", "/v3/enrollment/enrol/byDocument", by_document),
)
