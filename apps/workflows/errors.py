"""Why the consultation is not changed or signed."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "draft.too_many": _("No more than %(most)s rows. Remove one first."),
    "draft.too_long": _("The text is too long. Keep it under %(most)s letters."),
    "draft.gone": _("This row is not there any more. Look at the list again."),
    "draft.follow_up": _("Choose a day after today, within one year."),
    "draft.date": _("Write the date as day-month-year, like 07-12-2026."),
    "draft.days": _("Write the days as a number, like 5."),
    "draft.unknown": _("This choice is not in the list any more. Search again."),
    "draft.edit": _("This change was not understood. Load the page again."),
    "merge.keep": _("Choose which of the two records stays."),
    "merge.same": _("This is one and the same record. Choose another one."),
    "merge.merged": _("One of the two records was joined with another one already. Look again."),
    "merge.abha": _("The two records have different ABHA numbers: they are two people."),
    "merge.two_tokens": _(
        "Both stand in the same queue (%(first)s, %(second)s). Cancel one of the slips first."
    ),
    "merge.not_merged": _("This record is not joined with another one."),
    "merge.later": _("The other record was joined again since. Undo that first."),
    "set.gone": _("This set is not there any more. Look at the list of sets."),
    "set.name": _("Give the set a name."),
    "set.empty": _("A set needs a diagnosis, and a medicine, a test or advice."),
    "set.too_many": _("No more than %(most)s medicines in a set. Remove one first."),
    "set.unknown": _("%(item)s is not in the list. Remove it or search again."),
    "set.days": _("Write the days to the next visit from 1 to 366."),
    "set.level": _("Choose for whom the set is: for yourself or for the hospital."),
    "draft.no_instead": _("There is no such medicine in this hospital's list. Search for another."),
    "consult.no_refill": _("There is no long-term medicine to refill."),
    "consult.signed": _("This visit is signed. What is signed cannot be changed."),
    "consult.taken_over": _(
        "Another doctor has taken over this consultation. What you typed stays on this screen; "
        "take it back to go on."
    ),
    "consult.not_signed": _("This visit is not signed yet. Write on its page."),
    "consult.reason": _("Choose why the signature is taken back."),
    "pin.wanted": _("Enter your PIN."),
    "addendum.empty": _("Write what is added, or choose a medicine to stop."),
    "addendum.follow_up": _("Choose a day after today, within one year."),
    "certificate.form": _("Choose which certificate."),
    "certificate.not_seen": _("No doctor has seen this patient yet. Call the patient first."),
    "certificate.dates": _("Write both dates. The last day comes after the first."),
    "certificate.long": _("No more than %(most)s days on one certificate."),
    "certificate.early": _("The first day is too early. It may be at most %(most)s days ago."),
    "elsewhere.no_mobile": _("This record has no mobile number, so nobody can be asked."),
    "elsewhere.no_consent": _("The patient has not agreed yet. Ask for the code first."),
    "elsewhere.not_emergency": _("Without the code only in an emergency, with a reason."),
    "consult.finding": _("Write a complaint or a diagnosis."),
    "consult.plan": _("Write a medicine, a test or advice."),
    "consult.not_called": _("Nobody is waiting in this queue."),
    "consult.no_last": _("There is no earlier prescription to repeat."),
    "prompt.unknown": _("This card is not there any more. Load the page again."),
    "prompt.time": _("Write the time as hours and minutes, like 19:10."),
    "rule.title": _("Write the title in Hindi and in English."),
    "rule.lines": _("Each line needs its Hindi and its English. Count the lines on both sides."),
    "rule.numbers": _("The limits must be whole numbers from 1 to 20 and the lists must be lists."),
    "rule.when": _("The conditions cannot be read. Look at the words that are allowed, below."),
    "rule.form": _(
        "What the card asks, times or lists cannot be read. Compare with the version before."
    ),
    "rule.json": _("This is not valid JSON. Check brackets, commas and quotes."),
    "rule.source": _("Say where this rule comes from."),
}
