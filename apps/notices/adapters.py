"""Ways out of the house. `settings.SMS_ADAPTER` names one."""

from typing import Protocol

import httpx
from django.conf import settings


class Undelivered(Exception):
    """The message did not go out. `final`: trying again is useless. Text: a code, no content."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Adapter(Protocol):
    """`keeps`: number and text stay in our table after sending."""

    keeps: bool

    def send(self, mobile: str, text: str, *, template: str, key: str) -> None: ...


class Keep:
    """Sends nothing: the message stays in the table, for the demo's page of messages."""

    keeps = True

    def send(self, mobile: str, text: str, *, template: str, key: str) -> None:
        return None


class Http:
    """POST as JSON to the State's SMS gateway (SMS_URL, SMS_TOKEN).

    India's rules for bulk SMS ask for the id of a registered template with each message:
    SMS_DLT maps our template names to those ids. `key` lets the gateway drop a repeat.
    """

    keeps = False
    TIMEOUT = httpx.Timeout(10.0, connect=4.0)

    def send(self, mobile: str, text: str, *, template: str, key: str) -> None:
        body = {
            "to": f"91{mobile}",
            "text": text,
            "template_id": settings.SMS_DLT.get(template, ""),
            "sender": settings.SMS_SENDER,
            "key": key,
        }
        try:
            answer = httpx.post(
                settings.SMS_URL,
                json=body,
                headers={"Authorization": f"Bearer {settings.SMS_TOKEN}"},
                timeout=self.TIMEOUT,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Undelivered(type(error).__name__) from None
        if answer.is_success:
            return
        refused = 400 <= answer.status_code < 500 and answer.status_code not in (401, 408, 429)
        raise Undelivered(f"http-{answer.status_code}", final=refused)
