"""Power cuts: processes are killed at random moments, and nothing is stuck, repeated or untrue after.

The large run (200 procedures, API, workers and Prefect's server apart) is ``benchmarks/kill.py``.
"""

import random
from pathlib import Path

import pytest

from tests.workflows.killing import (
    Aftermath,
    a_site,
    act_under_fire,
    aftermath,
    at_rest,
    free_port,
    wait_until,
)

CASES = 12
KILLS = 3


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.timeout(240)
@pytest.mark.rule("R34")
def test_killed_office_leaves_no_case_stuck_and_repeats_nothing(tmp_path: Path) -> None:
    site = a_site(tmp_path / "office")
    site.add("serve", "serve", "--port", str(free_port()))
    try:
        site.processes[0].start()
        cases = act_under_fire(site, CASES, KILLS, random.Random(20260302))
        rested = wait_until(lambda: at_rest(site), 120)

        assert site.processes[0].kills == KILLS
        assert rested
        assert aftermath(site, cases) == Aftermath(stuck=0, repeated=0, chain_holds=True)
    finally:
        site.close()
