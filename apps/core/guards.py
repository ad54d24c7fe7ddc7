"""Read rights, said once, on the route."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse

from apps.core.errors import Forbidden
from apps.core.http import Request
from apps.core.permission import Permission

View = Callable[..., HttpResponse]


def _marked(view: View, permissions: tuple[Permission, ...] | None) -> View:
    """Leave the guard's word on the view, for the house test that reads every route."""
    view.permissions = permissions  # type: ignore[attr-defined]
    return view


def reads(*permissions: Permission, masked: bool = False) -> Callable[[View], View]:
    """Let in whoever holds one of `permissions` here; `masked` also lets counts-only roles in."""

    def guard(view: View) -> View:
        @wraps(view)
        def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if (answer := _login_first(request)) is not None:
                return answer
            actor = request.actor
            if not any(actor.sees(permission, masked=masked) for permission in permissions):
                raise Forbidden(permissions[0])
            return view(request, *args, **kwargs)

        return _marked(checked, permissions)

    return guard


def logged_in(view: View) -> View:
    """Any member of staff who is logged in, posted here or not (choose duty, own profile)."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return _login_first(request) or view(request, *args, **kwargs)

    return _marked(checked, ())


def open_to_all(view: View) -> View:
    """A page without log-in. Said aloud, so that the house test sees it was meant."""
    return _marked(view, None)


def _login_first(request: Request) -> HttpResponse | None:
    """A log-in page for a browser, a bare 401 for a fragment or an API call."""
    if request.user.is_authenticated:
        return None
    if getattr(request, "htmx", False) or request.headers.get("X-Outbox"):
        return HttpResponse(status=401, headers={"HX-Reswap": "none"})
    return redirect_to_login(request.get_full_path())
