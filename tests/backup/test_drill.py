"""A lost machine: nothing that was acknowledged may be missing afterwards."""

import pytest

from bhavya.backup import drill


@pytest.mark.drill
def test_no_acknowledged_row_is_lost():
    report = drill.run(seconds=2.0)
    assert report["acknowledged"] > 20
    assert report["missing"] == 0
    assert report["written_but_not_acknowledged"] <= 1  # the one that was on its way
    assert report["point_in_time"]["exact"]
    assert report["papers_back"]
