"""ABHA without an OTP: demographics, finger, iris, face, and a child on its parent's word."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.abdm_sandbox import abha, enrol
from apps.abdm_sandbox.door import refused, world_of
from apps.abdm_sandbox.world import Account, Talk, new_id, now

CHILDREN_LIMIT = 5
SCANS = {"bio": "fingerPrintAuthPid", "iris": "pid", "face": "rdPidData"}
PID = "REVNTyBmYWNl"  # "DEMO face"


async def by_aadhaar(request: Request, body: dict[str, Any]) -> Response:
    """One address for every way; the method says which."""
    told = body.get("authData") or {}
    method = (told.get("authMethods") or [""])[0]
    if method == "otp":
        return await enrol.by_aadhaar(request, body)
    if body.get("consent") != {"code": "abha-enrollment", "version": "1.4"}:
        return refused("1006", "Consent is mandatory")
    if method in ("demo_auth", "child") and not request.headers.get("BENEFIT-NAME"):
        return refused("1021", "Lack of privileges", 403)
    facts = told.get(method) or {}
    if method == "child":
        return _child(request, facts)
    if method == "demo_auth":
        return _demographics(request, facts)
    if method in SCANS:
        return _scan(request, facts, SCANS[method])
    return refused("1006", "Invalid authMethods")


def _found(request: Request, told: Any) -> tuple[Account | None, str, Response | None]:
    """(the account that is there, the number, a no)."""
    number = abha.read(told)
    if number is None:
        return None, "", abha.no_login_id()
    known = next(
        (one for one in world_of(request).accounts.values() if one.aadhaar == number), None
    )
    if known is None and number not in enrol.CITIZENS:
        return None, "", refused("1204", "UIDAI Error code : 998 : Invalid Aadhaar Number.", 422)
    return known, number, None


def _demographics(request: Request, facts: dict[str, Any]) -> Response:
    """Name, day and sex must be Aadhaar's own. The answer is flat, as years ago."""
    known, number, no = _found(request, facts.get("aadhaarNumber"))
    if no is not None:
        return no
    person = known or enrol.citizen(number)
    born = f"{person.day}-{person.month}-{person.year}"
    told = (str(facts.get("name", "")).lower(), facts.get("dateOfBirth"), facts.get("gender"))
    if told != (person.name.lower(), born, person.gender):
        return refused("1207", "Demographic details do not match")
    account = known or enrol.made(request, number)
    tokens = abha.token_for(world_of(request), account)
    first, _, last = account.name.rpartition(" ")
    return JSONResponse({
        "healthIdNumber": account.abha_number, "healthId": account.address,
        "mobile": f"******{account.mobile[-4:]}", "firstName": first, "middleName": "",
        "lastName": last, "name": account.name, "yearOfBirth": str(account.year),
        "dayOfBirth": str(account.day), "monthOfBirth": str(account.month),
        "gender": account.gender, "stateCode": "10", "districtCode": "208",
        "stateName": "BIHAR", "districtName": "GAYA", "kycVerified": True,
        "token": tokens["token"], "jwtResponse": tokens, "new": known is None,
    })  # fmt: skip


def _scan(request: Request, facts: dict[str, Any], key: str) -> Response:
    world = world_of(request)
    known, number, no = _found(request, facts.get("aadhaar"))
    if no is not None:
        return no
    if not facts.get(key):
        return refused("1204", "UIDAI Error code : K-547", 422)
    account = known or enrol.made(request, number)
    talk = Talk(new_id(), "enrolled", now(), [account.address], aadhaar=number)
    world.talks[talk.id] = talk
    message = "This account already exist" if known else "Account created successfully"
    same = known is not None or str(facts.get("mobile")) == account.mobile
    told = enrol.profile(account, account.mobile if same else None)
    tokens = abha.token_for(world, account)
    return JSONResponse({"message": message, "txnId": talk.id, "tokens": tokens,
                         "ABHAProfile": told, "isNew": known is None})  # fmt: skip


def _child(request: Request, facts: dict[str, Any]) -> Response:
    world, parent = world_of(request), abha.holder(request, "profile")
    if parent is None:
        return abha.x_token_over()
    if facts.get("parentConsent") != "true":
        return refused("1006", "Parent consent is mandatory")
    if sum(one.parent == parent.abha_number for one in world.accounts.values()) >= CHILDREN_LIMIT:
        return refused("1157", "Child ABHA limit reached")
    day, month, year = (int(facts[f"{part}OfBirth"]) for part in ("day", "month", "year"))
    name, gender = str(facts.get("name")), str(facts.get("gender"))
    child = world.add_account(new_id(), name, gender, year, month, day, parent.mobile)
    enrol.by_number(world, child)
    child.parent, child.kyc, child.aadhaar = parent.abha_number, False, ""
    told = {**enrol.profile(child, child.mobile), "abhaType": "CHILD", "phrAddress": None}
    return JSONResponse({"message": "Account created successfully",
                         "tokens": abha.token_for(world, child), "ABHAProfile": told,
                         "isNew": True})  # fmt: skip


async def children(request: Request, body: dict[str, Any]) -> Response:
    world, parent = world_of(request), abha.holder(request, "profile")
    if parent is None:
        return abha.x_token_over()
    rows = [
        {"dateOfBirth": f"{one.day}-{one.month}-{one.year}", "name": one.name,
         "gender": one.gender, "phrAddress": one.address, "ABHANumber": one.abha_number}
        for one in world.accounts.values()
        if one.parent == parent.abha_number
    ]  # fmt: skip
    return JSONResponse({"parentAbhaNumber": parent.abha_number,
                         "mobileNumber": f"******{parent.mobile[-4:]}", "address": "Demo Mohalla",
                         "childrenCount": len(rows), "children": rows})  # fmt: skip


async def face_init(request: Request, body: dict[str, Any]) -> Response:
    if body.get("scope") != ["abha-enrol", "face-verify"]:
        return refused("1006", "Invalid combination of scope")
    talk = Talk(new_id(), "face", now(), [])
    world_of(request).talks[talk.id] = talk
    return JSONResponse({"txnId": talk.id, "message": "Transaction Id generated Successfully"})


async def face_capture(request: Request, body: dict[str, Any]) -> Response:
    """The pretended phone is asked once before it has finished."""
    talk = abha.talk_of(world_of(request), body.get("txnId"))
    if talk is None or talk.kind != "face":
        return refused("1017", "Invalid Transaction Id", 401)
    talk.wrong += 1
    state = "PENDING" if talk.wrong == 1 else "COMPLETE"
    told = None if state == "PENDING" else PID
    return JSONResponse({"txnId": talk.id, "status": state, "rdPidData": told})


ROUTES = (
    ("POST", "/v3/enrollment/enrol/byAadhaar", by_aadhaar),
    ("GET", "/v3/enrollment/profile/children", children),
    ("POST", "/v3/enrollment/enrol/auth/init", face_init),
    ("POST", "/v3/enrollment/enrol/capturePID", face_capture),
)
