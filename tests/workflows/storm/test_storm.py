"""Seven children between two countries, a bad line, power cuts and wrong clocks: nobody is lost, doubled, or moved unasked.

The large run (1,000 transfers) is ``benchmarks/storm.py``.
"""

from pathlib import Path

import pytest

from tests.workflows.storm.afterwards import found_after
from tests.workflows.storm.officers import Course
from tests.workflows.storm.running import a_storm, rage, settle

CHILDREN = len(Course)
KILLS = 2


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.rule("R33")
@pytest.mark.rule("R37")
@pytest.mark.rule("R51")
@pytest.mark.threat("TT40")
@pytest.mark.threat("TT41")
@pytest.mark.threat("TT46")
def test_a_storm_between_two_countries_loses_doubles_and_moves_nobody(tmp_path: Path) -> None:
    storm = a_storm(tmp_path, seed=20260302)
    try:
        storm.start()
        ended = rage(storm, CHILDREN, KILLS, seconds=240)
        rested = settle(storm, seconds=100)

        found = found_after(storm.zambia.database, storm.namibia.database, storm.people.children)
        assert (ended, rested) == (True, True)
        assert found.is_unharmed, found
        assert found.tokens > CHILDREN * 8  # each side keeps its own and the other's
        assert sum(process.kills for process in storm.victims) == KILLS
        assert storm.people.refused.total() >= 5
        assert not storm.people.refused["went through"]
        assert {name for name in storm.faults if name != "passed"}
    finally:
        storm.close()
