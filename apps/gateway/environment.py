"""Which gateway we talk to. Host and consent-manager id come from one record, so that they cannot
disagree; each address can be replaced by a setting of its own."""

from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings

from apps.core.tenancy import in_training


@dataclass(frozen=True, slots=True)
class Environment:
    """Base addresses without a slash at the end. `suffix` ends every ABHA address."""

    gateway: str
    abha: str
    phr_web: str
    registry: str
    qr: str
    cm_id: str
    issuer: str

    @property
    def face(self) -> str:
        """What the patient's phone opens to show its face; "" where it is not published."""
        return f"{self.qr.rpartition('/')[0]}/face-auth" if self.qr else ""

    @property
    def suffix(self) -> str:
        return f"@{self.cm_id}"


def _local(base: str) -> Environment:
    """Our own stand-in: everything at one address."""
    return Environment(
        gateway=base,
        abha=f"{base}/abha/api",
        phr_web=f"{base}/abha/api/v3/phr/web",
        registry=f"{base}/registry",
        qr=f"{base}/phr/share-profile",
        cm_id="sbx",
        issuer=f"{base}/auth/realms/central-registry",
    )


ABDM_SANDBOX = Environment(
    gateway="https://dev.abdm.gov.in",
    abha="https://abhasbx.abdm.gov.in/abha/api",
    phr_web="https://abhasbx.abdm.gov.in/abha/api/v3/phr/web",
    registry="https://apihspsbx.abdm.gov.in/v4/int",
    qr="https://phrsbx.abdm.gov.in/share-profile",
    cm_id="sbx",
    issuer="https://dev.abdm.gov.in/auth/realms/central-registry",
)
# The registry's and the QR code's production hosts are not published: told at onboarding.
PRODUCTION = Environment(
    gateway="https://apis.abdm.gov.in",
    abha="https://abha.abdm.gov.in/api/abha",
    phr_web="https://phr.abdm.gov.in/api/phr/web/v3",
    registry="",
    qr="",
    cm_id="abdm",
    issuer="https://apis.abdm.gov.in/auth/realms/central-registry",
)


@cache
def current() -> Environment:
    """From ABDM_ENVIRONMENT: "abdm-sandbox", "production", or the address of a stand-in."""
    named = {"abdm-sandbox": ABDM_SANDBOX, "production": PRODUCTION}
    found = named.get(settings.ABDM_ENVIRONMENT) or _local(settings.ABDM_ENVIRONMENT.rstrip("/"))
    return replace(found, qr=settings.ABDM_QR_URL) if settings.ABDM_QR_URL else found


def stand_in() -> str:
    """The address of our own stand-in while that is the environment, else ""."""
    named = settings.ABDM_ENVIRONMENT in ("", "abdm-sandbox", "production")
    return "" if named else str(settings.ABDM_ENVIRONMENT).rstrip("/")


def is_on() -> bool:
    return bool(settings.ABDM_ENVIRONMENT and settings.ABDM_CLIENT_ID) and not in_training()
