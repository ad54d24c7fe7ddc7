"""Making an ABHA number with Aadhaar: code, number, mobile, address."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import abha, upkeep
from apps.abdm_sandbox.door import refused, world_of
from apps.abdm_sandbox.world import Account, World

# People whom "Aadhaar" knows and who have no ABHA yet; the mobile is the one Aadhaar has.
CITIZENS = {
    "000000009001": ("meera1999", "Meera Kumari", "F", 1999, 2, 14, "6000009001"),
    "000000009002": ("ramesh79", "Ramesh Kumar Yadav", "M", 1979, 2, 20, "6000009002"),
    "000000009003": ("asha92", "Asha Devi", "F", 1992, 1, 1, "6000009003"),
}


async def request_otp(request: Request, body: dict[str, Any]) -> Response:
    """By Aadhaar (a new talk), or by mobile inside a talk that made an account already; by mobile
    before a driving licence."""
    if "dl-flow" in body.get("scope", []):
        return await upkeep.licence_otp(request, body)
    world, told = world_of(request), abha.read(body.get("loginId"))
    if told is None:
        return abha.no_login_id()
    if "mobile-verify" in body.get("scope", []):
        talk = abha.talk_of(world, body.get("txnId"))
        if talk is None or talk.kind != "enrolled":
            return refused("1017", "Invalid Transaction Id", 401)
        if sum(one.mobile == told for one in world.accounts.values()) >= abha.MOBILE_LIMIT:
            return refused("1124", "Mobile number is already linked to 6 ABHA numbers")
        talk.mobile, talk.wrong = told, 0
        message = f"OTP sent to mobile number ending with ******{told[-4:]}"
        return JSONResponse({"txnId": talk.id, "message": message})
    known = next((one for one in world.accounts.values() if one.aadhaar == told), None)
    if told not in CITIZENS and known is None:
        return refused("1204", "UIDAI Error code : 998 : Invalid Aadhaar Number.", 422)
    if abha.asked_too_often(world, told):
        return refused("1100", "You have requested multiple OTPs, try again in 30 minutes")
    mobile = known.mobile if known else CITIZENS[told][6]
    return abha.opened(world, "enrol", mobile, [], aadhaar=told)


async def by_aadhaar(request: Request, body: dict[str, Any]) -> Response:
    world, told = world_of(request), (body.get("authData") or {}).get("otp") or {}
    talk = abha.talk_of(world, told.get("txnId"))
    if talk is None or talk.kind != "enrol":
        return refused("1017", "Invalid Transaction Id", 401)
    if body.get("consent") != {"code": "abha-enrollment", "version": "1.4"}:
        return refused("1006", "Consent is mandatory")
    if not abha.is_right(talk, told.get("otpValue")):
        return refused("1204", "UIDAI Error code : 400 : Invalid Aadhaar OTP value.", 422)
    known = next((one for one in world.accounts.values() if one.aadhaar == talk.aadhaar), None)
    if known is None and world.enrolled >= abha.CLIENT_LIMIT:
        return refused("1227", "This client ID has reached the maximum limit")
    account = known or made(request, talk.aadhaar)
    talk.kind, talk.addresses = "enrolled", [account.address]
    same = known is not None or str(told.get("mobile")) == account.mobile
    message = "This account already exist" if known else "Account created successfully"
    told = profile(account, account.mobile if same else None)
    return JSONResponse({"message": message, "txnId": talk.id,
                         "tokens": abha.token_for(world, account),
                         "ABHAProfile": told, "isNew": known is None})  # fmt: skip


def citizen(aadhaar: str) -> Account:
    """Somebody whom "Aadhaar" knows and who has no ABHA yet."""
    stem, name, gender, year, month, day, mobile = CITIZENS[aadhaar]
    return Account("", stem, name, gender, year, month, day, mobile)


def made(request: Request, aadhaar: str) -> Account:
    """A new account; its first address is its number."""
    world = world_of(request)
    account = world.add_account(*CITIZENS[aadhaar])
    by_number(world, account)
    account.aadhaar = aadhaar
    world.enrolled += 1
    return account


def by_number(world: World, account: Account) -> None:
    """Called by its number until somebody chooses an address."""
    del world.accounts[account.address]
    account.address = f"{account.abha_number.replace('-', '')}@sbx"
    world.accounts[account.address] = account


def profile(account: Account, mobile: str | None) -> dict[str, Any]:
    first, _, last = account.name.rpartition(" ")
    return {
        "firstName": first or last,
        "middleName": "",
        "lastName": last if first else "",
        "dob": f"{account.day:02d}-{account.month:02d}-{account.year}",
        "gender": account.gender,
        "mobile": mobile,
        "email": None,
        "phrAddress": [account.address],
        "abhaType": "STANDARD",
        "ABHANumber": account.abha_number,
        "abhaStatus": "ACTIVE",
    }


async def verify_mobile(request: Request, body: dict[str, Any]) -> Response:
    if "dl-flow" in body.get("scope", []):
        return await upkeep.licence_verify(request, body)
    world, told = world_of(request), (body.get("authData") or {}).get("otp") or {}
    talk = abha.talk_of(world, told.get("txnId"))
    if talk is None or talk.kind != "enrolled" or not talk.mobile:
        return refused("1017", "Invalid Transaction Id", 401)
    if not abha.is_right(talk, told.get("otpValue")):
        return JSONResponse({"txnId": talk.id, "authResult": "failed",
                             "message": "Please enter a valid OTP.", "accounts": []})  # fmt: skip
    account = world.accounts[talk.addresses[0]]
    account.mobile = talk.mobile
    return JSONResponse({"txnId": talk.id, "authResult": "success",
                         "message": "Mobile number is now successfully linked",
                         "accounts": [{"ABHANumber": account.abha_number}]})  # fmt: skip


async def suggestion(request: Request, body: dict[str, Any]) -> Response:
    world = world_of(request)
    talk = abha.talk_of(world, request.headers.get("Transaction_Id"))
    if talk is None or talk.kind != "enrolled":
        return refused("1017", "Invalid Transaction Id", 401)
    account = world.accounts[talk.addresses[0]]
    stem = account.name.lower().replace(" ", "")[:12]
    words = [f"{stem}.{account.year}", f"{stem}_{account.day:02d}{account.month:02d}",
             f"{stem}{account.year % 100:02d}"]  # fmt: skip
    return JSONResponse({"txnId": talk.id, "abhaAddressList": words})


async def new_address(request: Request, body: dict[str, Any]) -> Response:
    world, stem = world_of(request), str(body.get("abhaAddress", ""))
    talk = abha.talk_of(world, body.get("txnId"))
    if talk is None or talk.kind != "enrolled":
        return refused("1017", "Invalid Transaction Id", 401)
    if not 8 <= len(stem) <= 18 or not abha.ADDRESS.fullmatch(stem):
        return refused("1170", "Invalid ABHA address")
    if f"{stem}@sbx" in world.accounts:
        return refused("1101", "ABHA address already exists")
    account = world.accounts.pop(talk.addresses[0])
    account.address = f"{stem}@sbx"
    world.accounts[account.address] = account
    talk.addresses = [account.address]
    world.holders = {
        token: (account.address if world.accounts.get(address) is None else address, kind, at)
        for token, (address, kind, at) in world.holders.items()
    }
    return JSONResponse({"txnId": talk.id, "healthIdNumber": account.abha_number,
                         "preferredAbhaAddress": account.address})  # fmt: skip


ROUTES = (
    ("POST", "/v3/enrollment/request/otp", request_otp),
    ("POST", "/v3/enrollment/auth/byAbdm", verify_mobile),
    ("GET", "/v3/enrollment/enrol/suggestion", suggestion),
    ("POST", "/v3/enrollment/enrol/abha-address", new_address),
)
