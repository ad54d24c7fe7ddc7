"""Pages that belong to nobody: a broken form token, a page that is not there, our own fault."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.ids import short_code


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def our_fault(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", {"code": short_code(4)}, status=500)
