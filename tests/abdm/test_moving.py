"""Two records of one human are joined: links and consents go along, and come back when undone."""

from apps.abdm.models import CareContext, ConsentArtefact
from apps.patients.models import Patient
from apps.workflows.actions import patient_merge
from tests.encounters import people


def owners():
    return (
        CareContext.objects.get().patient_id,
        ConsentArtefact.objects.get().patient_id,
    )


def test_it_works(cast, flow):
    consent = flow.grant()
    flow.in_green()
    gone = Patient.objects.get(pk=flow.visit.patient_id)
    kept = people.asha(cast, name_hi="आशा कुमारी", mobile="")
    head = cast.member("head", "DS", cast.green)
    moved = patient_merge.merge(gone.pk, into=kept.pk, actor=head.actor)
    assert (moved["contexts"], moved["consents"]) == (1, 1)
    assert owners() == (kept.pk, kept.pk)
    kept.refresh_from_db()  # its ABHA counts as proved there, so the next visit is linked too
    assert (kept.person_id, kept.abha_address) == (gone.person_id, gone.abha_address)
    assert flow.ask(consent).pages  # who was let to see the papers still gets them

    flow.in_green()
    patient_merge.unmerge(gone.pk, actor=head.actor)
    assert owners() == (gone.pk, gone.pk)
    kept.refresh_from_db()
    assert (kept.person_id, kept.abha_address) == (None, "")
