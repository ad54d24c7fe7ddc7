"""What a message says: a name in code, the sentence in the reader's language.

A registered SMS template is a fixed text with holes: keep sentence and holes as registered.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEMPLATES: Mapping[str, str | Promise] = {
    "password-code": _(
        "%(code)s is your Bhavya code for a new password. It works for %(minutes)s minutes. "
        "Do not tell anybody. Bihar Health"
    ),
    "portal-code": _(
        "%(code)s is your Bhavya code to see your papers. It works for %(minutes)s minutes. "
        "Do not tell anybody. Bihar Health"
    ),
    "slip": _("%(facility)s: token %(token)s, room %(room)s. Your slip: %(url)s Bihar Health"),
    "token-moved": _(
        "Token %(token)s: please go to room %(room)s now. Your turn is kept. Bihar Health"
    ),
    "follow-up": _(
        "%(facility)s: please come to the doctor again on %(date)s. Bring your paper. Bihar Health"
    ),
    "record-code": _(
        "%(code)s lets the doctor of %(facility)s see your papers of other hospitals, for this "
        "visit only. It works for %(minutes)s minutes. Tell it only to that doctor. Bihar Health"
    ),
    "link-code": _(
        "%(code)s links your visits at %(facility)s with your ABHA app. It works for %(minutes)s "
        "minutes. Tell it to nobody. Bihar Health"
    ),
    "prescription-ready": _(
        "%(facility)s: your prescription of %(date)s is ready: %(url)s Bihar Health"
    ),
    "report-ready": _("%(facility)s: your test report of %(date)s is ready: %(url)s Bihar Health"),
    "registration-ends": _(
        "The last day of your council registration in Bhavya is %(date)s. Renew it, then tell "
        "your office the new day. Bihar Health"
    ),
    "hpr-ends": _(
        "The last day of your HPR id in Bhavya is %(date)s. Renew it, then tell your office the "
        "new day. Bihar Health"
    ),
    "form-ready": _(
        "%(place)s: %(form)s from %(from)s is worked out and waits for you in Bhavya: %(url)s "
        "Bihar Health"
    ),
    "forms-submitted": _(
        "%(place)s: %(form)s from %(from)s, %(n)s of %(all)s hospitals have submitted: %(url)s "
        "Bihar Health"
    ),
    "critical-result": _(
        "%(facility)s: a critical test result waits for you. Slip %(slip)s, token %(token)s. "
        "Open Results in Bhavya. Bihar Health"
    ),
}


def wording(template: str, *, language: str, values: dict[str, Any]) -> str:
    """The text of one message. KeyError when the template or a value is missing."""
    with translation.override(language):
        return str(TEMPLATES[template]) % values
