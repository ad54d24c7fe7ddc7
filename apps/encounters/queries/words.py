"""Names of departments and rooms in both scripts, from the hospital's settings."""

from apps.encounters.models import QueueToken
from apps.facilities.config import FacilityConfig

SOURCES: dict[str, str] = {
    QueueToken.Source.WALK_IN: "walk-in",
    QueueToken.Source.APPOINTMENT: "appointment",
    QueueToken.Source.SCAN_AND_SHARE: "scan",
}


def department_names(config: FacilityConfig, code: str) -> dict[str, str]:
    department = config.department(code)
    return {
        "department_hi": department.name_hi if department else code,
        "department_en": department.name_en if department else code,
    }


def room_names(config: FacilityConfig, code: str) -> dict[str, str]:
    room = next((room for room in config.rooms if room.code == code), None)
    return {
        "room_hi": (room.name_hi if room else "") or (f"कमरा {code}" if code else ""),
        "room_en": (room.name_en if room else "") or (f"Room {code}" if code else ""),
    }
