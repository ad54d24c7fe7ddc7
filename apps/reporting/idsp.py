"""Which lines of the weekly S, P and L forms our rows fill: a case is a patient, once a week.

S from complaints as told, P from diagnoses, L from released tests (`<code>/tested`, `<code>`).
"""

from apps.reporting.items import conditions, items
from apps.reporting.rules import POSITIVE, Rule, Tests, Visits

ALWAYS = 10_000  # days without an end
OTHER_SIGNS = ("RASH", "FITS", "FAINTING", "NOSEBLEED")
SYNDROMES = {
    "IDSP01": Visits(complaint=("FEVER", 0, 6), without=OTHER_SIGNS, people=True),
    "IDSP05": Visits(complaint=("FEVER", 7, ALWAYS), without=OTHER_SIGNS, people=True),
    "IDSP02": Visits(complaint=("RASH", 0, ALWAYS), people=True),
    "IDSP06": Visits(complaint=("COUGH", 0, 20), people=True),
    "IDSP07": Visits(complaint=("COUGH2W", 21, ALWAYS), people=True),
    "IDSP10": Visits(complaint=("BLOODSTOOL", 0, ALWAYS), people=True),
    "IDSP11": Visits(complaint=("JAUNDICE", 0, 27), people=True),
    "IDSP14": Visits(complaint=("DOGBITE", 0, ALWAYS), people=True),
    "IDSP15": Visits(complaint=("SNAKEBITE", 0, ALWAYS), people=True),
}
TESTED = "/tested"


def _rules() -> dict[str, Rule]:
    found: dict[str, Rule] = dict(SYNDROMES)
    for code, drawn in conditions().items():
        if drawn.icd:
            low, high = (0, 14) if code == "IDSP33" else (0, 200)  # flaccid paralysis below 15
            found[code] = Visits(icd=drawn.icd, years=(low, high), people=True)
        if drawn.tests:
            found[f"{code}{TESTED}"] = Tests(drawn.tests, people=True)
            found[code] = Tests(drawn.tests, positive=POSITIVE, people=True)
    return found


RULES: dict[str, Rule] = _rules()
SENSITIVE: frozenset[str] = frozenset()
# Lines of a case a day: presumptive and confirmed ones; malaria has no line list on the L form.
LISTED = tuple(
    code for code in RULES
    if not code.endswith(TESTED) and items("idsp")[code].part in "PL" and code != "IDSP49"
)  # fmt: skip
