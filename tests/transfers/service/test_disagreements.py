"""Two countries that see a child's interests differently: nobody travels, both versions stay, people climb."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from cases.errors import RoleMayNot
from cases.rules.movement import HoldOnMovement
from cases.service import movement
from core.errors import BadInput, Incomplete, NotThere, WrongState
from core.outbox import OutboxRow
from tests.builders.transfers import Office, a_child_to_tell_of, a_draft, an_enquiry
from tests.conftest import NOON
from transfers.rules.disagreement import End, Rung
from transfers.service import closing, disagreements
from transfers.service.disagreements import DisagreementView, Entry, NewEntry
from transfers.store import transfers as store

OURS, THEIRS = "She is safe with her aunt.", "The aunt cannot keep her safe."


@dataclass
class Dispute:
    """A disagreement about an enquiry of ours that was answered."""

    office: Office
    case_id: str
    transfer_id: str
    id: str

    def view(self, *, now: Any = NOON) -> DisagreementView:
        """As the officers read it."""
        (found,) = disagreements.list_disagreements(
            self.office.session, self.office.writer, self.transfer_id, now=now
        )
        return found

    def write(self, kind: Entry, words: str = THEIRS, **more: Any) -> None:
        """Put something on record."""
        disagreements.put_on_record(
            self.office.session, self.office.writer, self.id, NewEntry(kind, words, **more), now=NOON
        )  # fmt: skip

    def climb(self, *, now: Any = NOON) -> Rung:
        """Take it one rung higher."""
        return disagreements.climb(self.office.session, self.office.second, self.id, now=now)

    def end(self, how: End) -> None:
        """The head ends it."""
        disagreements.end(
            self.office.session, self.office.head, self.id, how, "Agreed by telephone.", now=NOON
        )


@pytest.fixture
def dispute(zambia: Office) -> Dispute:
    team, ours, _ = an_enquiry(zambia)
    found = disagreements.begin(zambia.session, zambia.writer, ours, OURS, now=NOON)
    return Dispute(zambia, team.case_id, ours, found)


def holds(dispute: Dispute) -> list[HoldOnMovement]:
    found = movement.open_holds(dispute.office.session, dispute.case_id)
    return [hold.reason for hold in found]


@pytest.mark.rule("R42")
def test_nobody_travels_while_the_countries_disagree(dispute: Dispute) -> None:
    assert holds(dispute) == [HoldOnMovement.DISAGREEMENT]

    dispute.end(End.AGREED)

    assert holds(dispute) == []
    assert dispute.view().end is End.AGREED


def test_both_versions_stay_as_they_were_written(dispute: Dispute) -> None:
    dispute.write(Entry.THEIR_VIEW)

    said = [(one.kind, one.words) for one in dispute.view().entries]
    assert said == [(Entry.OUR_VIEW, OURS), (Entry.THEIR_VIEW, THEIRS)]


def test_it_climbs_only_with_what_each_rung_asks_for(dispute: Dispute) -> None:
    with pytest.raises(Incomplete) as early:
        dispute.climb()
    dispute.write(Entry.THEIR_VIEW)
    assert dispute.climb() is Rung.CASE_CONFERENCE
    with pytest.raises(Incomplete) as unheld:
        dispute.climb()
    dispute.write(Entry.MEETING, held_on=NOON.date())
    with pytest.raises(Incomplete) as unheard:
        dispute.climb()
    dispute.write(Entry.MEETING, held_on=NOON.date(), guardian_heard=True)

    assert dispute.climb() is Rung.SECRETARIAT_HEADS
    assert [[gap.code for gap in one.value.gaps] for one in (early, unheld, unheard)] == [
        ["disagreement_their_view_missing"],
        ["disagreement_meeting_missing", "disagreement_guardian_not_heard"],
        ["disagreement_guardian_not_heard"],
    ]


def test_silence_of_the_other_country_holds_nobody_up_for_ever(dispute: Dispute) -> None:
    due = dispute.view().due_at
    assert due is not None
    assert due.date() == date(
        2026, 3, 10
    )  # five working days; 9 March is kept as a holiday in Zambia

    assert dispute.view(now=due).is_late
    assert dispute.climb(now=due) is Rung.CASE_CONFERENCE


@pytest.mark.rule("R34")
def test_a_rung_whose_time_is_over_reminds_people_once_and_moves_nothing(dispute: Dispute) -> None:
    late = NOON + timedelta(days=30)
    session = dispute.office.session

    assert disagreements.remind(session, now=NOON, limit=9) == 0
    assert disagreements.remind(session, now=late, limit=9) == 1
    assert disagreements.remind(session, now=late, limit=9) == 0

    assert dispute.view().rung is Rung.WRITTEN_VIEWS
    (told,) = session.exec(select(OutboxRow).where(OutboxRow.topic == "disagreement.late")).all()
    assert OURS not in str(told.payload)
    assert told.payload["country"] == "ZM"  # and not whoever else's officers read here


def test_an_end_the_record_does_not_bear_out_is_refused(dispute: Dispute) -> None:
    for how, missing in (
        (End.SENDER_REOPENED_DETERMINATION, "disagreement_not_reopened"),
        (End.RECEIVER_CHANGED_ANSWER, "disagreement_answer_stands"),
        (End.REQUEST_TAKEN_BACK, "disagreement_request_stands"),
    ):
        with pytest.raises(Incomplete) as refused:
            dispute.end(how)
        assert [gap.code for gap in refused.value.gaps] == [missing]
    assert holds(dispute) == [HoldOnMovement.DISAGREEMENT]


def test_the_head_ends_it_and_nobody_else(dispute: Dispute) -> None:
    session = dispute.office.session
    with pytest.raises(RoleMayNot):
        disagreements.end(
            session, dispute.office.writer, dispute.id, End.AGREED, "We gave in.", now=NOON
        )
    dispute.end(End.AGREED)
    with pytest.raises(WrongState):
        dispute.climb()
    with pytest.raises(WrongState):
        dispute.write(Entry.THEIR_VIEW)


def test_one_disagreement_about_a_transfer_at_a_time(dispute: Dispute) -> None:
    office = dispute.office
    with pytest.raises(WrongState):
        disagreements.begin(office.session, office.writer, dispute.transfer_id, OURS, now=NOON)
    dispute.end(End.AGREED)

    again = disagreements.begin(office.session, office.writer, dispute.transfer_id, OURS, now=NOON)
    assert again != dispute.id


def test_nothing_to_disagree_about_before_anything_was_sent(zambia: Office) -> None:
    team = a_child_to_tell_of(zambia.session)
    transfer = a_draft(zambia, team)

    with pytest.raises(WrongState):
        disagreements.begin(zambia.session, zambia.writer, transfer, OURS, now=NOON)


def test_days_belong_to_meetings_that_were_held(dispute: Dispute) -> None:
    for kind, held_on in (
        (Entry.MEETING, None), (Entry.THEIR_VIEW, NOON.date()),
        (Entry.MEETING, NOON.date() + timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            dispute.write(kind, held_on=held_on)


def test_officers_of_another_country_find_nothing(dispute: Dispute, namibia: Office) -> None:
    with pytest.raises(NotThere):
        disagreements.put_on_record(
            dispute.office.session, namibia.writer, dispute.id,
            NewEntry(Entry.THEIR_VIEW, THEIRS), now=NOON,
        )  # fmt: skip


@pytest.mark.rule("R56")
def test_no_file_is_closed_over_a_disagreement(dispute: Dispute) -> None:
    row = store.find(dispute.office.session, dispute.transfer_id)
    assert row is not None

    assert closing.facts_of(dispute.office.session, row, now=NOON).disagreement_open
    dispute.end(End.AGREED)
    assert not closing.facts_of(dispute.office.session, row, now=NOON).disagreement_open
