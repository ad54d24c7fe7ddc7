"""Every route × method × role. A route that is in no app's routes.py fails here.

For each of the 41 roles one person is posted at Green PHC (facility host) or in its office (State
host), whatever the role's usual place: what is tested is the capability. Rows of other apps come
from `tests/<app>/routes.py`; a value in `kwargs` may be a function of the cast.
"""

from datetime import timedelta
from functools import partial
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from apps.accounts.api_keys import hash_of, id_in, secret_of
from apps.accounts.models import ApiKey
from apps.accounts.permissions import ROLES, Role
from apps.audit.models import AuditEvent
from apps.core.actor import Scope
from tests.cast import Cast, Member
from tests.house.door import Door
from tests.house.tree import ROOT

TABLES = {"facility": "bhavya.urls", "state": "bhavya.urls_public"}
ROUTES = [
    route
    for path in sorted((ROOT / "tests").glob("*/routes.py"))
    if path.parent.name != "house"
    for route in import_module(f"tests.{path.parent.name}.routes").ROUTES
]
REFUSALS = ("access.refused", "api_key.refused")
BY_KEY = [route for route in ROUTES if route.by_key]
GUARDED = [r for r in ROUTES if not r.public and not r.logged_in and not r.by_key]


def names(table: str) -> set[str]:
    """Every name of a URL table, `app:name` where the app has a namespace."""

    def walk(patterns, space):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name or pattern.pattern}"
            else:
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern.url_patterns, inner)

    return set(walk(get_resolver(table).url_patterns, ""))


@pytest.mark.parametrize("host", TABLES)
def test_every_route_stands_in_the_table(host):
    listed = {route.name for route in ROUTES if route.host == host}
    assert names(TABLES[host]) - listed == set()
    assert listed - names(TABLES[host]) == set()


@pytest.mark.parametrize("route", GUARDED, ids=lambda r: f"{r.host}-{r.method}-{r.name}")
def test_each_row_names_real_roles(route):
    assert route.allowed
    assert set(route.allowed) <= {role.value for role in Role}


def address(route, cast: Cast) -> str:
    """A function among `kwargs` may make a patient: once, for all rows that name it."""
    made = cast.__dict__.setdefault("made_for_addresses", {})
    connection.set_tenant(cast.green)
    for value in route.kwargs.values():
        if callable(value) and value not in made:
            made[value] = value(cast)
    kwargs = {k: made[v] if callable(v) else v for k, v in route.kwargs.items()}
    return reverse(route.name, urlconf=TABLES[route.host], kwargs=kwargs)


def host_name(route, cast: Cast) -> str:
    slug = f"{cast.green.slug}." if route.host == "facility" else ""
    return f"{slug}{settings.PARENT_DOMAIN}"


def holder(cast: Cast, role: Role, host: str, *, elsewhere: bool = False) -> Member:
    """One person with one role, at Green (or, elsewhere, at Blue) or in that district's office."""
    home = cast.blue if elsewhere else cast.green
    name = f"{role.value.lower()}-{host}{'-x' if elsewhere else ''}"
    if host == "facility":
        return cast.member(name, role, home)
    wide = ROLES[role].scope is Scope.STATE and not elsewhere
    return cast.member(name, role, None, "" if wide else home.district_code)


def taken_back(ask) -> int:
    """The status of what `ask` answers, with everything it wrote undone: the next row finds the
    cast as it was. A refusal must have left its audit row."""
    connection.set_schema_to_public()
    with transaction.atomic():
        status = ask().status_code
        connection.set_schema_to_public()
        noted = status != 403 or AuditEvent.objects.filter(event__in=REFUSALS).exists()
        transaction.set_rollback(True)
    assert noted, "refused without an audit row"
    return status


def status_of(client: Client, route, url: str, host: str) -> int:
    """The long way: log-in, session, every middleware."""
    return taken_back(lambda: getattr(client, route.method.lower())(url, headers={"host": host}))


def is_wrong(status: int, *, allowed: bool) -> bool:
    return status >= 500 or (status not in (401, 403)) != allowed


@pytest.mark.parametrize("host", TABLES)
def test_every_role_on_every_route(cast: Cast, host):
    """Allowed roles get in (whatever the empty form is told then); all others get 403."""
    door, wrong = Door(), []
    facility = cast.green if host == "facility" else None
    routes = [route for route in GUARDED if route.host == host]
    urls = {id(route): address(route, cast) for route in routes}
    everybody = {role: holder(cast, role, host) for role in Role}
    unnoted = []
    for route in routes:
        for role, member in everybody.items():
            allowed = role.value in route.allowed
            knock = partial(
                door.knock,
                member,
                route.method,
                urls[id(route)],
                table=TABLES[host],
                facility=facility,
                draws=role.value == min(route.allowed),
            )
            # A refusal writes its audit row alone, which the door keeps: nothing to take back.
            status = taken_back(knock) if allowed else knock().status_code
            if status == 403 and not door.noted:
                unnoted.append((route.method, route.name, role.value))
            door.noted.clear()
            if is_wrong(status, allowed=allowed):
                wrong.append((route.method, route.name, role.value, status))
    assert wrong == []
    assert unnoted == []


@pytest.mark.parametrize("host", TABLES)
def test_one_who_may_and_one_who_may_not_the_long_way(cast: Cast, host):
    wrong = []
    clients = {}
    for route in (route for route in GUARDED if route.host == host):
        ins = [role for role in Role if role.value in route.allowed]
        outs = [role for role in Role if role.value not in route.allowed]
        for role in ins[:1] + outs[:1]:
            if role not in clients:
                clients[role] = holder(cast, role, host).client()
            url, name = address(route, cast), host_name(route, cast)
            status = status_of(clients[role], route, url, name)
            if is_wrong(status, allowed=role in ins):
                wrong.append((route.method, route.name, role.value, status))
    assert wrong == []


def test_a_stranger_is_asked_to_log_in(cast: Cast):
    wrong = []
    for route in ROUTES:
        if route.public:
            continue
        answer = getattr(Client(), route.method.lower())(
            address(route, cast), headers={"host": host_name(route, cast)}
        )
        to_login = answer.status_code == 302 and "/login/" in answer["Location"]
        if not to_login and answer.status_code not in (401, 405):
            wrong.append((route.method, route.name, answer.status_code))
    assert wrong == []


def test_public_pages_are_public(cast: Cast):
    wrong = []
    for route in ROUTES:
        if not route.public:
            continue
        answer = getattr(Client(), route.method.lower())(
            address(route, cast), headers={"host": host_name(route, cast)}
        )
        if answer.status_code in (401, 403) or answer.status_code >= 500:
            wrong.append((route.method, route.name, answer.status_code))
    assert wrong == []


def test_logged_in_pages_are_for_everybody_logged_in(cast: Cast):
    wrong = []
    for route in ROUTES:
        if not route.logged_in:
            continue
        client = cast.dr_rao.client(host_name(route, cast))
        if route.name == "home" and route.host == "state":
            continue  # a doctor is sent on from there: tests/accounts/test_home.py
        status = status_of(client, route, address(route, cast), host_name(route, cast))
        if status in (401, 403) or status >= 500:
            wrong.append((route.method, route.name, status))
    assert wrong == []


def test_no_session_and_no_empty_key_opens_what_is_read_by_key(cast: Cast):
    """Staff of every right get 401 there, and a key that names nothing gets 403."""
    wrong = []
    for route in BY_KEY:
        url, name = address(route, cast), host_name(route, cast)
        facility = cast.green if route.host == "facility" else None
        staff = cast.member("dr_all", Role.MO if facility else Role.SHQ, facility).client(name)
        empty = Client(headers={"host": name, "Authorization": f"Bearer {empty_key(cast)}"})
        told = [status_of(who, route, url, name) for who in (staff, empty)]
        if told != [401, 403]:
            wrong.append((route.method, route.name, told))
    assert wrong == []


def empty_key(cast: Cast) -> str:
    """A key of Green whose scopes were all struck out."""
    secret = secret_of(ApiKey().pk)
    ApiKey.objects.create(
        id=id_in(secret),
        programme="nothing",
        secret_hash=hash_of(secret),
        scope=Scope.FACILITY,
        facility=cast.green,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return secret


@pytest.mark.parametrize("host", TABLES)
def test_people_of_another_place_stay_outside(cast: Cast, host):
    """On a hospital's host: 403 for another hospital's people. On the State host, what is named
    in the address (a hospital, a person of Green) is not there for another district's office."""
    wrong, clients = [], {}
    for route in GUARDED:
        if route.host != host or (host == "state" and not route.kwargs):
            continue
        url, name = address(route, cast), host_name(route, cast)
        usual = [r for r in Role if r.value in route.allowed and ROLES[r].scope is not Scope.STATE]
        for role in usual[:1] if host == "facility" else usual[-2:]:
            if role not in clients:
                clients[role] = holder(cast, role, host, elsewhere=True).client()
            status = status_of(clients[role], route, url, name)
            if status not in (403, 404):
                wrong.append((route.method, route.name, role.value, status))
    assert wrong == []


def test_roles_are_the_forty_one():
    assert set(ROLES) == set(Role)
    assert len(Role) == 41
