"""The whole demo, small: a province of a few panels, run as an operator runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.province.caseload import make_children
from cli.province.refusals import Refused, Register
from cli.province.stories import SPECIAL, Story

CHILDREN = 15


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What `bid demo --json` says about fifteen children."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    command = [
        sys.executable, "-m", "cli", "demo", "--json", "--children", str(CHILDREN), "--data", str(folder),
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_every_child_of_the_small_province_reaches_the_end_of_her_story(summary: dict) -> None:
    assert summary["children"] == CHILDREN
    assert sum(summary["by_state"].values()) == CHILDREN
    assert sum(summary["by_story"].values()) == CHILDREN
    assert sum(sum(row.values()) for row in summary["by_sex_and_age"].values()) == CHILDREN
    assert summary["by_state"]["closed"] + len(summary["waiting"]) == CHILDREN
    assert summary["by_state"]["transferred_out"] == 1


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_what_must_be_refused_was_refused_for_its_rule(summary: dict) -> None:
    met = {rule for refusal in summary["refusals"] for rule in refusal["rules"]}

    assert {"R3", "R9", "R14", "R17", "R18", "R21", "R26", "R33", "R42"} <= met


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_every_transfer_of_the_demo_is_signed_for_and_both_countries_tell_the_same(
    summary: dict,
) -> None:
    transfers = {one["title"]: one for one in summary["transfers"]}
    ends = {title: one["states"] for title, one in transfers.items()}
    received = transfers["to an aunt: accepted, travelled, received"]

    assert ends["to an aunt: accepted, travelled, received"] == {"ZM": "received", "NA": "received"}
    assert ends["declined"] == {"ZM": "declined", "NA": "declined"}
    assert set(ends["stands still: an asylum claim"]) == {"ZM"}
    assert [one["type"] for one in received["messages"]] == [
        "REQUEST", "ACK", "ACCEPT", "PACKAGE", "TRAVEL_PLAN", "TRAVEL_CONFIRM", "HANDOVER_NOTICE", "RECEIPT",
    ]  # fmt: skip
    assert all(one["receipts"][:2] == ["received", "admitted"] for one in received["messages"])
    assert "line broken 1 times" in received["notes"][0]
    assert all(one["holds"] for one in summary["evidence"])
    assert len(summary["evidence"]) == 3


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.timeout(900)
def test_the_numbers_of_the_summary_add_up(summary: dict) -> None:
    counts = summary["counts"]

    assert counts["decisions"] == counts["children told"] == counts["signatures"] / 3
    assert counts["items"] == counts["decisions"] + counts["deferrals"] + counts["lost quorums"]
    assert counts["closed"] == summary["by_state"]["closed"]
    assert counts["minutes"] == counts["sittings"]
    assert counts["appeals"] == counts["appeals heard by others"]
    assert summary["audit"]["holds"]
    assert summary["audit"]["rows"] > summary["requests"]
    assert sum(summary["prefect"].values()) > 0


def test_a_month_of_the_province_has_the_shares_of_the_sources() -> None:
    children = make_children(100)

    girls = sum(child.sex == "female" for child in children)
    siblings = 2 * sum(child.sibling_of is not None for child in children)
    deferred = sum(child.story in {Story.DEFERRED, Story.DEFERRED_TWICE} for child in children)
    recused = sum(child.story is Story.RECUSAL for child in children)

    assert (girls, siblings, deferred, recused) == (54, 30, 15, 5)
    assert set(SPECIAL) <= {child.story for child in children}
    assert len({child.district.code for child in children}) == 10


def test_brothers_and_sisters_come_from_one_family_and_one_district() -> None:
    children = make_children(60)

    pairs = [(one, children[one.sibling_of]) for one in children if one.sibling_of is not None]

    assert pairs
    assert all(
        one.family == other.family and one.district == other.district for one, other in pairs
    )
    assert all(one.age < other.age for one, other in pairs)


def test_the_same_province_comes_out_each_time() -> None:
    assert make_children(30) == make_children(30)


def test_a_refusal_is_shown_with_the_rule_its_code_stands_for() -> None:
    register = Register()
    problem = {
        "type": "/problems/incomplete",
        "title": "Incomplete",
        "missing": [{"code": "third_deferral"}],
    }

    found = register.note("A third deferral", Refused("POST", "/x", 409, problem))

    assert found.rules == ("R21",)
    assert register.by_rule() == {"R21": 1}
