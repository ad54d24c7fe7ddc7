"""FHIR documents of the NRCeS profiles, made from frozen papers and from nothing else."""

from apps.abdm.fhir.documents import BUILDERS, build
from apps.abdm.fhir.parts import Facts

__all__ = ["BUILDERS", "Facts", "build"]
