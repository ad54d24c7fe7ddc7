"""What the boards measure against. The department's planning figures, no rule of anybody's: a State
order replaces them here."""

WAIT_MIN = 45  # nine of ten patients are called to the doctor within so many minutes
E_RX_PCT = 80
WHOLE_PCT = 90
SEATED_BY = "09:15"
SILENT_MIN = 10
FEW = 5  # fewer patients of one place are not told exactly outside the hospital
