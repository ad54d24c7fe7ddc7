"""Own records on the phone: what is linked where, fetched by the person's own consent, and read."""

from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from apps.abdm_sandbox import consent as consents
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.door import world_of
from apps.abdm_sandbox.linking import HI_TYPES
from apps.abdm_sandbox.phr_bundle import Line, Paper, Part, paper
from apps.abdm_sandbox.phr_html import HEADERS, Html, Phone, go, h, join, phone
from apps.abdm_sandbox.world import Context, Transfer, now

ASK_AGAIN_S = 2
PULL_WAITS = timedelta(seconds=90)


async def records(here: Phone) -> Response:
    """Linked visits by hospital, each with what was fetched."""
    world = world_of(here.request)
    by_place: dict[str, list[Context]] = {}
    for context in world.linked(here.me.address):
        by_place.setdefault(context.service_id, []).append(context)
    parts = [_place(here, place, contexts) for place, contexts in by_place.items()]
    if not parts:
        way = h('<p><a href="/phr/hospitals">{word}</a></p>', word=here.say("hospitals"))
        parts = [here.note("no_records", "wait"), way]
    return here.page(here.say("records"), *parts, _read(here), back="/phr/")


def _place(here: Phone, place: str, contexts: list[Context]) -> Html:
    rows = [
        h("<li>{name}<small>{kinds}</small></li>", name=one.display,
          kinds=", ".join(here.say(kind) for kind in sorted(one.hi_types)))
        for one in contexts
    ]  # fmt: skip
    return h(
        '<div class="card"><b>{name}</b><ul class="plain">{rows}</ul>{button}</div>',
        name=here.hospital(place), rows=join(rows),
        button=here.button("/phr/records/pull", "pull", "go", hip=place),
    )  # fmt: skip


def _mine(here: Phone) -> list[Transfer]:
    """Transfers that this person's phone asked for, the newest last."""
    world = world_of(here.request)
    own = {c.id for c in world.consents.values() if c.own and c.address == here.me.address}
    return [one for one in world.transfers.values() if one.consent_id in own]


def held(here: Phone) -> list[dict[str, Any]]:
    """The papers on this phone as an app gives them away: {"reference", "bundle"}. The newest fetch
    of a hospital takes the place of the older ones."""
    world = world_of(here.request)
    newest = {world.consents[t.consent_id].service_id: t for t in _mine(here) if t.pages}
    return [
        {"reference": page["context"], "bundle": page["bundle"]}
        for t in newest.values()
        for page in t.pages.values()
    ]


def _read(here: Phone) -> Html:
    """Every paper once: the newest fetch of a hospital takes the place of the older ones."""
    world = world_of(here.request)
    newest = {world.consents[t.consent_id].service_id: t for t in _mine(here) if t.pages}
    rows = [(t, n, paper(page["bundle"])) for t in newest.values()
            for n, page in t.pages.items()]  # fmt: skip
    rows.sort(key=lambda row: row[2].date, reverse=True)
    shown = [
        h('<a class="tile" href="/phr/records/{id}/{n}"><b>{title}</b>'
          "<small>{hospital} · {date}</small></a>", id=t.id, n=n, title=_title(here, read),
          hospital=read.hospital, date=here.date(read.date))
        for t, n, read in rows
    ]  # fmt: skip
    return (
        h("<h2>{title}</h2>{rows}", title=here.say("papers"), rows=join(shown)) if shown else h("")
    )


def _title(here: Phone, read: Paper) -> str:
    """Its kind in the reader's words; what no guide names is called as it calls itself."""
    return here.say(read.kind) if read.kind else read.title or here.say("paper")


async def pull(here: Phone) -> Response:
    """The person's own consent for everything that is linked at one hospital."""
    place = (await here.form()).get("hip", "")
    world = world_of(here.request)
    if not world.linked(here.me.address, place) or place not in world.services:
        return go("/phr/records")
    waiting = [c for c in world.consents.values() if c.own and c.address == here.me.address
               and c.service_id == place and now() - c.at < timedelta(seconds=5)]  # fmt: skip
    if waiting:  # pressed twice
        return go(f"/phr/records/pull/{waiting[-1].id}")
    told = {"address": here.me.address, "serviceId": place, "own": True,
            "hiTypes": sorted(HI_TYPES), "from": stamp(-timedelta(days=3650)),
            "eraseAt": stamp(timedelta(days=1))}  # fmt: skip
    made = consents.grant(here.request, told)
    return go(f"/phr/records/pull/{made.id}")


async def pulling(here: Phone) -> Response:
    """Waits until the hospital has sent everything."""
    world = world_of(here.request)
    asked = world.consents.get(here.request.path_params["id"])
    if asked is None or asked.address != here.me.address:
        return here.page(here.say("records"), here.note("gone", "bad"), back="/phr/records",
                         status=404)  # fmt: skip
    made = next((t for t in world.transfers.values() if t.consent_id == asked.id), None)
    title = here.hospital(asked.service_id)
    if made and made.told:
        return go("/phr/records")
    if (made and made.error) or now() - asked.at > PULL_WAITS:
        again = here.button("/phr/records/pull", "again", hip=asked.service_id)
        return here.page(title, here.note("pull_failed", "bad"), again, back="/phr/records")
    note = here.note("pull_waits", "wait")
    return here.page(title, note, refresh=ASK_AGAIN_S, back="/phr/records")


async def one(here: Phone) -> Response:
    """One paper."""
    read = _asked(here)
    if read is None:
        return here.page(here.say("paper"), here.note("gone", "bad"), back="/phr/records",
                         status=404)  # fmt: skip
    rows = (("hospital", read.hospital), ("author", read.author), ("patient", read.patient),
            ("date", here.date(read.date, time=True)))  # fmt: skip
    head = [h("<dt>{k}</dt><dd>{v}</dd>", k=here.say(key), v=value) for key, value in rows if value]
    files = [
        h('<p><a href="{to}.pdf?n={n}">{word}</a></p>', to=here.request.url.path, n=n,
          word=here.say("pdf"))
        for n, _ in enumerate(read.files)
    ]  # fmt: skip
    parts = [_section(here, part) for part in read.parts]
    if not parts and not files:
        parts = [here.note("paper_empty", "wait")]
    source = here.note("source", hospital=read.hospital or "?")
    body = (h("<dl>{rows}</dl>", rows=join(head)), *parts, *files, source)
    return here.page(_title(here, read), *body, back="/phr/records")


def _asked(here: Phone) -> Paper | None:
    told = here.request.path_params
    made = next((t for t in _mine(here) if t.id == told["id"]), None)
    page = made.pages.get(told["n"]) if made else None
    return paper(page["bundle"]) if page else None


def _section(here: Phone, part: Part) -> Html:
    rows = [_line(here, line) for line in part.lines if line.name or line.more]
    text = h("<p>{text}</p>", text=part.text) if part.text else ""
    return h("<h2>{title}</h2>{text}{rows}", title=part.title, text=text, rows=join(rows))


def _line(here: Phone, line: Line) -> Html:
    more = here.date(line.more) if line.kind in ("visit_again", "vaccine") else line.more
    return h('<div class="line"><b>{name}</b><span>{more}</span></div>',
             name=line.name or here.say(line.kind), more=more)  # fmt: skip


async def pdf(here: Phone) -> Response:
    """The file inside a paper, as it came."""
    read, n = _asked(here), here.request.query_params.get("n", "0")
    if read is None or not n.isdecimal() or int(n) >= len(read.files):
        return go("/phr/records")
    headers = {"Content-Disposition": 'attachment; filename="paper.pdf"', **HEADERS}
    return Response(read.files[int(n)], media_type="application/pdf", headers=headers)


ROUTES = [
    Route("/phr/records", phone(records), methods=["GET"]),
    Route("/phr/records/pull", phone(pull), methods=["POST"]),
    Route("/phr/records/pull/{id}", phone(pulling), methods=["GET"]),
    Route("/phr/records/{id}/{n:int}.pdf", phone(pdf), methods=["GET"]),
    Route("/phr/records/{id}/{n:int}", phone(one), methods=["GET"]),
]
