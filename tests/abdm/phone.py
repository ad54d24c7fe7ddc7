"""A patient's browser on the stand-in's phone page."""

import html
import re

import httpx

from tests.abdm.stand_in import settle


class Browser:
    """`see` opens a page, `press` sends the form whose button leads to `action`."""

    def __init__(self, stand_in, capture, account):
        self.stand_in, self.capture, self.account = stand_in, capture, account
        self.http = httpx.Client(base_url=stand_in.url, follow_redirects=True, timeout=10)
        self.page = None

    def log_in(self):
        return self.send("/phr/person", address=self.account.address)

    def see(self, path=None):
        self.page = self.http.get(path or str(self.page.url))
        return self.page.text

    def send(self, path, **told):
        self.page = self.http.post(path, data=told)
        return self.page.text

    def press(self, action, **told):
        """The fields that the page gave, ticked boxes and all, and what was typed."""
        forms = re.findall(rf'<form[^>]*action="{re.escape(action)}"(.*?)</form>', self.page.text,
                           re.S)  # fmt: skip
        assert forms, f"no form to {action} in {self.page.text[-1500:]}"
        fields = dict(re.findall(r'<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"', forms[0]))
        return self.send(action, **{k: html.unescape(v) for k, v in (fields | told).items()})

    def settle(self):
        settle(self.stand_in, self.capture)

    @property
    def waits(self):
        return 'http-equiv="refresh"' in self.page.text
