"""What people try until a panel has decided: assessment, report, sitting."""

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import (
    rule,
)

from cases.rules.assessments import AssessmentKind
from cases.rules.children import Accompaniment, AgeBasis, Child, Names, Sex
from cases.rules.consent import NotAskedReason
from cases.rules.triggers import Trigger
from cases.service import (
    allocation,
    assessments,
    registration,
    reports,
    triggers,
)
from cases.service.forms import plain
from cases.tables.assessment import AssessmentRow
from panels.rules.attendance import Movement
from panels.rules.conflicts import Ground as ConflictGround
from panels.rules.deferral import Draft as Deferral
from panels.rules.deferral import Question
from panels.rules.determination import Action
from panels.rules.items import Invited
from panels.rules.outcomes import Support
from panels.rules.sittings import SittingMode, SittingType
from panels.service import (
    agenda,
    attendance,
    conflicts,
    deferrals,
    determinations,
    listing,
    papers,
    sittings,
    voting,
)
from panels.service.listing import Invitation
from panels.service.sittings import NewSitting
from panels.service.voting import Choice
from panels.tables.deferral import QuestionRow
from panels.tables.determination import DeterminationRow
from panels.tables.item import ItemRow
from tests.builders.assessments import a_report, an_assessment
from tests.builders.decided import a_decision
from tests.cases.machine_ground import OneCase, usually
from tests.cases.playing import EVERYBODY, SEATS, table_of

REASONS = "Heard the child again and read the whole file before answering."
A_GIRL = Child(
    names=Names(given="Amani"),
    sex=Sex.FEMALE,
    age_years=13,
    age_basis=AgeBasis.STATED,
    languages=("swa",),
    accompaniment=Accompaniment.SEPARATED,
)


class UntilTheDecision(OneCase):
    """Acts of the right and the wrong people before a decision is signed."""

    # ---- assessment -------------------------------------------------------------------------

    @rule(who=usually("worker"))
    def register(self, who: str) -> None:
        unwell = NotAskedReason.UNWELL
        self.about(who, registration.register_child, A_GIRL, not_asked=unwell)

    @rule(who=usually("supervisor"))
    def allocate(self, who: str) -> None:
        owner = self.play.people["worker"].person_id
        self.about(who, allocation.allocate, owner_person=owner)

    @rule(who=usually("worker"), kind=st.sampled_from(AssessmentKind), needs_panel=st.booleans())
    def assess(self, who: str, kind: AssessmentKind, needs_panel: bool) -> None:
        self.about(who, assessments.begin_assessment, kind)
        wish = {"considered": ("durable_solution",), "bid_required": True} if needs_panel else {}
        form = plain(an_assessment()) | wish
        found = self.newest(AssessmentRow, "no")
        self.about(who, assessments.save_assessment, found, form)
        self.about(who, assessments.submit_assessment, found)

    @rule(who=usually("supervisor"), yes=st.integers(0, 3))
    def answer_assessment(self, who: str, yes: int) -> None:
        found = self.newest(AssessmentRow, "no")
        if yes:
            self.about(who, assessments.approve_assessment, found)
        else:
            self.about(who, assessments.return_assessment, found, "Ask again about the aunt.")

    @rule(who=usually("supervisor"), trigger=st.sampled_from(Trigger), add=st.booleans())
    def add_or_waive_a_trigger(self, who: str, trigger: Trigger, add: bool) -> None:
        act = triggers.add_determination if add else triggers.waive_trigger
        self.about(who, act, trigger)

    # ---- report -----------------------------------------------------------------------------

    @rule(who=usually("supervisor", "coordinator"))
    def name_assessor(self, who: str) -> None:
        assessor = self.play.people["assessor"].person_id
        self.about(who, reports.name_assessor, assessor)

    @rule(who=usually("assessor"), whole=st.integers(0, 3))
    def write_report(self, who: str, whole: int) -> None:
        form = a_report() if whole else a_report(options=())
        self.about(who, reports.save_report, plain(form))
        self.about(who, reports.submit_report)

    @rule(who=usually("coordinator"), yes=st.integers(0, 3))
    def check_report(self, who: str, yes: int) -> None:
        if yes:
            self.about(who, reports.pass_report)
        else:
            self.about(who, reports.return_report, "Say more about the school.")

    # ---- sitting ----------------------------------------------------------------------------

    @rule(who=usually("secretary"))
    def list_case(self, who: str) -> None:
        new = NewSitting(
            SittingType.ORDINARY, SittingMode.IN_PERSON, self.play.now + timedelta(days=21), 120,
            "Africa/Lusaka", "Boma",
        )  # fmt: skip
        found = self.does(who, sittings.plan_sitting, self.play.court.panel_id, new)
        self.play.court.sitting_id = found or self.play.court.sitting_id
        invited = (Invitation(Invited.GUARDIAN), Invitation(Invited.INTERPRETER))
        sitting = self.play.court.sitting_id
        self.does(who, listing.list_case, sitting, self.play.case_id, invited=invited)
        self.does(who, sittings.convene_sitting, sitting)

    @rule(
        who=usually("chair"),
        absent=st.sets(st.sampled_from(SEATS), max_size=2),
        recused=st.sampled_from((None, None, None, *SEATS)),
    )
    def hear(self, who: str, absent: set[str], recused: str | None) -> None:
        """Come in, declare, call and deliberate, as far as it goes."""
        play, court, here = self.play, self.play.court, [s for s in SEATS if s not in absent]
        if play.rows(ItemRow, table_of(ItemRow).c.live_case.is_not(None)) and not absent:
            play.now += timedelta(days=21)
        for name in here:
            self.does(
                "secretary", attendance.record_movement, court.sitting_id, court.members[name], Movement.PRESENT
            )  # fmt: skip
        self.does(who, sittings.open_sitting, court.sitting_id)
        item = self.item()
        if recused:
            self.does(
                recused,
                conflicts.declare_conflict,
                item,
                ground=ConflictGround.RELATIVE,
                words="A niece.",
            )
        for name in here:
            self.does(name, papers.open_papers, item)
            self.does(name, conflicts.declare_none, item)
        self.does(who, agenda.call_item, item)
        self.does(who, agenda.open_deliberation, item)

    @rule(who=st.sampled_from(SEATS))
    def leave(self, who: str) -> None:
        court = self.play.court
        self.does(
            "secretary", attendance.record_movement, court.sitting_id, court.members[who], Movement.LEFT
        )  # fmt: skip

    @rule(
        others=st.dictionaries(
            st.sampled_from(EVERYBODY), st.sampled_from(("O1", "O2")), max_size=3
        )
    )
    def vote(self, others: dict[str, str]) -> None:
        for name in (*SEATS, *others):
            option = others.get(name, "O1")
            opinion = "" if option == "O1" else "I would wait."
            self.does(name, voting.cast_vote, self.item(), Choice(option, "", opinion=opinion))

    @rule(who=usually("chair"))
    def record(self, who: str) -> None:
        self.does(who, determinations.record_determination, self.item(), self._words())

    def _words(self) -> Any:
        day, worker = self.play.now.date(), self.play.people["worker"].person_id
        return a_decision(
            actions=(Action("Move to the relatives", worker, day + timedelta(days=10)),),
            support=Support(review_on=day + timedelta(days=60)),
            valid_until=day + timedelta(days=80),
        )

    @rule(
        names=st.lists(
            usually("chair", "deputy", "welfare", "police", "school"), min_size=1, max_size=5
        )
    )
    def sign(self, names: list[str]) -> None:
        pending = self.play.rows(
            DeterminationRow, table_of(DeterminationRow).c.id == self.decision()
        )
        for name in names:
            for row in pending:
                self.does(
                    name, determinations.sign_determination, row.id, content_hash=row.content_hash
                )

    @rule(who=usually("chair"))
    def correct_or_take_back(self, who: str) -> None:
        found = self.decision()
        self.does(who, determinations.correct_determination, found, self._words(), reason=REASONS)
        self.does(who, determinations.take_back_determination, found, reason=REASONS)

    @rule(who=usually("chair"))
    def defer(self, who: str) -> None:
        day = self.play.now.date() + timedelta(days=10)
        question = Question("Is the aunt willing?", self.play.people["worker"].person_id, day)
        wish = Deferral((question,), "With the foster family.", interim_care_is_safe=True)
        self.does(who, deferrals.defer_item, self.item(), wish)

    @rule(who=usually("worker"))
    def answer_questions(self, who: str) -> None:
        for row in self.play.rows(QuestionRow):
            self.does(who, deferrals.answer_question, row.id, "She is willing.")
        self.about(who, deferrals.return_answered)

    @rule(who=usually("secretary"), how=st.sampled_from(("withdraw", "end", "cancel")))
    def end_the_hearing(self, who: str, how: str) -> None:
        sitting = self.play.court.sitting_id
        if how == "withdraw":
            self.does(who, agenda.withdraw_item, self.item(), "new_facts")
        elif how == "end":
            self.does(who, sittings.end_sitting, sitting)
        else:
            self.does(who, sittings.cancel_sitting, sitting, "no_room")
