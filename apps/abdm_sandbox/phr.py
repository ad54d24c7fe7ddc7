"""The phone page: what a patient's PHR app does, for whoever shows or tests Bhavya.

Choosing a person is the log-in. Works without scripts; a page that waits asks again by itself.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from apps.abdm_sandbox import (
    phr_consents,
    phr_find,
    phr_pay,
    phr_records,
    record_share,
    sharing,
)
from apps.abdm_sandbox.door import world_of
from apps.abdm_sandbox.phr_html import LANG, PERSON, Html, Phone, go, h, join, phone
from apps.abdm_sandbox.world import SHARE_WAITS, Share, new_id, now

ASK_AGAIN_S = 2
FONT = Path(__file__).parents[2] / "bhavya/static/build/fonts/bhavya-deva.woff2"
GENDERS = {"M": "male", "F": "female"}


async def home(here: Phone) -> Response:
    """Whose phone this is; then what it can do."""
    if here.account is None:
        return here.page(here.say("choose"), here.note("choose_hint"), _people(here))
    world = world_of(here.request)
    asked = len(phr_consents.waiting(here))
    linked = len(world.linked(here.me.address))
    tiles = (
        ("/phr/scan", "scan", here.say("scan_hint")),
        ("/phr/records", "records", here.say("records_hint", n=linked)),
        ("/phr/consents", "consents", here.say("consents_hint", n=asked)),
        ("/phr/hospitals", "hospitals", here.say("hospitals_hint")),
    )
    shown = [
        h('<a class="tile" href="{to}"><b>{name}</b><small>{hint}</small></a>',
          to=to, name=here.say(key), hint=hint)
        for to, key, hint in tiles
    ]  # fmt: skip
    return here.page(here.say("hello", name=here.name(here.me)), *shown, _last_tokens(here))


def _people(here: Phone) -> Html:
    rows = [
        h('<li><button name="address" value="{address}">{name}<small>{number}</small></button>',
          address=one.address, name=here.name(one), number=one.abha_number)
        for one in world_of(here.request).accounts.values()
    ]  # fmt: skip
    return h(
        '<form method="post" action="/phr/person"><input type="hidden" name="next" value="{next}">'
        '<ul class="plain people">{rows}</ul></form>',
        next=here.request.query_params.get("next", ""), rows=join(rows),
    )  # fmt: skip


def _last_tokens(here: Phone) -> Html:
    mine = [s for s in world_of(here.request).shares.values()
            if s.address == here.me.address and s.token][-3:]  # fmt: skip
    if not mine:
        return Html("")
    rows = [
        h('<a class="tile" href="/phr/token/{id}"><b>{token}</b> {hospital}<small>{at}</small></a>',
          id=s.request_id, token=s.token, hospital=here.hospital(s.service_id),
          at=here.date(s.at, time=True))
        for s in reversed(mine)
    ]  # fmt: skip
    return h("<h2>{title}</h2>{rows}", title=here.say("tokens"), rows=join(rows))


async def person(here: Phone) -> Response:
    told = await here.form()
    if told.get("address", "") not in world_of(here.request).accounts:
        return go("/phr/")
    answer = go(told.get("next", ""))
    return _remember(answer, PERSON, told["address"])


async def leave(here: Phone) -> Response:
    answer = go("/phr/")
    answer.delete_cookie(PERSON, path="/phr")
    return answer


async def language(here: Phone) -> Response:
    told = await here.form()
    return _remember(go(told.get("next", "")), LANG, "en" if told.get("lang") == "en" else "hi")


def _remember(answer: Response, name: str, value: str) -> Response:
    answer.set_cookie(name, value, path="/phr", httponly=True, samesite="lax")
    return answer


async def scan(here: Phone, *, typed: str = "", wrong: bool = False) -> Response:
    """A page has no camera: the address that a camera would read is pasted."""
    if here.request.method == "POST" and not wrong:
        typed = (await here.form()).get("qr", "").strip()
        asked = parse_qs(urlsplit(typed).query)
        hip = (asked.get("hip-id") or asked.get("hipid") or [""])[0]
        counter = (asked.get("counter-id") or asked.get("counterid") or [""])[0]
        if hip and counter:
            return go(f"/phr/share-profile?hip-id={quote(hip)}&counter-id={quote(counter)}")
        return await scan(here, typed=typed, wrong=True)
    form = h(
        '<form method="post" action="/phr/scan"><label for="qr">{label}</label>'
        '<input type="text" id="qr" name="qr" value="{typed}" autocomplete="off" required>'
        '<p class="soft">{hint}</p><button class="go">{go}</button></form>',
        label=here.say("qr_label"), typed=typed, hint=here.say("qr_hint"), go=here.say("next"),
    )  # fmt: skip
    no = [here.note("qr_wrong", "bad")] if wrong else []
    status = 422 if wrong else 200
    return here.page(here.say("scan"), *no, form, back="/phr/", status=status)


async def confirm(here: Phone) -> Response:
    """Where a hospital's QR leads: who asks, what will be told, yes or no."""
    asked = here.request.query_params
    hip, counter = asked.get("hip-id", ""), asked.get("counter-id", "")
    if hip not in world_of(here.request).services or not counter.isalnum() or len(counter) > 20:
        no = here.note("qr_unknown", "bad")
        return here.page(here.say("scan"), no, back="/phr/scan", status=404)
    born = f"{here.me.day:02d}-{here.me.month:02d}-{here.me.year}"
    gender = here.say(GENDERS.get(here.me.gender, "other"))
    rows = (("name", here.me.name), ("number", here.me.abha_number),
            ("address", here.me.address), ("born", born), ("gender", gender),
            ("mobile", here.me.mobile))  # fmt: skip
    told = [h("<dt>{k}</dt><dd>{v}</dd>", k=here.say(key), v=value) for key, value in rows]
    name = here.hospital(hip)
    told_by, papers = {"hip": hip, "counter": counter, "id": new_id()}, phr_records.held(here)
    also = here.button("/phr/share", "share_papers", papers="1", **told_by) if papers else h("")
    buttons = h(
        '<div class="pair"><form action="/phr/"><button>{no}</button></form>{yes}</div>{also}',
        no=here.say("cancel"),
        yes=here.button("/phr/share", "share", "go", **told_by),
        also=also,
    )
    return here.page(
        here.say("share_title", hospital=name),
        h('<p class="soft">{c}: {code}</p><dl>{rows}</dl>',
          c=here.say("counter"), code=counter, rows=join(told)),
        here.note("share_consent", hospital=name),
        buttons,
    )  # fmt: skip


async def share(here: Phone) -> Response:
    """Pressed: sent once, however often the button is."""
    told = await here.form()
    world, hip, counter = world_of(here.request), told.get("hip", ""), told.get("counter", "")
    try:
        name = str(UUID(told.get("id", "")))
    except ValueError:
        return go("/phr/scan")
    if hip not in world.services or not counter.isalnum():
        return go("/phr/scan")
    if name not in world.shares and world.fresh(name):
        sharing.share(here.request, here.me, hip, counter, request_id=name)
        papers = phr_records.held(here) if told.get("papers") else []
        if papers:  # beside the profile, whose answer brings the number
            record_share.give(here.request, here.me, hip, counter, papers)
    return go(f"/phr/token/{name}")


async def token(here: Phone) -> Response:
    """Waits for the number, or says why there is none."""
    made = world_of(here.request).shares.get(here.request.path_params["id"])
    if made is None or made.address != here.me.address:
        return here.page(here.say("token"), here.note("gone", "bad"), back="/phr/", status=404)
    title = here.hospital(made.service_id)
    if made.token:
        sharing.ask_running(here.request, made)
        return here.page(title, _number(here, made), back="/phr/")
    if made.error or now() - made.at > SHARE_WAITS:
        to = f"/phr/share-profile?hip-id={quote(made.service_id)}&counter-id={quote(made.counter)}"
        again = h('<p><a href="{to}">{word}</a></p>', to=to, word=here.say("again"))
        return here.page(title, here.note("share_failed", "bad"), again, back="/phr/")
    return here.page(title, here.note("share_waits", "wait"), refresh=ASK_AGAIN_S, back="/phr/")


def _number(here: Phone, made: Share) -> Html:
    lives = int(made.expiry) if made.expiry.isdecimal() else 0
    until = here.date(made.at + timedelta(seconds=lives), time=True)
    return h(
        '<p class="middle soft">{label}</p><p class="big" id="token">{token}</p>'
        '<p class="middle">{counter}: {code}<br>{until}</p>{running}{note}{fee}',
        label=here.say("token"), token=made.token, counter=here.say("counter"), code=made.counter,
        until=here.say("valid", until=until), running=_running(here, made),
        note=here.note("go_to_window"),
        fee=here.button("/phr/fee", "fee_ask", share=made.request_id),
    )  # fmt: skip


def _running(here: Phone, made: Share) -> Html:
    """How far the window is, once the hospital has said it, and a link that asks again."""
    told = here.say("running", number=made.running, minutes=made.minutes) if made.running else ""
    return h(
        '<p class="middle" id="running">{told} <a href="/phr/token/{id}">{look}</a></p>',
        told=told, id=made.request_id, look=here.say("look"),
    )  # fmt: skip


async def font(request: Request) -> Response:
    """The letters that this checkout has built; without them the machine's own."""
    if not FONT.is_file():
        return Response(status_code=404)
    return FileResponse(FONT, media_type="font/woff2", headers={"Cache-Control": "max-age=86400"})


ROUTES = [
    Route("/phr/font.woff2", font, methods=["GET"]),
    Route("/phr/", phone(home, anybody=True), methods=["GET"]),
    Route("/phr/person", phone(person, anybody=True), methods=["POST"]),
    Route("/phr/leave", phone(leave, anybody=True), methods=["POST"]),
    Route("/phr/lang", phone(language, anybody=True), methods=["POST"]),
    Route("/phr/scan", phone(scan), methods=["GET", "POST"]),
    Route("/phr/share-profile", phone(confirm), methods=["GET"]),
    Route("/phr/share", phone(share), methods=["POST"]),
    Route("/phr/token/{id}", phone(token), methods=["GET"]),
    *phr_find.ROUTES,
    *phr_pay.ROUTES,
    *phr_consents.ROUTES,
    *phr_records.ROUTES,
]
