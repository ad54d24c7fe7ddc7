"""Speaking HTTP with the gateway: session token, headers, time limits, and what an answer means."""

import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache

from apps.gateway.environment import current

TIMEOUT = httpx.Timeout(30, connect=5)
ON_SHARE = "patient-share/v3/on-share"
ON_RUNNING = "patient-share/v3/running-token/on-status"
ON_RECORD_SHARE = "patient-record/v3/on-share"
TOKEN_KEY, TOKEN_LOCK = "gateway:token", "gateway:token-lock"
RENEW_EARLY_S = 60
LOCK_LIVES_S, OTHERS_WAIT_S = 40, 5


class Class(StrEnum):
    """What to do about an answer (classes of the integrator's dossier)."""

    DONE = "done"
    DUPLICATE = "duplicate"  # it was done already
    TRANSPORT = "transport"  # try again, longer each time
    AUTH = "auth"  # a new session, once
    THROTTLED = "throttled"  # wait a minute and double
    COOLDOWN = "cooldown"  # a refused link token is remembered for seven minutes
    BLOCKED = "blocked"  # 24 hours
    FINAL = "final"  # no try will help: a person


CODES = {
    Class.TRANSPORT: "303001 1000 1007 1011 1018 1019 1020 1024 1028 1029 1033 1045 1048 1401",
    Class.AUTH: "900900 900901 900902",
    Class.THROTTLED: "1022 2429",
    Class.COOLDOWN: "1092",
    Class.BLOCKED: "1027 1100",
    Class.DUPLICATE: "1056 1087 1090 1106 1107 1108 1113",
}
CLASS_OF = {code: kind for kind, codes in CODES.items() for code in codes.split()}


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` without "ABDM-" and colon; `message` in the gateway's words, not for patients."""

    status: int | None
    kind: Class
    body: Any = None
    code: str = ""
    message: str = ""


class Unreachable(Exception):
    """No session could be had."""


def timestamp(at: datetime | None = None) -> str:
    """UTC, exactly three decimals, a literal Z."""
    told = (at or datetime.now(UTC)).astimezone(UTC)
    return f"{told:%Y-%m-%dT%H:%M:%S}.{told.microsecond // 1000:03d}Z"


def call(
    method: str,
    url: str,
    *,
    body: Any = None,
    headers: dict[str, str] | None = None,
    request_id: uuid.UUID | None = None,
) -> Answer:
    """One call with a session; after a 401 once more with a new one. Never raises."""
    for renewed in (False, True):
        try:
            token = session_token(renew=renewed)
        except Unreachable as error:
            return Answer(None, Class.TRANSPORT, message=str(error))
        fixed = {**_headers(request_id), "Authorization": f"Bearer {token}", **(headers or {})}
        answer = _sent(method, url, body, fixed)
        if answer.kind is not Class.AUTH:
            return answer
        request_id = None  # a used id is refused: the second try has its own
    return Answer(answer.status, Class.TRANSPORT, answer.body, answer.code, answer.message)


def session_token(*, renew: bool = False) -> str:
    """The software's session, shared by all processes, renewed a minute early by one of them."""
    if not renew and (token := cache.get(TOKEN_KEY)):
        return str(token)
    if renew:
        cache.delete(TOKEN_KEY)
    if cache.add(TOKEN_LOCK, 1, LOCK_LIVES_S):
        try:
            return _new_session()
        finally:
            cache.delete(TOKEN_LOCK)
    for _ in range(OTHERS_WAIT_S * 10):  # another process is asking already
        time.sleep(0.1)
        if token := cache.get(TOKEN_KEY):
            return str(token)
    return _new_session()


def _new_session() -> str:
    told = {
        "clientId": settings.ABDM_CLIENT_ID,
        "clientSecret": settings.ABDM_CLIENT_SECRET,
        "grantType": "client_credentials",
    }
    url = f"{current().gateway}/api/hiecm/gateway/v3/sessions"
    answer = _sent("POST", url, told, _headers(None))
    token = answer.body.get("accessToken") if isinstance(answer.body, dict) else None
    if answer.kind is not Class.DONE or not token:
        raise Unreachable(f"no session: {answer.status} {answer.code}".strip())
    lives = max(int(answer.body.get("expiresIn", 300)) - RENEW_EARLY_S, 10)
    cache.set(TOKEN_KEY, token, lives)
    return str(token)


def _headers(request_id: uuid.UUID | None) -> dict[str, str]:
    return {
        "REQUEST-ID": str(request_id or uuid.uuid4()),
        "TIMESTAMP": timestamp(),
        "X-CM-ID": current().cm_id,
        "Content-Type": "application/json",
    }


def _sent(method: str, url: str, body: Any, headers: dict[str, str]) -> Answer:
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    try:
        response = _http().request(method, url, content=content, headers=headers)
    except httpx.HTTPError as error:
        return Answer(None, Class.TRANSPORT, message=type(error).__name__)
    return understood(response.status_code, response.content)


def understood(status: int, content: bytes) -> Answer:
    """Status and body of an answer in one of the many shapes that errors have."""
    try:
        body = json.loads(content) if content.strip() else None
    except ValueError:
        body = content[:200].decode("utf-8", "replace")
    code, message = error_in(body)
    if status < 400 and not code:
        return Answer(status, Class.DONE, body)
    return Answer(status, _class(status, code, message), body, code, message)


def error_in(body: Any) -> tuple[str, str]:
    """Code (digits or a word) and message of an error body; ("", "") when it tells of none."""
    if isinstance(body, list):
        return error_in(body[0]) if body else ("", "")
    if not isinstance(body, dict):
        return ("", body[:120]) if isinstance(body, str) else ("", "")
    if isinstance(body.get("error"), dict):
        return error_in(body["error"])
    code = body.get("code")
    if not code:
        return "", str(body.get("Message") or "")
    bare = str(code).strip().rstrip(":").strip().removeprefix("ABDM-")
    return bare, str(body.get("message", ""))


def _class(status: int, code: str, message: str) -> Class:
    words = message.lower()
    if code == "9999" and "duplicate" in words:
        return Class.DUPLICATE
    if code == "1056" and "link reference" in words:
        return Class.FINAL
    if status == 401 or code in CODES[Class.AUTH].split():
        return Class.AUTH
    if status == 429:
        return Class.THROTTLED
    if status >= 500:
        return Class.TRANSPORT
    return CLASS_OF.get(code, Class.FINAL)


_client: httpx.Client | None = None


def _http() -> httpx.Client:
    """One client a process: connections to the gateway are kept open."""
    global _client
    if _client is None:
        _client = httpx.Client(timeout=TIMEOUT, follow_redirects=False)
    return _client
