"""Why the laboratory says no, and how to mend it."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "order.unknown_test": _("Test %(item)s is not in the list. Remove it."),
    "order.not_found": _("There is no such order here."),
    "order.done": _("This test is already reported. It cannot be cancelled any more."),
    "order.reason": _("Write why the order is cancelled."),
    "order.nothing_to_collect": _("Nothing is left to collect for this slip."),
    "specimen.not_found": _("No sample here has this number. Check the label."),
    "specimen.rejected": _("This sample was rejected. Take a new one."),
    "specimen.reason": _("Write what is wrong with the sample."),
    "specimen.verified": _("Its report is signed already. Correct the report instead."),
    "label.cancelled": _(
        "All tests of %(accession)s are cancelled. No label is printed; throw the tube away."
    ),
    "label.rejected": _("Sample %(accession)s was rejected. Collect again for a new label."),
    "result.number": _("%(test)s needs a number, for example 12.4."),
    "result.choice": _("Choose the result of %(test)s from the list."),
    "result.unit": _("%(test)s is not written in %(typed)s here. Write it in %(unit)s."),
    "result.unit_guess": _(
        "%(test)s is written in %(unit)s here, not in %(typed)s. Did you mean %(guess)s?"
    ),
    "result.impossible": _(
        "%(value)s %(unit)s is not possible for %(test)s. Write %(low)s to %(high)s."
    ),
    "result.impossible_guess": _(
        "%(value)s %(unit)s is not possible for %(test)s. "
        "Write %(low)s to %(high)s. Did you mean %(guess)s?"
    ),
    "result.conflict": _("Somebody saved this sample meanwhile. Look at both."),
    "result.released": _("This report is signed. A change needs a corrected report."),
    "result.empty": _("%(test)s has no value yet. Enter it, then send."),
    "result.sum": _("The white cell parts add up to %(total)s %%, not to 100. Check them."),
    "result.told": _("Write whom you told on the telephone."),
    "result.not_sent": _("The technician has not sent these values yet."),
    "result.return_reason": _("Write what the technician should check."),
    "report.own_entry": _("You entered these values yourself. Another person verifies them here."),
    "report.not_found": _("There is no such report here."),
    "report.amend_reason": _("Write why the report is corrected."),
    "report.unchanged": _("No value was changed. Change one, then sign."),
    "outside.unknown": _("This outside laboratory is not in your list. Choose another."),
    "outside.nothing": _("Choose at least one test to send."),
    "outside.file": _(
        "This is not a table with accession, test_code and value in its first line. "
        "Save it as CSV and try again."
    ),
    "outside.not_sent": _("%(item)s was not sent out for this sample."),
    "outside.no_paper": _("This sample has no test that waits for an outside report."),
    "outside.paper_file": _("Choose the report as PDF or photos, together at most 20 MB."),
    "outside.no_value": _("%(item)s has no value."),
    "message.gone": _("This message was dealt with already."),
    "message.no_match": _("No value of this message fits the sample. Check the number."),
    "message.reason": _("Write why this message is put aside."),
    "study.past": _("This time is over. Choose a later one."),
    "study.films": _("Write 0 to 20 films."),
    "study.form_f": _("Form F comes first: the radiologist fills it before the ultrasound."),
    "study.form_f_empty": _("Form F needs the weeks, the indication and the declaration."),
    "study.not_obstetric": _("Form F belongs to an ultrasound in pregnancy only."),
    "study.not_done": _("Mark the study as done first."),
    "study.text": _("Write what is seen."),
    "study.fetal_sex": _(
        "The text could name the sex of the unborn child. The law forbids it: remove those words."
    ),
    "poct.empty": _("Enter at least one result."),
    "poct.unknown": _("%(item)s is not a test for the desk. Send it to the laboratory."),
    "master.unknown": _("There is no test %(item)s."),
    "master.source": _("Write where these values come from (book, kit leaflet, own study)."),
    "master.parts": _("There is no test %(item)s to be part of the panel."),
    "master.reagents": _("Each reagent needs its code and how much one test uses."),
    "master.number": _("%(item)s is not a number."),
    "master.range": _(
        "The limits are out of order. They rise: critical low, low, high, critical high."
    ),
    "master.days": _("The age goes from the lower to the higher."),
}
