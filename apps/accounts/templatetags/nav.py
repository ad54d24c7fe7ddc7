"""`{% nav_items as items %}`: the menu of this person on this host."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from apps.accounts.nav import HOSPITAL, STATE

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_items(context: dict[str, Any]) -> list[dict[str, Any]]:
    request = context.get("request")
    actor = context.get("actor")
    if request is None or actor is None or not actor.is_posted:
        return []
    route = getattr(getattr(request, "resolver_match", None), "view_name", "")
    entries = HOSPITAL if context.get("facility") else STATE
    allowed = [entry for entry in entries if actor.sees(entry.permission)]
    items = [
        {"title": entry.title, "url": _address(entry.route), "current": entry.route == route}
        for entry in allowed
    ]
    return [item for item in items if item["url"]]


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:  # the entry belongs to an app that this host does not serve
        return ""
