"""The phone's page of a fee: what is asked for, where it is paid, and how it ended."""

from starlette.responses import Response
from starlette.routing import Route

from apps.abdm_sandbox import scan_pay
from apps.abdm_sandbox.door import world_of
from apps.abdm_sandbox.phr_html import Html, Phone, go, h, join, phone
from apps.abdm_sandbox.world import SHARE_WAITS, Pay, now

ASK_AGAIN_S = 2


async def begin(here: Phone) -> Response:
    """Asked at the counter of a token that this phone has."""
    share = world_of(here.request).shares.get((await here.form()).get("share", ""))
    if share is None or share.address != here.me.address or not share.token:
        return go("/phr/")
    made = scan_pay.ask(here.request, here.me, share.service_id, share.counter)
    return go(f"/phr/fee/{made.request_id}")


async def fee(here: Phone) -> Response:
    """Where it stands; a page that waits asks again by itself."""
    made = _mine(here)
    if made is None:
        return here.page(here.say("fee"), here.note("gone", "bad"), back="/phr/", status=404)
    title = here.hospital(made.service_id)
    if made.ended:
        key = "fee_paid" if made.ended[-1]["status"] == "SUCCESS" else "fee_not_paid"
        return here.page(title, here.note(key), _rows(made), back="/phr/")
    if made.error or (now() - made.at > SHARE_WAITS and not made.answered):
        return here.page(title, here.note("fee_counter", "wait"), back="/phr/")
    if made.answered and not made.procedures:
        return here.page(title, here.note("fee_none"), back="/phr/")
    if made.bundle:
        to = h('<p><a class="go" href="{to}">{word}</a></p>', to=made.bundle["paymentUrl"],
               word=here.say("fee_pay", rupees=int(made.bundle["amount"])))  # fmt: skip
        return here.page(title, _rows(made), to, refresh=ASK_AGAIN_S * 3, back="/phr/")
    if made.answered and not made.selection:
        take = here.button("/phr/fee/take", "fee_take", "go", id=made.request_id)
        return here.page(title, _rows(made), take, back="/phr/")
    return here.page(title, here.note("fee_waits", "wait"), refresh=ASK_AGAIN_S, back="/phr/")


def _rows(made: Pay) -> Html:
    rows = [
        h("<dt>{name}</dt><dd>₹{amount}</dd>", name=one["name"], amount=int(one["amount"]))
        for part in made.procedures
        for one in part["services"]
    ]
    return h("<dl>{rows}</dl>", rows=join(rows))


def _mine(here: Phone, name: str = "") -> Pay | None:
    found = world_of(here.request).pays.get(name or here.request.path_params.get("id", ""))
    return found if found and found.address == here.me.address else None


async def take(here: Phone) -> Response:
    made = _mine(here, (await here.form()).get("id", "-"))
    if made is None:
        return go("/phr/")
    if made.procedures and not made.selection:
        scan_pay.choose(here.request, made)
    return go(f"/phr/fee/{made.request_id}")


async def pay(here: Phone) -> Response:
    """The payment service's page, played here: no money moves."""
    world, number = world_of(here.request), here.request.path_params["number"]
    order = world.orders.get(number)
    if order is None:
        return here.page(here.say("fee"), here.note("gone", "bad"), back="/phr/", status=404)
    if here.request.method == "POST" and order["status"] == "waiting":
        scan_pay.settle(here.request, number, "pay")
        mine = [p for p in world.pays.values() if p.bundle.get("orderNumber") == number]
        return go(f"/phr/fee/{mine[0].request_id}" if mine else f"/phr/pay/{number}")
    what = h("<dl><dt>{n}</dt><dd>₹{r}</dd></dl>", n=number, r=order["rupees"])
    if order["status"] != "waiting":
        return here.page(here.say("fee"), what, here.note("fee_over"), back="/phr/")
    button = here.button(f"/phr/pay/{number}", "fee_pretend", "go")
    return here.page(here.say("fee"), what, button, back="/phr/")


ROUTES = [
    Route("/phr/fee", phone(begin), methods=["POST"]),
    Route("/phr/fee/take", phone(take), methods=["POST"]),
    Route("/phr/fee/{id}", phone(fee), methods=["GET"]),
    Route("/phr/pay/{number}", phone(pay), methods=["GET", "POST"]),
]
