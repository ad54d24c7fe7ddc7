"""Pages of the phone: text is escaped unless it was made here, nothing comes from outside."""

import html
import string
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from apps.abdm_sandbox.door import world_of
from apps.abdm_sandbox.phr_words import HINDI_NAMES, MONTHS, WORDS
from apps.abdm_sandbox.world import Account

STYLE = Path(__file__).with_name("phr.css").read_text("utf-8")
PERSON, LANG = "phr_person", "phr_lang"
INDIA = timezone(timedelta(hours=5, minutes=30))
LARGEST_FORM = 20_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; font-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Html(str):
    """Markup that is safe to show as it is."""

    __slots__ = ()


class _Escaping(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return str(value) if isinstance(value, Html) else html.escape(format(value, format_spec))


def h(template: str, /, **values: Any) -> Html:
    """`template` with its {names} filled in, each value escaped unless it is Html."""
    return Html(_Escaping().vformat(template, (), values))


def join(parts: Iterable[str]) -> Html:
    """One after the other; only Html parts are kept as they are."""
    return Html("".join(p if isinstance(p, Html) else html.escape(p) for p in parts))


@dataclass(frozen=True)
class Phone:
    """One request of the phone: whose it is, and in which language."""

    request: Request
    account: Account | None
    lang: str

    def say(self, key: str, **values: Any) -> str:
        """The sentence `key` in the phone's language."""
        return WORDS[key][self.lang == "en"].format(**values)

    @property
    def me(self) -> Account:
        assert self.account is not None
        return self.account

    def name(self, account: Account) -> str:
        stem = account.address.split("@")[0]
        return account.name if self.lang == "en" else HINDI_NAMES.get(stem, account.name)

    def hospital(self, service_id: str) -> str:
        world = world_of(self.request)
        service = world.services.get(service_id) or world.foreign.get(service_id)
        return service.name if service and service.name else service_id

    def date(self, told: str | datetime, *, time: bool = False) -> str:
        """A day, and the time in India when wanted; what is no date stays as it is."""
        try:
            at = datetime.fromisoformat(told) if isinstance(told, str) else told
        except ValueError:
            return str(told)
        at = at.astimezone(INDIA) if at.tzinfo else at
        day = f"{at.day} {MONTHS[at.month - 1][self.lang == 'en']} {at.year}"
        return f"{day}, {at:%H:%M}" if time else day

    async def form(self) -> dict[str, str]:
        """The fields of a small form."""
        body = await self.request.body()
        return dict(parse_qsl(body[:LARGEST_FORM].decode("utf-8", "replace")))

    def page(
        self, title: str, *parts: str, refresh: int = 0, status: int = 200, back: str = ""
    ) -> Response:
        """A whole page; `refresh` seconds later it is asked for again."""
        body = h(
            LAYOUT,
            lang=self.lang,
            other="hi" if self.lang == "en" else "en",
            other_name="हिन्दी" if self.lang == "en" else "English",
            here=_here(self.request),
            style=Html(STYLE),
            refresh=h('<meta http-equiv="refresh" content="{s}">', s=refresh) if refresh else "",
            title=title,
            app=self.say("app"),
            banner=self.say("banner"),
            back=h('<a class="back" href="{to}">‹ {word}</a>', to=back, word=self.say("back"))
            if back else "",
            who=self._who(),
            main=join(parts),
        )  # fmt: skip
        return HTMLResponse(body, status, headers=HEADERS)

    def _who(self) -> Html:
        if self.account is None:
            return Html("")
        return h(
            '<div class="who"><span><b>{name}</b> <small>{address}</small></span>'
            '<form method="post" action="/phr/leave"><button class="quiet">{leave}</button></form>'
            "</div>",
            name=self.name(self.account), address=self.account.address, leave=self.say("leave"),
        )  # fmt: skip

    def button(self, action: str, key: str, kind: str = "", **fields: str) -> Html:
        """A form of one button."""
        hidden = join(
            h('<input type="hidden" name="{n}" value="{v}">', n=name, v=value)
            for name, value in fields.items()
        )
        return h(
            '<form method="post" action="{action}">{hidden}<button class="{kind}">{word}</button>'
            "</form>", action=action, hidden=hidden, kind=kind, word=self.say(key),
        )  # fmt: skip

    def note(self, key: str, kind: str = "", **values: Any) -> Html:
        role = ' role="alert"' if kind == "bad" else ""
        return h('<p class="note {kind}"{role}>{text}</p>', kind=kind, role=Html(role),
                 text=self.say(key, **values))  # fmt: skip


Handler = Callable[[Phone], Awaitable[Response]]


def phone(handler: Handler, *, anybody: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """A page of the phone; without a person it asks first whose phone this is."""

    async def enter(request: Request) -> Response:
        account = world_of(request).accounts.get(request.cookies.get(PERSON, ""))
        lang = "en" if request.cookies.get(LANG) == "en" else "hi"
        if account is None and not anybody:
            return go("/phr/?next=" + quote(_here(request)))
        return await handler(Phone(request, account, lang))

    return enter


def go(path: str) -> Response:
    """To another page of the phone; never anywhere else."""
    inside = path.startswith("/phr/") and "\\" not in path and not path.startswith("/phr//")
    return RedirectResponse(path if inside else "/phr/", 303)


def _here(request: Request) -> str:
    """The page itself; after a form that was sent, the page to fall back to."""
    if request.method != "GET":
        return "/phr/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


LAYOUT = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">{refresh}
<title>{title} · {app}</title><style>{style}</style></head>
<body><div class="frame">
<p class="banner">{banner}</p>
<header><a class="home" href="/phr/">{app}</a>
<form method="post" action="/phr/lang"><input type="hidden" name="next" value="{here}">
<button class="lang" name="lang" value="{other}" lang="{other}">{other_name}</button></form>
</header>
{who}<main>{back}<h1>{title}</h1>{main}</main></div></body></html>
"""
