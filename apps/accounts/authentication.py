"""How a program of another department comes in: `Authorization: Bearer bhv_…`."""

from typing import Any, NoReturn, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts import actions, api_keys
from apps.accounts.api_keys import Key, KeyScope
from apps.core import limits
from apps.core.actor import Actor

READS_A_MINUTE = 300  # of one key
WRONG_KEYS, WRONG_WINDOW_S = 30, 900  # of one address
MINUTE_S = 60


class Programme:
    """Stands where a member of staff stands: known, and nobody."""

    pk = None
    is_authenticated = True
    is_active = True


class ApiKeyAuthentication(BaseAuthentication):
    """The key's rights on `request._request.actor`, the key on `request.auth`. 1-3 queries.

    401: unknown, ended, taken back. 403: good, but not for this hospital. 429: too many reads of
    one key in a minute, or too many wrong keys from one address.
    """

    def authenticate(self, request: Request) -> tuple[Any, Key] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "bearer":
            return None
        django_request: Any = request._request
        address = str(django_request.META.get("REMOTE_ADDR", ""))
        if limits.tries("api-key-wrong", address) >= WRONG_KEYS:
            raise Throttled(WRONG_WINDOW_S)
        text = words[1] if len(words) == 2 else ""
        key = api_keys.key_of(text)
        if key is None:
            limits.count("api-key-wrong", address, window_s=WRONG_WINDOW_S)
            actions.record_refused_key(api_keys.id_in(text), why="unknown")
            raise AuthenticationFailed(_("This key is not known, has ended or was taken back."))
        if limits.count("api-key", str(key.id), window_s=MINUTE_S) > READS_A_MINUTE:
            raise Throttled(MINUTE_S)
        facility = django_request.facility
        if facility is not None and (facility.is_training or not key.covers(facility)):
            actions.record_refused_key(key.id, why="place")
            raise PermissionDenied(_("This key does not hold at this hospital."))
        actions.note_key_use(key.id)
        django_request.actor = key.actor(facility)
        return Programme(), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="bhavya"'


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How OpenAPI tells of the keys."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "bhv_…"}


class KeyApi(APIView):
    """One read by key. `scope` is what the key must name; staff sessions do not come in here."""

    authentication_classes = [ApiKeyAuthentication]
    scope: KeyScope | None = None

    @property
    def key(self) -> Key:
        return cast(Key, self.request.auth)

    @property
    def actor(self) -> Actor:
        return self.request._request.actor  # type: ignore[attr-defined]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.check_scope()

    def check_scope(self) -> None:
        """Deny by default: a class without a scope lets no key in."""
        if self.scope is None or not self.key.allows(self.scope):
            self.refuse_scope()

    def refuse_scope(self) -> NoReturn:
        """403, and a row of the trail with the key."""
        actions.record_refused_key(self.key.id, why="scope")
        raise PermissionDenied(_("This key may not read this."))
