"""allauth answers a bad form with 200; here it is 422, as on every page of the house."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse


def answers_422(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A POST that comes back with the page itself had something wrong in it."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 422
        return response

    return checked
