"""The noes of the ABHA desk, and of asking other hospitals."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "abha.off": _("The link to ABDM is not set up here. Work goes on without it."),
    "abha.outage": _("ABHA does not answer now. Treatment goes on; link it later."),
    "abha.busy": _("ABHA is busy now. Try again in a minute; treatment goes on."),
    "abha.limit": _("ABHA has sent too many OTPs to this person. Try again after 30 minutes."),
    "abha.too_many": _("Three OTPs were sent in this way. Try again after %(minutes)s minutes."),
    "abha.wait": _("An OTP has just been sent. Wait a minute before you ask for another one."),
    "abha.none": _("ABHA knows nobody by this. Check it, or take another way."),
    "abha.refused": _("ABHA said no (%(said)s). Check what you wrote, or take another way."),
    "abha.login_id": _("ABHA cannot read this number. Check it and write it again."),
    "abha.closed": _("This ABHA is switched off. Its owner can switch it on in the ABHA app."),
    "abha.over": _("This took too long. Begin again with a new OTP."),
    "abha.otp": _("Write the 6 digits of the OTP."),
    "abha.otp_wrong": _("This OTP is not right or too old. Tries left: %(left)s."),
    "abha.otp_spent": _("The OTP was wrong three times. Begin again with a new OTP."),
    "abha.number": _("An ABHA number has 14 digits. Check it and write it again."),
    "abha.unclear": _("Scan the ABHA card, or write an ABHA number, ABHA address or mobile."),
    "abha.card_bare": _("This card holds no ABHA number and no ABHA address. Write one of them."),
    "abha.aadhaar": _("An Aadhaar number has 12 digits. Check it and write it again."),
    "abha.aadhaar_place": _("Write the Aadhaar number only in its own field, after the consent."),
    "abha.aadhaar_demo": _("This is a demonstration: take a demo number that begins with 0000."),
    "abha.aadhaar_unknown": _("Aadhaar does not know this number. Check it and write it again."),
    "abha.consent": _("Read the consent to the patient, and tick it when the patient says yes."),
    "abha.mobile_full": _("Six ABHA stand on this mobile already. Take another mobile."),
    "abha.address_taken": _("Somebody has this ABHA address already. Choose another one."),
    "abha.address_form": _(
        "An ABHA address has 8 to 18 letters or digits, with one dot or one underscore inside."
    ),
    "abha.client_full": _("No more ABHA can be made in this trial. Tell the district office."),
    "abha.no_benefit": _("NHA has not allowed this way here yet. Take the way by OTP."),
    "abha.no_device": _("No device for finger, iris or face is connected. Take another way."),
    "abha.no_scan": _("The scan did not work. Clean the glass and try once more."),
    "abha.demographics": _(
        "Aadhaar has another name, birth date or sex. Write them exactly as on the Aadhaar card."
    ),
    "abha.born": _("Write the birth date as on the Aadhaar card, as in 23-11-1992."),
    "abha.name_latin": _("Write the name in English letters, as on the Aadhaar card."),
    "abha.face_waits": _("The phone has not finished yet. Ask the patient, then check again."),
    "abha.face_failed": _("The face was not recognised. Begin again, in better light."),
    "abha.child_age": _("Only for patients under 18 years."),
    "abha.child_way": _("For a child, prove the parent's ABHA by its number or mobile."),
    "abha.child_full": _("No more children can be added to this parent's ABHA."),
    "abha.child_consent": _("Ask the parent, and tick it when the parent says yes."),
    "abha.choose": _("Choose whose ABHA it is."),
    "abha.find_mobile": _("To find an ABHA, write the mobile number that it was made with."),
    "abha.too_many_searches": _("Three searches were made. Try again after %(minutes)s minutes."),
    "abha.find_other_otp": _("This ABHA takes no OTP in this way. Send it to the other mobile."),
    "abha.email": _("Write the e-mail address as in asha@example.in."),
    "abha.licence": _("A licence number has two letters and 13 digits, as in BR01 20260000001."),
    "abha.licence_photo": _("Add a photo (JPEG or PNG) of the front and of the back."),
    "abha.place": _("Write address, district, State and a PIN code of 6 digits in English."),
    "abha.taken": _(
        "This ABHA stands on another record of this hospital. Nothing was changed. "
        "Ask whether the person has two records here."
    ),
    "abha.other": _(
        "This record has another ABHA already. Nothing was changed. Check who stands before you."
    ),
    "abha.differs": _("ABHA and our record differ. Tick that it is the same person, or stop here."),
    "abha.no_card": _("ABHA gave no card. Try again later; the link stands."),
    "asking.off": _("The link to ABDM is not set up here: other hospitals cannot be asked."),
    "asking.no_abha": _(
        "This patient's record has no ABHA address yet. Link the ABHA first; treatment goes on."
    ),
    "asking.kinds": _("Choose at least one kind of record."),
    "asking.dates": _("Check the days: from comes before to, and neither lies in the future."),
    "asking.waiting": _(
        "The patient was asked already and has not answered yet. The request is in the ABHA app."
    ),
    "asking.too_many": _("This patient was asked %(most)s times today. Ask again tomorrow."),
}
