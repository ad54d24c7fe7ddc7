"""What an analyser says is kept before it hears so, and finds its sample, or a person."""

import pytest

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.facilities import actions as facilities
from apps.facilities import analysers
from apps.labs import actions, queries
from apps.labs.link import messages
from apps.labs.link.frames import ACK, CR, ENQ, ETX, LF, NAK, STX, Astm, Mllp, astm_frames
from apps.labs.link.simulator import astm, oru
from apps.labs.models import AnalyserMessage
from tests.labs.samples import collected, pathologist, technician, verified

COUNT = {"WBC": ("8.4", "10^3/uL"), "HGB": ("9.8", "g/dL"), "PLT": ("210", "10*9/L"),
         "P-LCR": ("31", "%")}  # fmt: skip


def heard(line, data):
    """(answers, whole messages, halves)"""
    steps = line.feed(data)
    return (
        [s.answer for s in steps if s.answer],
        [s.message for s in steps if s.message],
        [s.half for s in steps if s.half],
    )


def test_frames_of_a_whole_message():
    line, message = Astm(), astm("GRN-L-2600001", COUNT)
    assert heard(line, ENQ)[0] == [ACK]
    frames = astm_frames(message)
    found = [heard(line, frame) for frame in frames]
    assert [answers for answers, _, _ in found] == [[ACK]] * len(frames)
    assert found[-1][1] == [message]
    assert all(not whole for _, whole, _ in found[:-1])


def test_a_long_record_comes_in_pieces_and_byte_by_byte():
    message = astm("GRN-L-2600001", {"HGB": ("9.8", "g/dL")}, machine="M" * 600)
    line, whole = Astm(), []
    for byte in ENQ + b"".join(astm_frames(message)):
        whole += heard(line, bytes([byte]))[1]
    assert whole == [message]


def test_a_wrong_checksum_is_refused_and_the_frame_sent_again_is_taken():
    line = Astm()
    first, *rest = astm_frames(astm("GRN-L-2600001", COUNT))
    heard(line, ENQ)
    assert heard(line, first[:-4] + b"00" + CR + LF)[0] == [NAK]
    assert heard(line, first)[0] == [ACK]
    assert heard(line, first)[0] == [ACK]  # our answer was lost: said twice, taken once
    whole = [m for frame in rest for m in heard(line, frame)[1]]
    assert whole == [astm("GRN-L-2600001", COUNT)]


def test_noise_and_half_a_message():
    line = Astm()
    assert heard(line, b"\xff\xfe???")[0] == []
    assert heard(line, STX + b"1H|" + ETX + b"00" + CR + LF)[0] == [NAK]  # nobody asked to speak
    heard(line, ENQ)
    heard(line, astm_frames(astm("GRN-L-2600001", COUNT))[0])
    assert line.lost().startswith(b"H|")
    hl7 = Mllp()
    assert heard(hl7, b"noise\x0bMSH|")[1] == []
    assert hl7.lost() == b"noise\x0bMSH|"


@pytest.mark.parametrize("make", [astm, oru])
def test_both_languages_say_the_same(make):
    (sample,) = messages.read(make("GRN-L-2600001", COUNT).decode("latin-1"), {})
    assert sample.accession == "GRN-L-2600001"
    assert sample.values["HB"] == "9.8 g/dL"
    assert sample.values["TLC"] == "8.4 10*3/uL"
    assert len(sample.other) == 1


QUERY = "MSH|^~\\&|A||||||QRY^A19|1|P|2.3"


@pytest.mark.parametrize("body", ["", "rubbish", "R|1|^^^HGB|9.8", QUERY, "MSH broken"])
def test_what_nobody_can_read_is_said(body):
    with pytest.raises(messages.Unreadable):
        messages.read(body, {})


def kept(cast, body, name="ERBA"):
    text = body.decode("latin-1")
    return actions.keep(name, body=text, id=uuid7())[0]


def test_it_works(cast, django_assert_max_num_queries):
    _, (sample,) = collected(cast, "CBC")
    pk = kept(cast, astm(sample.accession, COUNT))
    with django_assert_max_num_queries(32):
        assert actions.match(pk) == "matched"
    (report,) = queries.reports_of(queries.orders_on(sample)).values()
    assert {line["code"]: line["value"] for line in report.results} == {
        "HB": "9.8", "TLC": "8.4", "PLT": "210",
    }  # fmt: skip
    assert (report.status, report.source) == ("preliminary", "ERBA")


def test_a_resend_is_harmless(cast):
    _, (sample,) = collected(cast, "CBC")
    body = astm(sample.accession, COUNT)
    assert kept(cast, body) == kept(cast, body)
    actions.match_waiting()
    assert AnalyserMessage.objects.count() == 1
    assert kept(cast, body, "OTHER") != kept(cast, body)


@pytest.mark.parametrize(
    ("accession", "values", "reason"),
    [
        ("GRN-L-9999999", COUNT, "unknown_sample"),
        ("", COUNT, "unknown_sample"),
        (None, {"TSH": ("2.1", "uIU/mL")}, "not_ordered"),
        (None, {"HGB": ("980", "g/dL")}, "bad_value"),
        (None, {}, "not_ordered"),
    ],
)
def test_what_does_not_fit_waits_for_a_person(cast, accession, values, reason):
    _, (sample,) = collected(cast, "CBC")
    pk = kept(cast, astm(sample.accession if accession is None else accession, values))
    assert actions.match(pk) == "parked"
    (row,) = queries.messages()
    assert row.reason == reason


def test_a_verified_report_is_never_touched(cast):
    _, (sample,) = collected(cast, "CBC")
    verified(cast, sample, HB="12.1")
    assert actions.match(kept(cast, astm(sample.accession, COUNT))) == "parked"
    assert queries.messages()[0].reason == "verified_already"


def test_a_person_attaches_or_puts_aside(cast):
    _, (sample,) = collected(cast, "CBC")
    by = technician(cast).actor
    lost = kept(cast, astm("12345", COUNT))
    noise = actions.keep("ERBA", body="###", id=uuid7(), reason="half")[0]
    actions.match(lost)
    with pytest.raises(Refused, match=r"specimen\.not_found"):
        actions.attach(lost, accession="NOPE-1", actor=by)
    with pytest.raises(Refused, match=r"message\.no_match"):
        actions.attach(noise, accession=sample.accession, actor=by)
    assert actions.attach(lost, accession=sample.accession, actor=by) == "matched"
    with pytest.raises(Refused, match=r"message\.reason"):
        actions.dismiss(noise, reason="", actor=by)
    actions.dismiss(noise, reason="control run", actor=by)
    assert queries.messages() == []
    with pytest.raises(Forbidden):
        actions.dismiss(noise, reason="x", actor=cast.ravi.actor)


def test_a_machine_gets_a_port_of_its_own(cast):
    head = pathologist(cast).actor
    told = {"protocol": "astm", "allow": ["10.0.0.7"], "actor": head}
    first = facilities.add_analyser(id=uuid7(), name="ERBA", **told)
    assert facilities.add_analyser(id=first.id, name="ERBA", **told).port == first.port
    second = facilities.add_analyser(id=uuid7(), name="Cell", **told)
    assert first.port != second.port
    for fault in ({"name": ""}, {"name": "ERBA"}, {"protocol": "usb"}, {"allow": ["nowhere"]}):
        with pytest.raises(Refused, match=r"analyser\."):
            facilities.add_analyser(**{"id": uuid7(), "name": "New", **told, **fault})
    facilities.remove_analyser(second.id, actor=head)
    assert [a.name for a in analysers.of_facility(cast.green.pk)] == ["ERBA"]
    with pytest.raises(Forbidden):
        facilities.add_analyser(id=uuid7(), name="X", **{**told, "actor": cast.ravi.actor})
