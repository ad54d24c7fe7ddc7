"""The read-only FHIR R4 API on a hospital's host, by API key."""

from apps.abdm.api.reads import (
    BundleApi,
    DiagnosticReportApi,
    DocumentReferenceApi,
    EncounterApi,
    EverythingApi,
    MedicationRequestApi,
    MetadataApi,
    PatientApi,
    StrangeApi,
)
from apps.abdm.api.searches import (
    DiagnosticReportSearch,
    DocumentReferenceSearch,
    EncounterSearch,
    MedicationRequestSearch,
    PatientSearch,
)

__all__ = [
    "BundleApi",
    "DiagnosticReportApi",
    "DiagnosticReportSearch",
    "DocumentReferenceApi",
    "DocumentReferenceSearch",
    "EncounterApi",
    "EncounterSearch",
    "EverythingApi",
    "MedicationRequestApi",
    "MedicationRequestSearch",
    "MetadataApi",
    "PatientApi",
    "PatientSearch",
    "StrangeApi",
]
