"""A PDF as an answer: its name, its fingerprint, nobody's cache but the reader's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified


def answer(request: HttpRequest, document: Any, rendition: str, data: bytes) -> HttpResponse:
    """200 with the file, or 304 when the reader holds it. `?save=1` downloads it."""
    etag = f'"{document.content_sha256[:16]}-{rendition}-{len(data)}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(data, content_type="application/pdf")
        kind = "attachment" if "save" in request.GET else "inline"
        title = f"{document.content.get('slip') or document.code}-{rendition[:2]}.pdf"
        response["Content-Disposition"] = f'{kind}; filename="{title}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
