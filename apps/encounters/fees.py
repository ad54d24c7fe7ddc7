"""What a slip costs, and why nothing. Frozen on the visit when the slip is cut."""

from apps.facilities.config import FacilityConfig

POOR, VALID_SLIP = "bpl", "valid-slip"
TOLD = frozenset({"", POOR})  # what the clerk may choose; the other reasons are seen by the rule


def fee_of(
    config: FacilityConfig, *, priority_reason: str, told: str = "", slip_valid: bool = False
) -> tuple[int, str]:
    """(rupees, why nothing is taken). A free hospital takes nothing from anybody: (0, "")."""
    if config.fee_rupees == 0:
        return 0, ""
    if told:
        return 0, told
    if priority_reason in config.fee_exempt:
        return 0, priority_reason
    return (0, VALID_SLIP) if slip_valid else (config.fee_rupees, "")
