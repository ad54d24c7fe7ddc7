"""Consents on the phone: who asks, who may look, and taking it back."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from apps.abdm_sandbox import consent as consents
from apps.abdm_sandbox.door import world_of
from apps.abdm_sandbox.phr_html import Html, Phone, go, h, join, phone
from apps.abdm_sandbox.world import Consent


def waiting(here: Phone) -> list[Any]:
    """Requests of hospitals that this person has not answered."""
    return []


async def listing(here: Phone) -> Response:
    """What others were allowed; the phone's own look-ups are not among them."""
    mine = [c for c in world_of(here.request).consents.values()
            if c.address == here.me.address and not c.own]  # fmt: skip
    granted = [_granted(here, one) for one in mine if one.status == "GRANTED"]
    over = [_over(here, one) for one in mine if one.status != "GRANTED"][-5:]
    parts = [h("<h2>{title}</h2>", title=here.say("granted")), *granted]
    if not granted:
        parts.append(here.note("none_granted", "wait"))
    if over:
        parts += [h("<h2>{title}</h2>", title=here.say("over")), *over]
    return here.page(here.say("consents"), *parts, back="/phr/")


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
    kinds = ", ".join(here.say(kind) for kind in told["hiTypes"])
    rows = (
        ("asker", told["hiu"].get("name") or told["hiu"]["id"]),
        ("doctor", told["requester"]["name"]),
        ("records_of", here.hospital(one.service_id)),
        ("kinds", kinds),
        ("range", f"{here.date(span['from'])} – {here.date(span['to'])}"),
        ("until", here.date(told["permission"]["dataEraseAt"])),
    )
    return h("<dl>{rows}</dl>", rows=join(
        h("<dt>{k}</dt><dd>{v}</dd>", k=here.say(key), v=value) for key, value in rows
    ))  # fmt: skip


async def revoke(here: Phone) -> Response:
    one = world_of(here.request).consents.get(here.request.path_params["id"])
    if one and one.address == here.me.address and one.status == "GRANTED" and not one.own:
        consents.tell(here.request, one, "REVOKED")
    return go("/phr/consents")


ROUTES = [
    Route("/phr/consents", phone(listing), methods=["GET"]),
    Route("/phr/consents/{id}/revoke", phone(revoke), methods=["POST"]),
]
