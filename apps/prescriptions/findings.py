"""What can be said beside a line, in the reader's language."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.templatetags.bhavya import local

LEVELS = ("stop", "warn", "info")
CONDITIONS: dict[str, str | Promise] = {
    "pregnancy": gettext_lazy("Caution in pregnancy:"),
    "lactation": gettext_lazy("Caution while breastfeeding:"),
    "G6PD deficiency": gettext_lazy("Caution in G6PD deficiency:"),
    "asthma": gettext_lazy("Caution in asthma:"),
    "eGFR <30": gettext_lazy("Caution, very weak kidneys:"),
    "eGFR <60": gettext_lazy("Caution, weak kidneys:"),
    "liver failure": gettext_lazy("Caution in liver disease:"),
    "heart block / bradycardia": gettext_lazy("Caution with a slow heart:"),
    "epilepsy": gettext_lazy("Caution in epilepsy:"),
    "glaucoma (angle closure)": gettext_lazy("Caution in glaucoma:"),
    "dengue suspected": gettext_lazy("Caution when dengue is suspected:"),
}
TITLES: dict[str, str | Promise] = {
    "age": gettext_lazy("Caution at this age:"),
    "double": gettext_lazy("Twice the same medicine:"),
    "class": gettext_lazy("Two medicines of one group:"),
    "interaction": gettext_lazy("Two medicines that disturb each other:"),
    "day": gettext_lazy("More than the most in a day:"),
    "once": gettext_lazy("More than the most at one time:"),
    "tenfold": gettext_lazy("Stop: ten times the most or more."),
    "weight": gettext_lazy("Weight not known:"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to think of. `rule` is the row of the tables it comes from; `with_` the other side
    (an allergen, a medicine); `numbers` the arithmetic; `instead` the generic that the row names,
    which would replace line `index` (the other one of a pair may be meant)."""

    level: str  # stop | warn | info
    kind: str  # allergy cross condition age double class interaction day once tenfold weight
    medicine: str
    rule: str = ""
    with_hi: str = ""
    with_en: str = ""
    why: str = ""  # English, as the source has it
    provenance: str = ""
    numbers: dict[str, str] = field(default_factory=dict)
    instead: str = ""
    index: int | None = None

    @property
    def title(self) -> str:
        other: str = local({"hi": self.with_hi, "en": self.with_en}, "")
        if self.kind == "allergy":
            return _("Stop: allergy to %(other)s.") % {"other": other}
        if self.kind == "cross":
            return _("Caution, allergy to %(other)s:") % {"other": other}
        if self.kind == "condition":
            return str(CONDITIONS.get(self.with_en, self.with_en))
        return str(TITLES[self.kind])

    @property
    def text(self) -> str:
        words: dict[str, Any] = {"drug": self.medicine, "other": self.with_en, **self.numbers}
        if self.kind == "cross":
            return _("%(drug)s may react too.") % words
        if self.kind in ("condition", "age"):
            return _("think again about %(drug)s.") % words
        if self.kind == "double":
            return _("%(other)s is written above too.") % words
        if self.kind == "class":
            return _("%(drug)s does the same as %(other)s.") % words
        if self.kind == "interaction":
            return f"{self.medicine} + {self.with_en}."
        if self.kind == "weight":
            return (
                _("the dose of %(drug)s for a child cannot be checked. Measure the weight.") % words
            )
        if self.kind in ("day", "once", "tenfold"):
            return _("written %(sum)s; most %(most)s.") % words
        return _("%(drug)s cannot be signed. Remove it or write why it is needed.") % words
