"""Why a verb over people says no, and how to mend it."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "user.username_bad": _(
        "A user name has 3 to 40 small Latin letters, digits, dots or dashes, and is not a "
        "mobile number."
    ),
    "user.username_taken": _("The user name %(username)s is taken. Choose another one."),
    "user.mobile_bad": _("A mobile number has 10 digits and starts with 6, 7, 8 or 9."),
    "user.mobile_taken": _("This mobile number already belongs to another member of staff."),
    "user.hpr_bad": _("An HPR id has 14 digits, or looks like name@hpr.abdm. Check it."),
    "user.hpr_taken": _("Another member of staff has this HPR id. Check whose it is."),
    "user.until_alone": _("A last day needs its number. Write the number too."),
    "user.nameless": _("Write the name."),
    "user.self": _("You cannot do this to your own account. Ask your in-charge."),
    "user.above_you": _(
        "This person may give roles, you may not. The district office can do this."
    ),
    "user.posted_elsewhere": _(
        "This person also works outside your area. End the posting here instead."
    ),
    "user.inactive": _("This account is closed. Open it again first."),
    "user.no_mobile": _("There is no mobile number on this account."),
    "office.open": _(
        "The State already has an admin, who can take on everybody else. Log in as that person."
    ),
    "posting.self": _("Nobody posts himself or herself. Ask the office above."),
    "posting.role_above": _("This role lies above your own level. The office above can give it."),
    "posting.needs_facility": _("This role belongs to a hospital. Choose the hospital."),
    "posting.needs_office": _("This role belongs to an office, not to one hospital."),
    "posting.dates": _("The last day comes before the first day. Check the dates."),
    "posting.overlaps": _("This person already has this role here on some of these days."),
    "posting.ended": _("This posting has already ended."),
    "deputation.needs_end": _("A deputation needs its last day."),
    "transfer.too_early": _(
        "The old posting starts on %(start)s. A transfer must start after that day."
    ),
    "transfer.same_place": _("This person already works there. Choose another hospital."),
    "posting.role_unknown": _("There is no role %(role)s. The codes stand below the form."),
    "posting.place_unknown": _("There is no hospital %(place)s in your area."),
    "posting.department_unknown": _("This hospital has no department %(department)s."),
    "date.bad": _("Write the date as 23-11-2026."),
    "leave.signs": _(
        "You are on leave here until %(until)s, so you cannot sign. In an emergency open "
        "“On leave, but I must sign”, say why, and sign then."
    ),
    "leave.overlaps": _("This person is on leave on some of these days already."),
    "leave.long": _("A leave has at most %(days)s days. Enter the rest when it is due."),
    "leave.kind": _("Choose the kind of leave."),
    "leave.reason": _("Choose why you must sign today."),
    "roster.past": _("These days are over. A roster can only be written from today on."),
    "roster.long": _("Set at most %(days)s days at once, and not more than %(ahead)s days ahead."),
    "roster.shift": _("Choose a shift from the list."),
    "roster.room": _("Choose a room of this hospital. Rooms are in the settings."),
    "roster.not_posted": _("This person is not posted here on these days. Post the person first."),
    "import.bad_lines": _("Nothing was saved: %(count)s lines need attention."),
    "import.empty": _("The file has no people in it."),
    "import.too_long": _("A file may hold %(limit)s people. Split it."),
    "pin.wrong": _("The PIN did not match. %(left)s tries left."),
    "pin.locked": _("Too many wrong PINs. Try again in %(minutes)s minutes."),
    "pin.unset": _("You have no PIN yet. Set it on your own page."),
    "pin.bad": _("A PIN has 4 to 6 digits."),
    "pin.easy": _("This PIN is too easy to guess. Choose another one."),
    "pin.device": _("Too many wrong PINs on this computer. Log in with the password."),
    "face.gone": _("Log in with your password on this computer first."),
    "badge.unknown": _("This badge is not valid here. Use your PIN or your password."),
    "device.name": _("Write a name for this computer, such as Counter 2."),
    "device.none": _("This computer is not a shared computer of this hospital."),
    "code.wrong": _("The code did not match, or it is too old. Ask for a new one."),
    "key.nameless": _("Write which programme reads with this key."),
    "key.no_scope": _("Choose what the key may read."),
    "key.dates": _("A key works for at least a day and at most a year. Check the last day."),
    "key.personal": _(
        "A key that reads patients' records is given by the civil surgeon or the State. You can "
        "give one for counts."
    ),
    "key.shown": _("This key was shown once and is not shown again. Make a new one."),
    "password.wrong": _("The password did not match."),
}
