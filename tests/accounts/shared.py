"""A shared computer of Green PHC as the tests need it: enrolled, people logged in on it."""

from django.test import Client

from apps.accounts import actions, sessions
from apps.core.ids import uuid7
from tests.cast import PASSWORD

PIN = "4827"
HOST = "green-phc.bhavya.localhost"


def counter(cast, name="Counter 2", *people, host=HOST):
    """A browser with the cookie of a new shared computer; `people` logged in fully, in order."""
    made = actions.enrol_workstation(id=uuid7(), name=name, actor=cast.manager.actor)
    client = Client(headers={"host": host})
    client.cookies[sessions.COOKIE] = sessions.cookie_of(made)
    for member in people:
        actions.set_pin(member.user.pk, PIN, actor=member.actor)
        client.post("/switch/password")
        answer = client.post(
            "/accounts/login/", {"login": member.user.username, "password": PASSWORD}
        )
        assert answer.status_code == 302, answer.content
    return client, made


def switch(client, member, pin=PIN, **more):
    return client.post("/switch", {"user": str(member.user.pk), "pin": pin, **more})


def who(client):
    return client.session.get("_auth_user_id", "")
