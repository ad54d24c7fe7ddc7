"""A browser without a script, for measuring: cookies, redirects by hand, forms as they stand."""

import http.client
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings


class Wrong(Exception):
    """An answer that no user should get; says the page without its numbers, and the status."""


class Browser:
    """One logged-in person at one host of the server on `port`."""

    def __init__(self, port: int, host: str, session: Any) -> None:
        self.port, self.host = port, host
        self.cookies = {settings.SESSION_COOKIE_NAME: session.session_key, "lang": "hi"}
        self.path = "/"

    def get(self, path: str) -> str:
        """The page, after redirects."""
        status, body, where = self._ask("GET", path, None)
        for _ in range(4):
            if not where:
                break
            status, body, where = self._ask("GET", where, None)
        return self._expect(status == 200, status, body)

    def post(self, path: str, told: dict[str, Any]) -> str:
        """Where the answer sends us, or its page."""
        token = self.cookies.get("csrftoken", "")
        status, body, where = self._ask("POST", path, told | {"csrfmiddlewaretoken": token})
        return where or self._expect(status == 200, status, body)

    def _expect(self, right: bool, status: int, body: str) -> str:
        if not right:
            raise Wrong(f"{status} {shape(self.path)}")
        return body

    def _ask(self, method: str, path: str, told: dict[str, Any] | None) -> tuple[int, str, str]:
        self.path = path
        body = urlencode(told, doseq=True) if told is not None else None
        headers = {
            "Host": self.host,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            link.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        where = urlsplit(answer.headers.get("Location", ""))
        target = f"{where.path}?{where.query}" if where.query else where.path
        return answer.status, text, target if answer.status in (301, 302, 303) else ""


def shape(path: str) -> str:
    """An address without numbers, ids and questions: /opd/*/sign."""
    parts = urlsplit(path).path.split("/")
    return "/".join("*" if any(c.isdigit() for c in part) else part for part in parts)


class _Forms(HTMLParser):
    """Every form's fields as a browser would send them when nothing is touched."""

    def __init__(self) -> None:
        super().__init__()
        self.by_id: dict[str, dict[str, str]] = {}
        self.order: list[dict[str, str]] = []
        self.now: dict[str, str] = {}
        self.select = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.now = {}
            self.order.append(self.now)
            self.by_id[has.get("id", f"#{len(self.order)}")] = self.now
        fields = self.by_id.setdefault(has["form"], {}) if "form" in has else self.now
        name, kind = has.get("name", ""), has.get("type", "text")
        if tag == "input" and name and kind not in {"submit", "button", "file"}:
            if kind not in {"checkbox", "radio"} or "checked" in has:
                fields[name] = has.get("value", "on" if kind == "checkbox" else "")
        elif tag == "select" and name:
            self.select, self.fields = name, fields
        elif tag == "option" and self.select:
            self._option(has)

    def _option(self, has: dict[str, str]) -> None:
        if "selected" in has or self.select not in self.fields:
            self.fields[self.select] = has.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


def form_of(page: str, field: str) -> dict[str, str]:
    """The first form of the page that holds `field`. Wrong when there is none."""
    parser = _Forms()
    parser.feed(page)
    for fields in [*parser.order, *parser.by_id.values()]:
        if any(name.startswith(field) for name in fields):
            return dict(fields)
    raise Wrong(f"no form with {field}")
