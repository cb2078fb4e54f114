"""Every message anybody is told has a sentence, whoever posts it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.problems.notices import OTHERWISE, TYPES, WORDS, words_for
from cases.rules.clocks import ClockCode
from transfers.rules.codes import MessageType

ROOT = Path(__file__).resolve().parents[2]
NOT_SHOWN = {"mail"}


def topics() -> set[str]:
    """Every topic in the code: given by keyword, by a constant, or to a function that tells."""
    found: set[str] = set()
    for folder in ("cases", "panels", "transfers", "core"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(_in_module(ast.parse(path.read_text())))
    return found - NOT_SHOWN


def _in_module(tree: ast.Module) -> Iterator[str]:
    constants = {
        node.target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    tells = {
        node.name: [one.arg for one in node.args.args].index("topic")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and "topic" in [one.arg for one in node.args.args]
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        given = [one.value for one in node.keywords if one.arg == "topic"]
        if isinstance(node.func, ast.Name) and node.func.id in tells:
            given.append(node.args[tells[node.func.id]])
        for value in given:
            for leaf in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                if isinstance(leaf, ast.Constant):
                    yield leaf.value
                elif isinstance(leaf, ast.Name) and leaf.id in constants:
                    yield constants[leaf.id]


def test_every_message_has_words_and_no_words_are_left_over() -> None:
    assert len(topics()) > 15
    assert topics() == set(WORDS)


@pytest.mark.parametrize("topic", sorted(WORDS))
def test_a_notice_is_whole_without_facts_and_says_nothing_general(topic: str) -> None:
    said = words_for(topic, {})

    assert "{" not in said
    assert said.endswith(".")
    assert said != OTHERWISE


def test_a_notice_names_its_day() -> None:
    assert "9 March 2026" in words_for("deferral.question", {"due_on": "2026-03-09"})


def test_a_notice_says_in_words_what_another_country_wrote_and_about_which_transfer() -> None:
    facts = {"type": "ENQUIRY_REPLY", "ref": "T1", "from": "NA.mgepesw"}
    said = words_for("transfer.message_came", facts)
    older = words_for("transfer.message_came", {"type": "ENQUIRY_REPLY"})

    assert said.startswith("NA.mgepesw wrote about T1: an answer to our enquiry.")
    assert older.startswith("Another country wrote about a child: an answer to our enquiry.")
    assert set(TYPES) == set(MessageType)


@pytest.mark.parametrize("code", list(ClockCode))
def test_a_time_limit_is_named_in_words_and_says_how_far_it_has_come(code: ClockCode) -> None:
    early = words_for("deadline.reached", {"code": code.value, "level": 75})
    over = words_for("deadline.reached", {"code": code.value, "level": 100})
    late = words_for("deadline.reached", {"code": code.value, "level": 150})

    assert code.value not in early
    assert early.endswith("”: 75 % of its time have passed. Open the case.")
    assert "its time is over. Open" in over
    assert "its time is over, and 50 % of it have passed since" in late


def test_days_and_hours_are_told_as_people_write_them_with_their_clock() -> None:
    told = words_for("sitting.tomorrow", {"starts_at": "2026-03-30T09:00:00+02:00"})
    window = words_for("appeal.window_opened", {"ends_at": "2026-04-13"})

    assert told == "Your panel meets within a day, Monday, 30 March 2026, 09:00 (UTC+02:00)."
    assert window == "A decision was explained. An appeal is possible until 13 April 2026."
