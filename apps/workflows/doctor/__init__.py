"""Is this installation well? Checks with a time-out each and a word on how to mend what is not."""

from apps.workflows.doctor.finding import Finding, examine
from apps.workflows.doctor.list import CHECKS

__all__ = ["CHECKS", "Finding", "examine"]
