"""FHIR documents of the NRCeS profiles, made from frozen papers and from nothing else."""

from apps.abdm.fhir.documents import BUILDERS, INSIDE, build, holds, own_kinds, papers_of, told_as
from apps.abdm.fhir.parts import Facts
from apps.abdm.fhir.samples import SAMPLES

__all__ = [
    "BUILDERS",
    "INSIDE",
    "SAMPLES",
    "Facts",
    "build",
    "holds",
    "own_kinds",
    "papers_of",
    "told_as",
]
