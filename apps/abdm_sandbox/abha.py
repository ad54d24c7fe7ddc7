"""ABHA numbers as the national service tells of them: log in, enrol, address, card.

The code is always 123456. Aadhaar numbers here start with 0000, which no real one does; anything
else is refused, so that nobody's number can wander into a demonstration.
"""

import base64
import re
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import tokens
from apps.abdm_sandbox.door import refused, world_of
from apps.abdm_sandbox.world import Account, Talk, World, new_id, now

CODE_LIVES = timedelta(minutes=10)
ASKS, ASKS_IN = 5, timedelta(minutes=30)
T_TOKEN_S, X_TOKEN_S = 300, 1800
CLIENT_LIMIT, MOBILE_LIMIT = 100, 6
OAEP_SHA1 = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)  # what ABDM asks for
ADDRESS = re.compile(r"[a-z0-9](?:[a-z0-9]*[._]?[a-z0-9]+){1,2}")
PEN = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


async def certificate(request: Request, body: dict[str, Any]) -> Response:
    public = tokens.key("abha").public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    told = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding"
    return JSONResponse({"publicKey": base64.b64encode(der).decode(), "encryptionAlgorithm": told})


def read(text: Any) -> str | None:
    """What was encrypted for us; None when it was not."""
    try:
        return tokens.key("abha").decrypt(base64.b64decode(str(text)), OAEP_SHA1).decode()
    except ValueError:
        return None


def no_login_id() -> Response:
    told = {"loginId": "Invalid LoginId", "timestamp": "2026-11-23 09:31:00"}
    return JSONResponse(told, status_code=400)


def asked_too_often(world: World, who: str) -> bool:
    times = [at for at in world.code_asks.get(who, []) if now() - at < ASKS_IN]
    world.code_asks[who] = [*times, now()]
    return len(times) >= ASKS


def opened(
    world: World,
    kind: str,
    mobile: str,
    accounts: list[Account],
    *,
    keep: bool = False,
    **more: Any,
) -> Response:
    """The code is "sent"; what comes next is remembered under a transaction id. `keep`: the mobile
    too, which the code proves."""
    talk = Talk(new_id(), kind, now(), [one.address for one in accounts], **more)
    talk.mobile = mobile if keep else ""
    world.talks[talk.id] = talk
    message = f"OTP sent to mobile number ending with ******{mobile[-4:]}"
    return JSONResponse({"txnId": talk.id, "message": message})


def talk_of(world: World, told: Any) -> Talk | None:
    found = world.talks.get(str(told))
    return found if found and now() - found.at < CODE_LIVES else None


def is_right(talk: Talk, told: Any) -> bool:
    """Three wrong ones, and the right one does not help any more."""
    right = talk.wrong < 3 and read(told) == "123456"
    talk.wrong += not right
    return right


def of_number(world: World, dashed: str) -> Account | None:
    return next((one for one in world.accounts.values() if one.abha_number == dashed), None)


def token_for(world: World, account: Account, *, phr: bool = False) -> dict[str, Any]:
    token = f"x-{new_id()}"
    world.holders[token] = (account.address, "phr" if phr else "profile", now())
    return {"token": token, "expiresIn": X_TOKEN_S, "refreshToken": f"r-{new_id()}",
            "refreshExpiresIn": 1296000}  # fmt: skip


def holder(request: Request, kind: str) -> Account | None:
    world = world_of(request)
    token = request.headers.get("X-token", "").removeprefix("Bearer ")
    address, made_for, at = world.holders.get(token, ("", "", now()))
    living = made_for == kind and now() - at < timedelta(seconds=X_TOKEN_S)
    return world.accounts.get(address) if living else None


def x_token_over() -> Response:
    told = {"code": "ABDM-1094", "message": "X-token expired", "timestamp": "2026-11-23 11:15:32"}
    return JSONResponse(told, status_code=401)


def row(account: Account) -> dict[str, Any]:
    return {
        "ABHANumber": account.abha_number,
        "preferredAbhaAddress": account.address,
        "name": account.name,
        "gender": account.gender,
        "dob": f"{account.day:02d}-{account.month:02d}-{account.year}",
        "verifiedStatus": "VERIFIED" if account.kyc else "PROVISIONAL",
        "status": "ACTIVE",
        "kycVerified": account.kyc,
    }


# --- log in -------------------------------------------------------------------------------


async def search(request: Request, body: dict[str, Any]) -> Response:
    """Who stands on a mobile, masked: the asker chooses by the place in the list."""
    world, told = world_of(request), read(body.get("mobile"))
    if told is None:
        return no_login_id()
    if body.get("scope") != ["search-abha"]:
        return refused("1006", "Invalid combination of scope")
    found = [one for one in world.accounts.values() if one.mobile == told][:MOBILE_LIMIT]
    if not found:
        return refused("1114", "User not found.", 404)
    talk = Talk(new_id(), "search", now(), [one.address for one in found])
    world.talks[talk.id] = talk
    rows = [
        {
            "index": n,
            "ABHANumber": f"xx-xxxx-xxxx-xx{one.abha_number[-2:]}",
            "name": one.name,
            "gender": one.gender,
            "kycVerified": one.kyc,
            "authMethods": ["MOBILE_OTP", *(["AADHAAR_OTP"] if one.aadhaar else [])],
        }
        for n, one in enumerate(found, 1)
    ]
    return JSONResponse([{"txnId": talk.id, "ABHA": rows}])


def _of_the_found(world: World, told: str, body: dict[str, Any]) -> Response:
    """The code for one of those that a search found."""
    talk = talk_of(world, body.get("txnId"))
    if talk is None or talk.kind != "search":
        return refused("1017", "Invalid Transaction Id", 401)
    by = "aadhaar-verify" if body.get("otpSystem") == "aadhaar" else "mobile-verify"
    if body.get("scope") != ["abha-login", "search-abha", by]:
        return refused("1006", "Invalid combination of scope")
    if not told.isdecimal() or not 1 <= int(told) <= len(talk.addresses):
        return refused("1114", "User not found.", 404)
    account = world.accounts[talk.addresses[int(told) - 1]]
    if asked_too_often(world, account.abha_number):
        return refused("1100", "You have requested multiple OTPs, try again in 30 minutes")
    return opened(world, "login-index", account.mobile, [account])


async def login_otp(request: Request, body: dict[str, Any]) -> Response:
    world, hint = world_of(request), body.get("loginHint")
    told = read(body.get("loginId"))
    if told is None:
        return no_login_id()
    if hint == "index":
        return _of_the_found(world, told, body)
    found = {
        "abha-number": lambda one: one.abha_number == told,
        "aadhaar": lambda one: one.aadhaar and one.aadhaar == told,
        "mobile": lambda one: one.mobile == told,
    }.get(str(hint))
    if found is None or "abha-login" not in body.get("scope", []):
        return refused("1006", "Invalid combination of scope")
    accounts = [one for one in world.accounts.values() if found(one)]
    if not accounts:
        return refused("1114", "User not found.", 404)
    if asked_too_often(world, told):
        return refused("1100", "You have requested multiple OTPs, try again in 30 minutes")
    return opened(world, f"login-{hint}", accounts[0].mobile, accounts)


async def login_verify(request: Request, body: dict[str, Any]) -> Response:
    world, told = world_of(request), (body.get("authData") or {}).get("otp") or {}
    talk = talk_of(world, told.get("txnId"))
    if talk is None or not talk.kind.startswith("login-"):
        return refused("1017", "Invalid Transaction Id", 401)
    if not is_right(talk, told.get("otpValue")):
        return JSONResponse({"txnId": talk.id, "authResult": "failed",
                             "message": "OTP did not match, please try again",
                             "accounts": []})  # fmt: skip
    accounts = [world.accounts[address] for address in talk.addresses]
    shared = {"txnId": talk.id, "authResult": "success", "message": "OTP verified successfully",
              "accounts": [row(one) for one in accounts]}  # fmt: skip
    if talk.kind == "login-mobile":
        talk.t_token = f"t-{new_id()}"
        talk.t_at = now()
        return JSONResponse({**shared, "token": talk.t_token, "expiresIn": T_TOKEN_S})
    return JSONResponse({**shared, **token_for(world, accounts[0])})


async def login_user(request: Request, body: dict[str, Any]) -> Response:
    world, talk = world_of(request), talk_of(world_of(request), body.get("txnId"))
    token = request.headers.get("T-token", "").removeprefix("Bearer ")
    account = of_number(world, str(body.get("ABHANumber")))
    fresh = (
        talk is not None
        and talk.t_at is not None
        and talk.t_token == token
        and now() - talk.t_at < timedelta(seconds=T_TOKEN_S)
    )
    if not talk or not fresh or account is None or account.address not in talk.addresses:
        told = {"message": "Invalid T-token", "timestamp": "2026-11-23 10:59:05"}
        return JSONResponse(told, status_code=400)
    return JSONResponse(token_for(world, account))


async def profile(request: Request, body: dict[str, Any]) -> Response:
    account = holder(request, "profile")
    if account is None:
        return x_token_over()
    return JSONResponse(
        {
            **{k: v for k, v in row(account).items() if k not in ("dob", "verifiedStatus")},
            "mobile": account.mobile,
            "yearOfBirth": str(account.year),
            "monthOfBirth": f"{account.month:02d}",
            "dayOfBirth": f"{account.day:02d}",
            "verificationStatus": "VERIFIED" if account.kyc else "PROVISIONAL",
            "verificationType": "AADHAAR",
        }
    )


async def card(request: Request, body: dict[str, Any]) -> Response:
    """A picture under a content type that says nothing of it, as the real one."""
    if holder(request, "profile") is None:
        return x_token_over()
    return Response(PEN, 202, media_type="application/octet-stream")


# --- by address: a service of its own, with tokens and errors of its own -------------------


async def address_search(request: Request, body: dict[str, Any]) -> Response:
    account = world_of(request).accounts.get(str(body.get("abhaAddress")))
    if account is None:
        return _address_error("User not found")
    return JSONResponse(
        {
            "healthIdNumber": account.abha_number,
            "abhaAddress": account.address,
            "authMethods": ["MOBILE_OTP", "AADHAAR_OTP"],
            "blockedAuthMethods": [],
            "status": "ACTIVE",
            "message": None,
            "fullName": account.name,
            "mobile": f"{account.mobile[:4]}******",
        }
    )


async def address_otp(request: Request, body: dict[str, Any]) -> Response:
    world, told = world_of(request), read(body.get("loginId"))
    account = world.accounts.get(told or "")
    if account is None:
        return _address_error("User not found")
    if asked_too_often(world, account.address):
        return refused("1100", "You have requested multiple OTPs, try again in 30 minutes")
    return opened(world, "address", account.mobile, [account])


async def address_verify(request: Request, body: dict[str, Any]) -> Response:
    world, told = world_of(request), (body.get("authData") or {}).get("otp") or {}
    talk = talk_of(world, told.get("txnId"))
    if talk is None or talk.kind != "address":
        return _address_error("transaction expired")
    if not is_right(talk, told.get("otpValue")):
        return JSONResponse({"authResult": "failed", "message": "Invalid OTP", "users": []})
    account = world.accounts[talk.addresses[0]]
    user = {"abhaAddress": account.address, "fullName": account.name,
            "abhaNumber": account.abha_number, "status": "ACTIVE",
            "kycStatus": "VERIFIED" if account.kyc else "PENDING"}  # fmt: skip
    made = token_for(world, account, phr=True)
    return JSONResponse({"message": "OTP verified successfully", "authResult": "success",
                         "users": [user], "tokens": made})  # fmt: skip


async def address_profile(request: Request, body: dict[str, Any]) -> Response:
    account = holder(request, "phr")
    if account is None:
        return x_token_over()
    return JSONResponse(
        {
            "abhaAddress": account.address,
            "abhaNumber": account.abha_number,
            "fullName": account.name,
            "gender": account.gender,
            "yearOfBirth": str(account.year),
            "monthOfBirth": str(account.month),
            "dayOfBirth": str(account.day),
            "mobile": account.mobile,
            "kycStatus": "VERIFIED" if account.kyc else "PENDING",
        }
    )


async def address_card(request: Request, body: dict[str, Any]) -> Response:
    return Response(PEN, 202) if holder(request, "phr") else x_token_over()


def _address_error(message: str) -> Response:
    return JSONResponse([{"code": "ABDM-9999: ", "message": message}], status_code=400)


LOGIN = "/v3/profile/login"
WEB = "/v3/phr/web/login"
ROUTES = (
    ("GET", "/v3/profile/public/certificate", certificate),
    ("POST", "/v3/profile/account/abha/search", search),
    ("POST", f"{LOGIN}/request/otp", login_otp),
    ("POST", f"{LOGIN}/verify", login_verify),
    ("POST", f"{LOGIN}/verify/user", login_user),
    ("GET", "/v3/profile/account", profile),
    ("GET", "/v3/profile/account/abha-card", card),
    ("POST", f"{WEB}/abha/search", address_search),
    ("POST", f"{WEB}/abha/request/otp", address_otp),
    ("POST", f"{WEB}/abha/verify", address_verify),
    ("GET", f"{WEB}/profile/abha-profile", address_profile),
    ("GET", f"{WEB}/profile/abha/phr-card", address_card),
)
