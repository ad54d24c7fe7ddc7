"""Linking from the phone: search at a hospital, choose visits, prove it with the code by SMS."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from apps.abdm_sandbox import discovery
from apps.abdm_sandbox.door import world_of
from apps.abdm_sandbox.phr_html import Html, Phone, go, h, join, phone
from apps.abdm_sandbox.world import Find, now

ANSWER_WAITS = timedelta(seconds=60)
ASK_AGAIN_S = 2


async def hospitals(here: Phone) -> Response:
    """Every hospital at the gateway, with what is linked there."""
    world = world_of(here.request)
    rows = [
        h('<div class="card"><b>{name}</b><small>{linked}</small>{button}</div>',
          name=here.hospital(service.id),
          linked=here.say("linked_here", n=len(world.linked(here.me.address, service.id))),
          button=_search(here, service.id))
        for service in world.services.values() if "HIP" in service.types
    ]  # fmt: skip
    parts = rows or [here.note("no_hospitals", "wait")]
    return here.page(here.say("hospitals"), here.note("find_hint"), *parts, back="/phr/")


def _search(here: Phone, service_id: str) -> Html:
    return h(
        '<form method="post" action="/phr/find"><input type="hidden" name="hip" value="{id}">'
        '<details><summary>{more}</summary><label for="mr-{id}">{label}</label>'
        '<input type="text" id="mr-{id}" name="mr" maxlength="40" autocomplete="off"></details>'
        '<p><button>{go}</button></p></form>',
        id=service_id, more=here.say("mr_more"), label=here.say("mr"), go=here.say("find"),
    )  # fmt: skip


async def begin(here: Phone) -> Response:
    told = await here.form()
    if told.get("hip", "") not in world_of(here.request).services:
        return go("/phr/hospitals")
    number = told.get("mr", "").strip()[:40]
    hints = [{"type": "MR", "value": number}] if number else []
    find = discovery.discover(here.request, here.me, told["hip"], hints)
    return go(f"/phr/find/{find.transaction_id}")


def _mine(
    handler: Callable[[Phone, Find], Awaitable[Response]],
) -> Callable[..., Awaitable[Response]]:
    """The search that the address names, while it is this person's."""

    async def enter(here: Phone) -> Response:
        find = world_of(here.request).finds.get(here.request.path_params["id"])
        if find is None or find.address != here.me.address:
            no = here.note("gone", "bad")
            return here.page(here.say("hospitals"), no, back="/phr/hospitals", status=404)
        return await handler(here, find)

    return enter


@_mine
async def show(here: Phone, find: Find) -> Response:
    """The step that this search has reached."""
    title, back = here.hospital(find.service_id), "/phr/hospitals"
    if find.linked:
        done = h('<p><a href="/phr/records">{word}</a></p>', word=here.say("records"))
        return here.page(title, here.note("find_linked"), done, back=back)
    if "confirm" in find.requests:
        if "confirm" not in find.answered:
            return _waiting(here, find, "confirm")
        return here.page(title, here.note("code_wrong", "bad"), _code(here, find), back=back,
                         status=422)  # fmt: skip
    if find.error:
        return here.page(title, here.note("not_found", "bad"), back=back)
    if "init" in find.requests:
        if "init" not in find.answered:
            return _waiting(here, find, "init")
        return here.page(title, here.note("code_sent"), _code(here, find), back=back)
    if "discover" not in find.answered:
        return _waiting(here, find, "discover")
    return here.page(title, _found(here, find), back=back)


def _waiting(here: Phone, find: Find, step: str) -> Response:
    title, back = here.hospital(find.service_id), "/phr/hospitals"
    if now() - find.asked_at.get(step, find.at) > ANSWER_WAITS:
        return here.page(title, here.note("no_answer", "bad"), back=back)
    return here.page(title, here.note("find_waits", "wait"), refresh=ASK_AGAIN_S, back=back)


def _visits(find: Find) -> dict[str, str]:
    """Reference to what the hospital calls it, each visit once."""
    return {
        one["referenceNumber"]: one["display"] for block in find.blocks
        for one in block["careContexts"]
    }  # fmt: skip


def _found(here: Phone, find: Find) -> Html:
    rows = [
        h('<label class="choice card"><input type="checkbox" name="visit-{n}" value="{ref}"'
          " checked><span>{name}</span></label>", n=n, ref=reference, name=name)
        for n, (reference, name) in enumerate(_visits(find).items())
    ]  # fmt: skip
    return h(
        '<form method="post" action="/phr/find/{id}/choose"><p>{hint}</p>{rows}'
        '<p><button class="go">{word}</button></p></form>',
        id=find.transaction_id, hint=here.say("found", n=len(rows)), rows=join(rows),
        word=here.say("link"),
    )  # fmt: skip


@_mine
async def choose(here: Phone, find: Find) -> Response:
    """The ticked visits are asked for; nothing ticked shows the list again."""
    told = await here.form()
    wanted = {value for name, value in told.items() if name.startswith("visit-")}
    chosen = []
    for block in find.blocks:
        those = [{"referenceNumber": one["referenceNumber"]} for one in block["careContexts"]
                 if one["referenceNumber"] in wanted]  # fmt: skip
        if those:
            chosen.append({"referenceNumber": block["referenceNumber"], "careContexts": those,
                           "hiType": block["hiType"], "count": len(those)})  # fmt: skip
    if chosen and "init" not in find.requests:
        discovery.choose(here.request, find, chosen)
    return go(f"/phr/find/{find.transaction_id}")


def _code(here: Phone, find: Find) -> Html:
    world = world_of(here.request)
    where = (
        h('<p class="soft">{text} <a href="{to}" target="_blank" rel="noopener">{to}</a></p>',
          text=here.say("code_demo"), to=world.messages_url)
        if world.messages_url else ""
    )  # fmt: skip
    return h(
        '<form method="post" action="/phr/find/{id}/confirm"><label for="code">{label}</label>'
        '<input class="code" type="text" id="code" name="code" inputmode="numeric" maxlength="6" '
        'pattern="[0-9]{{6}}" autocomplete="one-time-code" required autofocus>{where}'
        '<p><button class="go">{word}</button></p></form>',
        id=find.transaction_id, label=here.say("code"), where=where, word=here.say("next"),
    )  # fmt: skip


@_mine
async def confirm(here: Phone, find: Find) -> Response:
    code = (await here.form()).get("code", "").strip()
    waits = "confirm" in find.requests and "confirm" not in find.answered
    if find.link and not find.linked and not waits and code:
        discovery.confirm(here.request, find, code)
    return go(f"/phr/find/{find.transaction_id}")


ROUTES = [
    Route("/phr/hospitals", phone(hospitals), methods=["GET"]),
    Route("/phr/find", phone(begin), methods=["POST"]),
    Route("/phr/find/{id}", phone(show), methods=["GET"]),
    Route("/phr/find/{id}/choose", phone(choose), methods=["POST"]),
    Route("/phr/find/{id}/confirm", phone(confirm), methods=["POST"]),
]
