"""Records flow by a consent: what was consented arrives, readable by the asker, and nothing else."""

from tests.abdm.consents import SAMPLES, capture, flow  # noqa: F401


def test_it_works(flow):
    made = flow.stand_in.ask(flow.grant())
    flow.settle()
    row = flow.row()
    assert (row.status, row.sent, row.failed, row.sealed) == ("sent", 1, 0, "")
    assert made.acknowledged == made.calls == 1
    (page,) = made.pages.values()
    assert page["context"] == flow.visit.number
    assert page["bundle"]["type"] == "document"
    (told,) = made.told
    assert told["statusNotification"]["sessionStatus"] == "TRANSFERRED"
