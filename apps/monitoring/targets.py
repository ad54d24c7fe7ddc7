"""What the boards measure against, and from when they raise the alarm. One place for all of it.

The department's planning figures, no rule of anybody's: a State order replaces them here; the wait
stands in `encounters.LATE_MIN`, as the desks need it too.
"""

from apps.encounters import queries as encounters

WAIT_MIN = encounters.LATE_MIN  # nine of ten patients are called to the doctor within so long
E_RX_PCT = 80
WHOLE_PCT = 90
SEATED_BY = "09:15"
SILENT_MIN = 10
FEW = 5  # fewer patients of one place are not told exactly outside the hospital
COMPARABLE = 5  # so many hospitals of the same kind at least, before any is compared
AWAKE_H = 3  # outside hours a hospital is looked at for so long after the last sign of a person
LOOK_LASTS_MIN = 6  # a look into a hospital says how it is there now for so long
STALE_S = 60  # counting that is later than this is said in red, and raises no alarm of silence

WORDS = {  # for sentences of templates
    "wait": WAIT_MIN, "e_rx": E_RX_PCT, "whole": WHOLE_PCT, "seated_by": SEATED_BY,
    "silent": SILENT_MIN, "few": FEW, "comparable": COMPARABLE,
}  # fmt: skip
