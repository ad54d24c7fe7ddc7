"""Mail that is over leaves after its time. What waits or needs a person never does."""

from django.conf import settings

from apps.core.retiring import retire
from apps.gateway.models import InboundMessage, OutboundMessage

SENT, GOT = OutboundMessage.Status, InboundMessage.Status
OVER = (SENT.ACCEPTED, SENT.ANSWERED, SENT.REFUSED)


def retire_mail() -> int:
    """Delete what is over and older than settings.MESSAGE_KEEP_DAYS: how many rows.

    The body went when it was over; what goes here are times, codes and request ids.
    """
    days = settings.MESSAGE_KEEP_DAYS
    gone = retire(InboundMessage.objects.filter(status=GOT.HANDLED), days=days)
    return gone + retire(OutboundMessage.objects.filter(status__in=OVER), days=days)
