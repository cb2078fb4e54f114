"""Explanations are true: static codes equal the rules tried by brute force, and what would help does."""

import copy
import re
import time
from random import Random
from typing import Any

import pytest

from benchmarks.instances.changes import replanned, with_overrides
from benchmarks.instances.kinds import KINDS
from panels.planning.answers.help import what_would_help
from panels.planning.answers.told import cannot_be_in_time, explained
from panels.planning.answers.what_if import what_if
from panels.planning.answers.why import Asking, Reason
from panels.planning.answers.words import ENGLISH, retold, said, sentence, told
from panels.planning.reading.whole import instance_of
from panels.planning.solving.first import first_plan
from panels.planning.solving.planner import Effort, make_plan
from panels.planning.world.scoring import numbers
from panels.planning.world.units import Ground
from panels.planning.world.world import World
from panels.service.plan_words import plan_words, spoken
from tests.builders.plans import a_case, an_instance, asking, planned
from tests.panels.planning import oracle

SMALL = {
    "district-month": 0.5,
    "overloaded": 0.2,
    "cross-border": 0.15,
    "region": 0.1,
    "mass": 0.01,
}


def first_asked(document: dict[str, Any]) -> Asking:
    return Asking(first_plan(Ground(World(instance_of(document)))))


def stirred(document: dict[str, Any], seed: int) -> dict[str, Any]:
    """Make every rule matter: leave, holidays, rooms away, long cases, things fixed by hand."""
    found = copy.deepcopy(document)
    chance = Random(seed)
    slots = found["slots"]
    for room in found["rooms"]:
        one = chance.choice(slots)
        room["unavailable"].append([one["start"], one["end"]])
    for member in found["members"]:
        for one in chance.sample(slots, min(len(slots), len(slots) // 4)):
            member["unavailable"].append([one["start"], one["end"]])
        member["seat"] = f"{member['panels'][0]}-{chance.randrange(4)}"
    for case in chance.sample(found["cases"], len(found["cases"]) // 3):
        case["minutes"] = chance.choice((60, 150, 400))
        case["language"] = chance.choice((None, "swa", "som"))
        mine = [one["id"] for one in found["members"] if set(one["panels"]) & set(case["panels"])]
        case["recused"] = [
            {"member": m, "reason": "x"} for m in chance.sample(mine, min(3, len(mine)))
        ]
    pick = chance.sample(slots, 4)
    member = chance.choice(found["members"])["id"]
    found["overrides"] = [
        {"type": "slot_closed", "slot": pick[0]["id"]},
        {"type": "member_out", "slot": pick[1]["id"], "member": member},
        {"type": "member_in", "slot": pick[2]["id"], "member": member},
    ]
    return found


@pytest.mark.parametrize("kind", list(SMALL))
@pytest.mark.parametrize("seed", range(3))
def test_static_codes_are_exactly_the_rules_at_every_slot(kind: str, seed: int) -> None:
    document = stirred(KINDS[kind](seed, SMALL[kind]), seed)
    ground = Ground(World(instance_of(document)))
    chance = Random(seed)
    cases = chance.sample(range(len(document["cases"])), min(6, len(document["cases"])))
    slots = chance.sample(range(len(document["slots"])), min(40, len(document["slots"])))

    different = {}
    closed = set()
    for case in cases:
        for slot in slots:
            found = {code.value for code in ground.closed.codes(case, slot)}
            tried = oracle.codes(
                document, document["cases"][case]["id"], document["slots"][slot]["id"]
            )
            closed |= tried
            if found != tried:
                different[case, slot] = (found, tried)

    assert different == {}
    assert {"quorum", "release"} <= closed


def test_a_notified_case_may_stay_inside_the_notice_period_and_no_other() -> None:
    document = KINDS["district-month"](2, 1)
    later = replanned(document, planned(document), 1)
    ground = Ground(World(instance_of(later)))

    for case in range(len(later["cases"])):
        for slot in range(len(later["slots"])):
            found = {code.value for code in ground.closed.codes(case, slot)}
            assert found == oracle.codes(
                later, later["cases"][case]["id"], later["slots"][slot]["id"]
            )


@pytest.mark.parametrize("kind", ["district-month", "overloaded", "cross-border", "region", "mass"])
def test_every_earlier_slot_has_a_reason_in_words(kind: str) -> None:
    document = KINDS[kind](1, SMALL[kind])
    asked = first_asked(document)

    for case in range(0, len(document["cases"]), 3):
        place = asked.draft.place.get(asked.ground.unit_of[case])
        for why in asked.before(case, place) if place is not None else ():
            assert why.reasons
            assert all(said(one) for one in why.reasons)


def test_a_case_at_its_place_or_on_a_full_agenda_says_so() -> None:
    cases = [a_case(f"c{n}", minutes=50) for n in range(4)]
    asked = asking(an_instance(cases=cases))
    place = asked.draft.place[asked.ground.unit_of[0]]
    other = next(c for c in range(4) if asked.draft.place[asked.ground.unit_of[c]] != place)

    assert [one.code for one in asked.why(0, place).reasons] == ["here"]
    full = asked.why(other, place).reasons
    assert full[0].code == "agenda_full"
    assert "c0" in full[0].facts["cases"]


def test_a_quorum_reason_names_the_requirement_and_who_is_missing_and_why() -> None:
    document = an_instance(cases=[a_case("c1", recused=[{"member": "deputy", "reason": "x"}])])
    document["members"][0]["unavailable"] = [
        ["2026-01-12T00:00:00+02:00", "2026-01-13T00:00:00+02:00"]
    ]
    asked = asking(document)

    (reason,) = [one for one in asked.why(0, 0).reasons if one.code == "quorum_require"]

    assert reason.facts["wanted"] == "chair or deputy"
    assert reason.facts["absent"] == "chair (away), deputy (recused)"


def test_a_sibling_that_cannot_come_is_named() -> None:
    away = {"cannot": [["2026-01-12T00:00:00+02:00", "2026-01-13T00:00:00+02:00"]], "prefer": []}
    asked = asking(
        an_instance(cases=[a_case("c1", group="g"), a_case("c2", group="g", attendance=away)])
    )

    (reason,) = asked.why(0, 0).reasons

    assert reason.code == "sibling"
    assert reason.facts["sibling"] == "c2"


def test_what_would_help_is_true_when_tried() -> None:
    document = an_instance(cases=[a_case("c1", recused=[{"member": "deputy", "reason": "x"}])])
    document["members"][0]["unavailable"] = [
        ["2026-01-12T00:00:00+02:00", "2026-01-16T00:00:00+02:00"]
    ]
    asked = asking(document)
    place = asked.draft.place[0]
    assert place == 2

    helping = what_would_help(asked, 0, place)

    assert {(one.code, one.facts["member"], one.facts["slot"]) for one in helping} == {
        ("release_member", "chair", "s1"),
        ("release_member", "chair", "s2"),
    }
    document["members"][0]["unavailable"] = []
    assert asking(document).ground.closed.codes(0, 0) == frozenset()


def test_waiving_the_notice_helps_only_once_the_case_is_ready() -> None:
    document = an_instance(cases=[a_case("c1", released="2026-01-13T08:00:00+02:00")])
    asked = asking(document)

    helping = what_would_help(asked, 0, asked.draft.place[0])

    assert [(one.code, one.facts["slot"]) for one in helping] == [("waive_notice", "s2")]


def test_what_if_tells_the_difference_in_the_six_numbers() -> None:
    document = an_instance(
        cases=[a_case("c1", deadline="2026-01-13T12:00:00+02:00"), a_case("c2")],
    )
    plan = make_plan(instance_of(document), Effort(1))
    found = what_if(instance_of(document), numbers(plan.draft), "c1", "s4", effort=Effort(1))

    assert found.difference["tardiness"] == 5 * 8
    assert found.difference["unscheduled"] == 0


def test_what_if_something_fixed_stands_against_it_says_so() -> None:
    document = an_instance(overrides=[{"type": "slot_closed", "slot": "s4"}])
    plan = make_plan(instance_of(document), Effort(1))

    found = what_if(instance_of(document), numbers(plan.draft), "c1", "s4", effort=Effort(1))

    assert {one.slot for one in found.conflict} == {"s4"}
    assert found.difference == {}


def test_cases_that_cannot_be_in_time_are_known_before_planning() -> None:
    document = an_instance(cases=[a_case("c1", deadline="2026-01-12T08:00:00+02:00"), a_case("c2")])

    found = cannot_be_in_time(asking(document))

    assert [case for case, _ in found] == [0]


def test_a_moved_case_is_told_with_the_rule_that_forced_it() -> None:
    document = an_instance()
    plan = planned(document)
    (sitting,) = plan["sittings"]
    document["previous"] = {
        "sittings": [
            {
                "slot": sitting["slot"],
                "members": sitting["members"],
                "cases": [{"case": one["case"], "notified": True} for one in sitting["agenda"]],
            }
        ]
    }
    assert planned(document)["changes"] == []

    day = next(one["start"][:10] for one in document["slots"] if one["id"] == sitting["slot"])
    document["holidays"] = [{"country": "ZM", "date": day, "name": "decreed"}]
    moved = planned(document)

    assert moved["objective"]["notified_moves"] == 3
    assert all("holiday" in one["reason"]["code"] for one in moved["changes"])


def test_a_case_is_explained_in_less_than_fifty_milliseconds() -> None:
    document = KINDS["district-quarter"](1, 1)
    asked = first_asked(document)
    begun = time.process_time()

    for case in range(len(document["cases"])):
        explained(asked, case, None)

    assert (time.process_time() - begun) / len(document["cases"]) < 0.05


def test_every_code_of_a_reason_has_words() -> None:
    fixed = with_overrides(KINDS["district-month"](3, 1), planned(KINDS["district-month"](3, 1)), 1)
    asked = first_asked(fixed)
    said_codes = {
        one.code
        for case in range(len(fixed["cases"]))
        for slot in range(len(fixed["slots"]))
        for one in asked.why(case, slot).reasons
    }

    assert said_codes
    assert said_codes <= set(ENGLISH)


def test_a_reason_is_kept_with_what_its_sentence_was_made_of_and_told_again_in_other_words() -> (
    None
):
    kept = told(
        Reason("moved_sitting"), Reason("room_taken", {"sittings": "s1"}), code="room_taken"
    )
    french = plan_words("fr-CD").told

    again = retold({"changes": [{"case": "c", "reason": kept}]}, french)["changes"][0]["reason"]

    assert kept["code"] == again["code"] == "room_taken"
    assert (
        again["text"]
        == f"{french['moved_sitting']} {sentence('room_taken', {'sittings': 's1'}, french)}"
    )
    assert again["text"] != kept["text"]
    assert "because" not in again


def test_what_was_kept_without_facts_is_told_as_it_was() -> None:
    assert (
        retold({"code": "room", "text": "as before"}, plan_words("pt").told)["text"] == "as before"
    )


def test_every_language_has_every_sentence_with_the_same_facts() -> None:
    def facts(text: str) -> list[str]:
        return sorted(re.findall(r"\{(\w+)\}", text))

    english = spoken()["en"]

    assert set(spoken()) == {"en", "es", "fr", "pt"}
    for words in spoken().values():
        for ours, theirs in ((english.told, words.told), (english.checked, words.checked)):
            assert {code: facts(text) for code, text in theirs.items()} == {
                code: facts(text) for code, text in ours.items()
            }
