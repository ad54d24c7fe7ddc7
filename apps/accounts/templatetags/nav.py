"""`{% nav_items as items %}`: the menu of this person on this host."""

from typing import Any

from django import template

from apps.accounts.nav import address, menu

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_items(context: dict[str, Any]) -> list[dict[str, Any]]:
    request = context.get("request")
    actor = context.get("actor")
    if request is None or actor is None or not actor.is_posted:
        return []
    route = getattr(getattr(request, "resolver_match", None), "view_name", "")
    items = [
        {"title": entry.title, "url": address(entry.route), "current": entry.route == route}
        for entry in menu(request)
    ]
    return [item for item in items if item["url"]]
