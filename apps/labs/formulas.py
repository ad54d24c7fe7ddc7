"""Values that are worked out, not measured. Each names its formula and where it was published;
none is used outside the limits its authors gave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

Figures = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom the sample is, as far as a formula needs it."""

    sex: str
    years: int


@dataclass(frozen=True, slots=True)
class Formula:
    """`work` answers None outside of the limits."""

    code: str
    needs: tuple[str, ...]
    name: str
    source: str
    places: int
    work: Callable[[Figures, Subject], Decimal | None]


def _ldl(v: Figures, _: Subject) -> Decimal | None:
    if v["TG"] > 400:  # the authors' own limit
        return None
    found = v["CHOL"] - v["HDL"] - v["TG"] / 5
    return found if found > 0 else None


def _egfr(v: Figures, who: Subject) -> Decimal | None:
    if who.years < 18 or who.sex not in ("male", "female") or v["CREA"] <= 0:
        return None
    kappa, alpha, factor = (0.7, -0.241, 1.012) if who.sex == "female" else (0.9, -0.302, 1.0)
    ratio = float(v["CREA"]) / kappa
    value = 142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.200 * 0.9938**who.years * factor
    return Decimal(str(value))


def _minus(first: str, second: str) -> Callable[[Figures, Subject], Decimal | None]:
    def work(v: Figures, _: Subject) -> Decimal | None:
        return v[first] - v[second] if v[first] >= v[second] else None

    return work


def _over(top: str, bottom: str, times: int) -> Callable[[Figures, Subject], Decimal | None]:
    def work(v: Figures, _: Subject) -> Decimal | None:
        return v[top] * times / v[bottom] if v[bottom] > 0 else None

    return work


def _ratio(v: Figures, _: Subject) -> Decimal | None:
    globulin = v["TP"] - v["ALB"]
    return v["ALB"] / globulin if globulin > 0 else None


FORMULAS = (
    Formula("MCV", ("PCV", "RBC"), "PCV × 10 ÷ RBC", "Wintrobe 1932", 1, _over("PCV", "RBC", 10)),
    Formula("MCH", ("HB", "RBC"), "Hb × 10 ÷ RBC", "Wintrobe 1932", 1, _over("HB", "RBC", 10)),
    Formula("MCHC", ("HB", "PCV"), "Hb × 100 ÷ PCV", "Wintrobe 1932", 1, _over("HB", "PCV", 100)),
    Formula("AEC", ("TLC", "EOSI"), "TLC × eosinophils %", "arithmetic", 0,
            lambda v, _: v["TLC"] * v["EOSI"] * 10),
    Formula("BILI", ("BILT", "BILD"), "total − direct", "arithmetic", 1, _minus("BILT", "BILD")),
    Formula("GLOB", ("TP", "ALB"), "total protein − albumin", "arithmetic", 1, _minus("TP", "ALB")),
    Formula("AGR", ("TP", "ALB"), "albumin ÷ globulin", "arithmetic", 1, _ratio),
    Formula("LDL", ("CHOL", "HDL", "TG"), "Friedewald, only up to TG 400 mg/dL",
            "Friedewald 1972, Clin Chem 18:499", 0, _ldl),
    Formula("VLDL", ("TG",), "TG ÷ 5, only up to TG 400 mg/dL",
            "Friedewald 1972, Clin Chem 18:499", 0,
            lambda v, _: v["TG"] / 5 if v["TG"] <= 400 else None),
    Formula("EGFR", ("CREA",), "CKD-EPI 2021, from 18 years",
            "Inker 2021, N Engl J Med 385:1737", 0, _egfr),
)  # fmt: skip
BY_CODE = {formula.code: formula for formula in FORMULAS}
# Measured by many machines, so a typed value counts before ours.
MAY_BE_TYPED = {"MCV", "MCH", "MCHC", "AEC", "LDL", "VLDL"}


def work_out(code: str, figures: Figures, who: Subject) -> Decimal | None:
    """The value of one formula, rounded as it is reported; None when something is missing."""
    formula = BY_CODE.get(code)
    if formula is None or any(need not in figures for need in formula.needs):
        return None
    value = formula.work(figures, who)
    return None if value is None else round(value, formula.places)
