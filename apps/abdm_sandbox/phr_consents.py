"""Consents on the phone: who asks, who may look, and taking it back."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from apps.abdm_sandbox import consent as consents
from apps.abdm_sandbox import hiu
from apps.abdm_sandbox.door import world_of
from apps.abdm_sandbox.phr_html import Html, Phone, go, h, join, phone
from apps.abdm_sandbox.phr_words import WORDS
from apps.abdm_sandbox.world import Consent


def waiting(here: Phone) -> list[Any]:
    """Requests of hospitals that this person has not answered."""
    return hiu.waiting(world_of(here.request), here.me.address)


async def listing(here: Phone) -> Response:
    """What others were allowed; the phone's own look-ups are not among them."""
    mine = [c for c in world_of(here.request).consents.values()
            if c.address == here.me.address and not c.own]  # fmt: skip
    granted = [_granted(here, one) for one in mine if one.status == "GRANTED"]
    over = [_over(here, one) for one in mine if one.status != "GRANTED"][-5:]
    asked = [_asked(here, one) for one in waiting(here)]
    parts = [h("<h2>{title}</h2>", title=here.say("asked")), *asked] if asked else []
    if here.request.query_params.get("nothing"):
        parts.insert(0, here.note("nothing_held", "bad"))
    parts += [h("<h2>{title}</h2>", title=here.say("granted")), *granted]
    if not granted:
        parts.append(here.note("none_granted", "wait"))
    if over:
        parts += [h("<h2>{title}</h2>", title=here.say("over")), *over]
    return here.page(here.say("consents"), *parts, back="/phr/")


def _asked(here: Phone, one: dict[str, Any]) -> Html:
    """A request with its two answers."""
    rows = (("asker", here.hospital(one["hiu"])), ("doctor", one["requester"]),
            ("why", _why(here, one["purpose"])),
            ("kinds", _kinds(here, one["hiTypes"])),
            ("range", f"{here.date(one['from'])} – {here.date(one['to'])}"),
            ("until", here.date(one["eraseAt"])))  # fmt: skip
    yes = here.button(f"/phr/consents/{one['id']}/approve", "approve", "go")
    no = here.button(f"/phr/consents/{one['id']}/deny", "deny", "no")
    return h('<div class="card">{facts}<div class="pair">{no}{yes}</div></div>',
             facts=_rows(here, rows), no=no, yes=yes)  # fmt: skip


def _granted(here: Phone, one: Consent) -> Html:
    return h('<div class="card">{facts}{button}</div>', facts=_facts(here, one),
             button=here.button(f"/phr/consents/{one.id}/revoke", "revoke", "no"))  # fmt: skip


def _over(here: Phone, one: Consent) -> Html:
    state = here.say("revoked" if one.status == "REVOKED" else "expired")
    return h('<div class="card">{facts}<b>{state}</b></div>', facts=_facts(here, one), state=state)


def _facts(here: Phone, one: Consent) -> Html:
    """Who may see what, of which time, until when."""
    told = one.detail
    span = told["permission"]["dateRange"]
    rows = (
        ("asker", told["hiu"].get("name") or here.hospital(told["hiu"]["id"])),
        ("doctor", told["requester"]["name"]),
        ("records_of", here.hospital(one.service_id)),
        ("kinds", _kinds(here, told["hiTypes"])),
        ("range", f"{here.date(span['from'])} – {here.date(span['to'])}"),
        ("until", here.date(told["permission"]["dataEraseAt"])),
    )
    return _rows(here, rows)


def _rows(here: Phone, rows: tuple[tuple[str, str], ...]) -> Html:
    told = [h("<dt>{k}</dt><dd>{v}</dd>", k=here.say(key), v=value) for key, value in rows]
    return h("<dl>{rows}</dl>", rows=join(told))


def _kinds(here: Phone, kinds: list[str]) -> str:
    return ", ".join(here.say(kind) for kind in kinds)


def _why(here: Phone, text: str) -> str:
    """ABDM's purposes in the reader's words; any other as it was asked."""
    return here.say(text) if text in WORDS else text


async def approve(here: Phone) -> Response:
    """Yes to everything that was asked; who holds nothing has nothing to allow."""
    asked = here.request.path_params["id"]
    if asked not in {one["id"] for one in waiting(here)}:
        return go("/phr/consents")
    made = hiu.approve(here.request, asked)
    return go("/phr/consents" if made else "/phr/consents?nothing=1")


async def deny(here: Phone) -> Response:
    asked = here.request.path_params["id"]
    if asked in {one["id"] for one in waiting(here)}:
        hiu.deny(here.request, asked)
    return go("/phr/consents")


async def revoke(here: Phone) -> Response:
    one = world_of(here.request).consents.get(here.request.path_params["id"])
    if one and one.address == here.me.address and one.status == "GRANTED" and not one.own:
        consents.revoke(here.request, one.id)
    return go("/phr/consents")


ROUTES = [
    Route("/phr/consents", phone(listing), methods=["GET"]),
    Route("/phr/consents/{id}/approve", phone(approve), methods=["POST"]),
    Route("/phr/consents/{id}/deny", phone(deny), methods=["POST"]),
    Route("/phr/consents/{id}/revoke", phone(revoke), methods=["POST"]),
]
