"""A child's decision over HTTP, from the votes to the first act; and every refusal on the way."""

import pytest

from cases.rules.access import Basis
from cases.rules.children import Relation
from cases.rules.reports import Outcome
from cases.service.links import link_children
from core.db import Database, Session
from panels.service import sittings
from tests.api.deciding import Story, a_wish, story, words
from tests.builders.assessments import an_option
from tests.builders.decided import (
    DECIDED,
    SIGNED,
    TOLD,
    WINDOW_OVER,
    in_force,
    ready,
    seen_by,
)
from tests.builders.sittings import Court, a_court, a_listed_item, a_sitting, in_deliberation
from tests.conftest import NOON

__all__ = ["story"]
NOBODY = "00000000-0000-4000-8000-00000000dead"


@pytest.mark.rule("R2", "R9", "R17", "R19", "R22")
def test_a_decision_from_the_votes_to_the_first_act(story: Story) -> None:
    story.begin()
    decision = story.record()
    assert not story.sign("police", "school")
    assert story.sign("chair")
    story.follow()
    assert story.state() == "bid_decided"

    note = story.done("worker", "GET", f"{decision}/child-note")["text"]
    assert "We listened to you." in note
    waits = story.done("worker", "GET", f"{story.case}/implementation")
    assert (waits["is_possible"], waits["missing"][0]["code"]) == (False, "child_not_told")
    story.done("worker", "POST", f"{decision}/talk", **story.tell())
    story.follow()
    read = story.done("guardian", "GET", f"{decision}/talk")
    assert (read["reaction"], read["told_at"][:10]) == ("agrees", TOLD.date().isoformat())

    story.at(WINDOW_OVER)
    assert story.done("worker", "GET", f"{story.case}/implementation")["is_possible"]
    begun = story.done("coordinator", "POST", f"{story.case}/implementation")
    assert decision.endswith(begun["id"])
    assert story.state() == "implementing"
    lines = story.done("worker", "GET", f"{story.case}/determinations")["decisions"]
    assert [(one["state"], one["is_current"], one["number"]) for one in lines] == [
        ("sealed", True, 1)
    ]


def test_whoever_sat_reads_votes_and_the_guardian_reads_reasons(story: Story) -> None:
    story.begin()
    decision = story.in_force()

    member = story.done("police", "GET", decision)
    guardian = story.done("guardian", "GET", decision)

    assert (member["made"]["votes_for"], len(member["made"]["signers"])) == (5, 3)
    assert guardian["made"] is None
    assert guardian["reasons"] == member["reasons"]


@pytest.mark.rule("R22")
def test_what_was_signed_is_proven_unchanged(story: Story) -> None:
    story.begin()
    decision = story.in_force()

    proof = story.done("guardian", "GET", f"{decision}/verification")

    assert proof["holds"]
    assert proof["sealed_hash"] == story.done("guardian", "GET", decision)["line"]["content_hash"]


@pytest.mark.rule("R9")
def test_nothing_is_carried_out_before_the_child_was_told(story: Story) -> None:
    story.begin()
    story.in_force()
    story.at(WINDOW_OVER)

    missing = story.refused(409, "coordinator", "POST", f"{story.case}/implementation")

    assert "child_not_told" in missing
    assert story.state() == "bid_decided"


@pytest.mark.rule("R9", "R10")
def test_a_talk_counts_only_with_everything_a_child_is_owed(story: Story) -> None:
    story.begin()
    decision = story.in_force()
    talk = story.tell(
        language="por", present=[], reaction_words="", note="", complaint_route_explained=False
    )

    missing = story.refused(409, "worker", "POST", f"{decision}/talk", **talk)

    assert missing == {
        "language_not_understood",
        "present_missing",
        "reaction_missing",
        "child_note_missing",
        "complaint_route_not_explained",
    }
    assert story.send("worker", "GET", f"{decision}/talk").status_code == 404


@pytest.mark.rule("R20")
def test_a_machine_records_signs_and_takes_back_nothing(story: Story) -> None:
    story.begin()
    story.vote()
    answer = story.send("machine", "POST", f"{story.item}/determination", **words())
    assert answer.status_code == 403
    made = story.done("chair", "POST", f"{story.item}/determination", **words())
    story.decision = f"/determinations/{made['id']}"
    seen = story.done("chair", "GET", story.decision)["line"]["content_hash"]

    sign, back = f"{story.decision}/signatures", f"{story.decision}/take-back"
    story.refused(403, "machine", "POST", sign, content_hash=seen)
    story.refused(403, "machine", "POST", back, reason="A machine would like to start anew.")

    assert story.done("chair", "GET", story.decision)["signatures"] == 0


@pytest.mark.rule("R22")
def test_a_signed_decision_is_corrected_by_a_new_version_only(story: Story) -> None:
    story.begin()
    decision = story.in_force()
    for method in ("PUT", "PATCH", "DELETE"):
        assert story.send("chair", method, decision, **words()).status_code == 405
    story.refused(409, "chair", "POST", f"{story.item}/determination", **words())
    story.refused(
        409, "chair", "POST", f"{decision}/take-back", reason="We would rather decide again today."
    )
    other = words(option_ref="O2", outcome="MAINTAIN_CURRENT_CARE", care_type=None)
    reason = "The interim care was described for the wrong family."

    missing = story.refused(
        409, "secretary", "POST", f"{decision}/corrections", decision=other, reason=reason
    )
    made = story.done(
        "secretary", "POST", f"{decision}/corrections",
        decision=words(interim_care="Stays with the family of the aunt."), reason=reason,
    )  # fmt: skip

    assert "correction_changes_decision" in missing
    new = story.done("chair", "GET", f"/determinations/{made['id']}")
    assert (new["line"]["number"], new["correction_reason"]) == (2, reason)
    assert story.done("chair", "GET", decision)["interim_care"].startswith("Stays with the present")
    assert story.done("chair", "GET", f"{decision}/verification")["holds"]


def test_an_unsigned_decision_is_taken_back_with_a_reason(story: Story) -> None:
    story.begin()
    decision = story.record()
    assert story.refused(409, "secretary", "POST", f"{decision}/take-back", reason="Wrong.") == {
        "take_back_reason_missing"
    }

    story.done(
        "secretary", "POST", f"{decision}/take-back", reason="Two of the signers left the service."
    )

    assert story.state() == "bid_ready"
    seen = story.done("worker", "GET", f"{story.case}/determinations")["decisions"]
    assert [one["state"] for one in seen] == ["taken_back"]


@pytest.mark.rule("R19")
@pytest.mark.parametrize("group", ["child_views", "safe_environment", "family", "development"])
def test_a_decision_that_is_silent_on_one_factor_group_is_not_recorded(
    story: Story, group: str
) -> None:
    story.begin()
    story.vote()
    reasons = {name: text for name, text in words()["reasons"].items() if name != group}

    answer = story.send("chair", "POST", f"{story.item}/determination", **words(reasons=reasons))

    assert [(one["code"], one["facts"]) for one in answer.json()["missing"]] == [
        ("reasons_missing", {"group": group})
    ]
    assert story.done("worker", "GET", f"{story.case}/determinations") == {"decisions": []}


@pytest.mark.rule("R19")
def test_a_decision_says_how_the_childs_views_weighed(story: Story) -> None:
    story.begin()
    story.vote()
    draft = words(views_weight="not_followed", views_explanation="No.", why_different="")

    missing = story.refused(409, "chair", "POST", f"{story.item}/determination", **draft)

    assert missing == {"views_weight_missing", "why_different_missing"}


@pytest.mark.rule("R11")
def test_nobody_decides_about_a_child_alone_without_guardian(story: Story) -> None:
    story.begin(guardian=False)
    story.vote()

    missing = story.refused(409, "chair", "POST", f"{story.item}/determination", **words())

    assert missing == {"guardian_or_adviser_missing"}


@pytest.mark.rule("R13")
def test_a_child_is_not_taken_from_its_carer_without_law_and_court(story: Story) -> None:
    def separating(session: Session) -> Court:
        options = (an_option(outcome=Outcome.SEPARATION_FROM_CARER), an_option("O2"))
        court = a_listed_item(session, a_sitting(session, a_court(session)), options=options)
        sittings.convene_sitting(session, court.secretary, court.sitting_id, now=NOON)
        return in_deliberation(session, court=court)

    story.begin(separating)
    story.vote()
    draft = words(outcome="SEPARATION_FROM_CARER")

    missing = story.refused(409, "chair", "POST", f"{story.item}/determination", **draft)
    made = story.send(
        "chair", "POST", f"{story.item}/determination",
        **draft, legal_authority="Section 171 of the Code", court_reference="LIV/CC/12/2026",
    )  # fmt: skip

    assert missing == {"legal_authority_missing", "court_reference_missing"}
    assert made.status_code == 201, made.text


@pytest.mark.rule("R17")
def test_a_quorum_lost_between_vote_and_recording_leaves_only_deferral(story: Story) -> None:
    story.begin()
    story.vote()
    for name in ("chair", "deputy"):
        story.done(
            "secretary", "POST", f"/sittings/{story.court.sitting_id}/attendance",
            member_id=story.court.members[name], movement="left",
        )  # fmt: skip

    answer = story.send("secretary", "POST", f"{story.item}/determination", **words())

    assert answer.status_code == 409, answer.text
    agenda = story.done("secretary", "GET", f"/sittings/{story.court.sitting_id}/items")
    assert [one["state"] for one in agenda] == ["lost_quorum"]
    assert story.done("worker", "GET", f"{story.case}/determinations") == {"decisions": []}
    story.done("secretary", "POST", f"{story.item}/deferral", **a_wish(story))
    assert story.state() == "bid_deferred"


@pytest.mark.rule("R2")
def test_a_decision_names_one_child_and_one_item_gives_one_decision(story: Story) -> None:
    story.begin()
    story.vote()
    path = f"{story.item}/determination"

    both = story.send("chair", "POST", path, **words(), case_ids=[story.case_id, NOBODY])
    story.done("chair", "POST", path, **words())
    again = story.send("chair", "POST", path, **words())

    assert (both.status_code, again.status_code) == (422, 409)
    assert len(story.done("worker", "GET", f"{story.case}/determinations")["decisions"]) == 1


@pytest.mark.rule("R32")
def test_brothers_and_sisters_go_different_ways_only_with_reasons_in_both_decisions(
    story: Story, database: Database
) -> None:
    story.begin()
    with database.unit_of_work() as session:
        sibling = in_force(session)
        seen_by(session, sibling, story.people["worker"], Basis.ASSESSOR)
        link_children(
            session, story.people["worker"], story.case_id,
            other_id=sibling.case_id, relation=Relation.SIBLING, now=DECIDED,
        )  # fmt: skip
    story.vote(**dict.fromkeys(story.court.people, "O2"))
    other_way = words(option_ref="O2", outcome="MAINTAIN_CURRENT_CARE", care_type=None)
    why = "The brothers asked, each alone, to stay where their schools are."

    missing = story.refused(409, "chair", "POST", f"{story.item}/determination", **other_way)
    made = story.done(
        "chair", "POST", f"{story.item}/determination", **other_way, sibling_reason=why
    )
    story.decision = f"/determinations/{made['id']}"
    story.at(SIGNED)
    assert not story.sign("chair", "deputy")
    seen = story.done("welfare", "GET", story.decision)["line"]["content_hash"]
    silent = story.refused(
        409, "welfare", "POST", f"{story.decision}/signatures", content_hash=seen
    )

    assert missing == {"sibling_reason_missing"}
    assert silent == {"sibling_decision_silent"}
    assert story.done("chair", "GET", story.decision)["line"]["state"] == "recorded"


def test_nobody_signs_unread_or_twice_or_without_having_decided(story: Story) -> None:
    story.begin()
    decision = story.record()
    sign = f"{decision}/signatures"
    seen = story.done("chair", "GET", decision)["line"]["content_hash"]
    story.sign("chair")

    twice = story.send("chair", "POST", sign, content_hash=seen)
    unread = story.send("deputy", "POST", sign, content_hash="0" * 64)
    outsider = story.send("worker", "POST", sign, content_hash=seen)

    codes = (twice.status_code, unread.status_code, outsider.status_code)
    assert codes == (403, 409, 403)
    sentences = {one.json()["detail"] for one in (twice, unread, outsider)}
    assert len(sentences) == 3
    assert not any("signer" in one or "signs_once" in one for one in sentences)


def test_two_people_record_at_once_and_the_one_who_read_before_is_told(story: Story) -> None:
    story.begin()
    story.vote()

    answer = story.send("chair", "POST", f"{story.item}/determination", version=99, **words())

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale-write")


def test_a_stranger_finds_nothing_of_a_decision(story: Story) -> None:
    story.begin()
    decision = story.told()
    nothing = story.send("stranger", "GET", f"/determinations/{NOBODY}").json()["detail"]

    for method, path, body in (
        ("GET", decision, {}),
        ("GET", f"{decision}/verification", {}),
        ("GET", f"{decision}/talk", {}),
        ("GET", f"{decision}/child-note", {}),
        ("POST", f"{decision}/signatures", {"content_hash": "0" * 64}),
        ("POST", f"{decision}/talk", story.tell()),
        ("GET", f"{story.case}/determinations", {}),
        ("GET", f"{story.case}/implementation", {}),
        ("GET", f"{story.case}/movement-gate", {}),
        ("GET", f"{story.case}/deferrals", {}),
        ("POST", f"{story.case}/implementation", {}),
    ):
        answer = story.send("stranger", method, path, **body)
        assert (answer.status_code, answer.json()["detail"]) == (404, nothing), f"{method} {path}"


def test_the_movement_gate_shows_what_forbids_a_journey(story: Story) -> None:
    story.begin()
    story.told()

    gate = story.done("coordinator", "GET", f"{story.case}/movement-gate")

    assert not gate["is_possible"]
    assert "move_without_decision" in {one["code"] for one in gate["missing"]}
    assert all(one["detail"].endswith(".") for one in gate["missing"])


def test_the_full_panel_alone_decides_where_the_country_says_so(story: Story) -> None:
    story.begin(ready, guardian=True)
    path = f"{story.case}/simplified-determination"
    body = {
        "decision": words(),
        "other_people": [story.people["deputy"].person_id],
        "child_objects": False,
        "both_sides_willing": True,
        "parents_verified": True,
        "no_concern_above_medium": True,
    }

    missing = story.refused(409, "chair", "POST", path, **body)
    story.done("guardian", "POST", f"{story.case}/full-panel", by="guardian")
    in_anothers_name = story.send("worker", "POST", f"{story.case}/full-panel", by="guardian")

    assert "simplified_not_allowed" in missing
    assert in_anothers_name.status_code == 403
