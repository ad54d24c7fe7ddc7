"""The visitor's address behind proxies: log-in limits count by it."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.core.middleware import ClientAddressMiddleware

PROXY = "10.0.0.1"


def seen(header):
    """The address that the rest of the house sees."""
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": header})
    ClientAddressMiddleware(lambda request: HttpResponse())(request)
    return request.META["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (2, "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, "198.51.100.9, 203.0.113.7", "203.0.113.7"),  # the left one is the visitor's invention
    ],
)
def test_it_works(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    assert seen(header) == address


@pytest.mark.parametrize(
    ("proxies", "header"),
    [(0, "203.0.113.7"), (2, "203.0.113.7"), (1, "unknown"), (1, "")],
)
def test_it_refuses_what_no_proxy_said(settings, proxies, header):
    settings.TRUSTED_PROXIES = proxies
    assert seen(header) == PROXY
