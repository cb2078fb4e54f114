"""Whatever anybody tries in whatever order, no case is carried out, closed or moved past its rules.

People with the right and the wrong roles act at random, and the procedure takes its steps in any order
and twice. What is stored is then read past every service and judged by what the domain notes say.
"""

import os
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases.rules.assessments import AssessmentKind
from cases.rules.children import Accompaniment, AgeBasis, Child, Names, Sex
from cases.rules.closing import ClosureReason, ReopeningReason
from cases.rules.consent import NotAskedReason
from cases.rules.machine import TRANSITIONS, CaseState, Step
from cases.rules.participation import PlanVoice
from cases.rules.placements import CareType, EndReason, NoFamilyCare
from cases.rules.triggers import Trigger
from cases.service import (
    allocation,
    assessments,
    closing,
    emergency,
    holding,
    placements,
    plan_actions,
    plans,
    registration,
    reopening,
    reports,
    triggers,
)
from cases.service import procedure as case_steps
from cases.service.forms import plain
from cases.service.placements import PlacementRequest
from cases.tables.assessment import AssessmentRow
from cases.tables.case_file import CaseRow
from cases.tables.clock import DeadlineRow
from cases.tables.emergency import EmergencyActionRow
from cases.tables.history import CaseHistoryRow
from cases.tables.placement import PlacementRow
from cases.tables.plan import PlanActionRow
from cases.tables.task import TaskRow
from core import audit
from panels.rules.appeal import AppealBy, Result
from panels.rules.appeal import Draft as Appeal
from panels.rules.attendance import Movement
from panels.rules.conflicts import Ground as ConflictGround
from panels.rules.deferral import Draft as Deferral
from panels.rules.deferral import Question
from panels.rules.determination import Action
from panels.rules.items import Invited
from panels.rules.outcomes import Support
from panels.rules.review import Conclusion, Ground, Request
from panels.rules.sittings import SittingMode, SittingType
from panels.service import (
    agenda,
    appeal_results,
    appeals,
    attendance,
    communication,
    conflicts,
    deferrals,
    determinations,
    implementation,
    listing,
    papers,
    reviews,
    sittings,
    voting,
)
from panels.service import procedure as panel_steps
from panels.service.appeal_results import Ruling
from panels.service.listing import Invitation
from panels.service.reviews import Finding
from panels.service.sittings import NewSitting
from panels.service.voting import Choice
from panels.tables.appeal import AppealRow
from panels.tables.communication import CommunicationRow
from panels.tables.deferral import QuestionRow
from panels.tables.determination import DeterminationRow, SignatureRow
from panels.tables.item import ItemRow
from panels.tables.review import ReviewRow
from tests.builders.assessments import a_report, an_assessment
from tests.builders.case_life import a_closing, a_hold, an_emergency
from tests.builders.decided import a_decision, a_talk
from tests.cases.playing import BEGINNINGS, EVERYBODY, SEATS, Play, beginning, table_of

FUZZ = int(os.environ.get("BID_FUZZ", "1"))  # how many times longer than at a desk
S = CaseState
REASONS = "Heard the child again and read the whole file before answering."
A_GIRL = Child(
    names=Names(given="Amani"),
    sex=Sex.FEMALE,
    age_years=13,
    age_basis=AgeBasis.STATED,
    languages=("swa",),
    accompaniment=Accompaniment.SEPARATED,
)
STEPS = (
    case_steps.open_assessment_clocks, case_steps.settle_assessment, case_steps.offer_for_listing,
    case_steps.begin_plan, case_steps.enter_follow_up, case_steps.plan_visits, panel_steps.call_to_sitting,
    panel_steps.follow_deferral, panel_steps.enter_decision, panel_steps.open_appeal_window,
)  # fmt: skip
WAITS = (timedelta(minutes=5), timedelta(days=1), timedelta(days=12), timedelta(days=45))

HEARD: dict[str, Any] = {"who": "chair", "absent": frozenset(), "recused": None}
SIGNERS = ["chair", "deputy", "welfare"]
# The acts of the right people in each state, in order.
DUE: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    S.IDENTIFIED: (("register", {"who": "worker"}),),
    S.REGISTERED: (("allocate", {"who": "supervisor"}),),
    S.REOPENED: (("allocate", {"who": "supervisor"}),),
    S.BIA_IN_PROGRESS: (
        ("assess", {"who": "worker", "kind": AssessmentKind.COMPREHENSIVE, "needs_panel": True}),
        ("answer_assessment", {"who": "supervisor", "yes": 1}),
    ),
    S.PLANNED: (("agree_plan", {"who": "supervisor"}),),
    S.BID_REQUIRED: (("name_assessor", {"who": "supervisor"}),),
    S.BID_REPORT_DRAFT: (("write_report", {"who": "assessor", "whole": 1}),),
    S.BID_QUALITY_CHECK: (("check_report", {"who": "coordinator", "yes": 1}),),
    S.BID_READY: (("list_case", {"who": "secretary"}), ("hear", HEARD)),
    S.BID_LISTED: (("hear", HEARD),),
    S.BID_IN_SITTING: (
        ("vote", {"others": {}}),
        ("record", {"who": "chair"}),
        ("sign", {"names": SIGNERS}),
    ),
    S.BID_DEFERRED: (("answer_questions", {"who": "worker"}),),
    S.BID_DECIDED: (("tell", {"who": "worker", "language": "swa"}),),
    S.COMMUNICATED: (
        ("waive", {"who": "guardian", "asked": True}),
        ("begin_to_carry_out", {"who": "coordinator"}),
    ),
    S.UNDER_APPEAL: (("rule_on_appeal", {"who": "body", "result": Result.UPHELD}),),
    S.IMPLEMENTING: (("finish_actions", {"who": "worker"}),),
    S.FOLLOW_UP: (
        ("ask_to_close", {"who": "worker", "reason": ClosureReason.GOAL_MET}),
        ("answer_closing", {"who": "supervisor", "yes": 1}),
    ),
    S.ON_HOLD: (("hold_or_resume", {"who": "worker", "resume": True}),),
    S.CLOSED: (
        (
            "reopen",
            {"who": "supervisor", "reason": ReopeningReason.PLACEMENT_BROKE_DOWN},
        ),
    ),
}


def usually(*names: str) -> st.SearchStrategy[str]:
    """Mostly the people whose act it is, often somebody else."""
    return st.sampled_from((*(names * (len(EVERYBODY) // len(names))), *EVERYBODY))


class Procedure(RuleBasedStateMachine):
    """One child's case in the hands of people who try everything."""

    seen: ClassVar[Counter[str]] = Counter()

    @initialize(where=st.sampled_from(tuple(BEGINNINGS)))
    def begin(self, where: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.play = Play(beginning(where), Path(self._folder.name))
        self.read = len(self.history())

    def teardown(self) -> None:
        if not hasattr(self, "play"):
            return
        with self.play.database.unit_of_work() as session:
            verdict = audit.verify_database(session)
        self.play.database.dispose()
        self._folder.cleanup()
        assert verdict.holds, f"the audit chain breaks at {verdict.first_bad}: {verdict.reason}"
        assert verdict.rows > 0

    # ---- what is stored ---------------------------------------------------------------------

    def history(self) -> list[Any]:
        return self.play.rows(CaseHistoryRow, order=table_of(CaseHistoryRow).c.n)

    def case(self) -> Any:
        table = table_of(CaseRow)
        with self.play.database.engine.connect() as connection:
            return connection.execute(table.select().where(table.c.id == self.play.case_id)).one()

    def newest(self, table: Any, order: str, *wanted: Any) -> str:
        """The id of the newest row of this case, or of nothing."""
        found = self.play.rows(table, *wanted, order=table_of(table).c[order].desc())
        return found[0].id if found else "0" * 36

    def item(self) -> str:
        return self.newest(ItemRow, "listed_at")

    def decision(self) -> str:
        return self.newest(DeterminationRow, "recorded_at")

    # ---- people and the clock ---------------------------------------------------------------

    def does(self, who: str, act: Any, *given: Any, **named: Any) -> Any:
        """Let a person try something about this case; every service takes the case or a thing of it first."""
        return self.play.attempt(act, self.play.people[who], *given, **named)

    def about(self, who: str, act: Any, *given: Any, **named: Any) -> Any:
        return self.does(who, act, self.play.case_id, *given, **named)

    @rule(by=st.sampled_from(WAITS))
    def wait(self, by: timedelta) -> None:
        self.play.now += by

    @rule(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=3))
    def the_procedure_takes_steps_twice(self, steps: list[Any]) -> None:
        for step in (*steps, *steps):
            self.play.attempt(step, self.play.case_id)

    @rule()
    def the_procedure_takes_every_step(self) -> None:
        for step in STEPS:
            self.play.attempt(step, self.play.case_id)

    @rule(more=st.integers(1, 3))
    def somebody_does_what_is_due(self, more: int) -> None:
        """Without this, chance alone would hardly ever come as far as a decision."""
        for _ in range(more):
            for act, given in DUE.get(self.case().state, ()):
                getattr(self, act)(**given)
            self.the_procedure_takes_every_step()

    @rule()
    def somebody_else_does_what_is_due(self) -> None:
        self.somebody_does_what_is_due(1)

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

    # ---- after the decision -----------------------------------------------------------------

    @rule(who=usually("worker"), language=st.sampled_from(("swa", "swa", "eng")))
    def tell(self, who: str, language: str) -> None:
        talk = a_talk(told_at=self.play.now, language=language)
        self.does(who, communication.communicate_determination, self.decision(), talk)

    @rule(who=usually("guardian", "lawyer", "worker"), by=st.sampled_from(AppealBy))
    def appeal(self, who: str, by: AppealBy) -> None:
        self.does(who, appeals.lodge_appeal, self.decision(), Appeal(by, self.play.now))

    @rule(who=usually("body"), result=st.sampled_from(Result))
    def rule_on_appeal(self, who: str, result: Result) -> None:
        other = self._words() if result is Result.REPLACED else None
        hearers = (self.play.people[who].person_id,)
        ruling = Ruling(result, REASONS, hearers, other)
        self.does(who, appeal_results.decide_appeal, self.newest(AppealRow, "lodged_at"), ruling)

    @rule(who=usually("guardian"), asked=st.booleans())
    def waive(self, who: str, asked: bool) -> None:
        self.does(who, appeals.waive_window, self.decision(), child_was_asked=asked)

    @rule(who=usually("coordinator"))
    def begin_to_carry_out(self, who: str) -> None:
        self.about(who, implementation.begin_implementation)

    @rule(who=usually("coordinator"), end=st.sampled_from((None, *Conclusion)))
    def review(self, who: str, end: Conclusion | None) -> None:
        if end is None:
            wish = Request(Ground.NEW_FACTS, "An aunt was found.")
            self.does(who, reviews.request_review, self.decision(), wish)
            return
        finding = Finding(end, REASONS, (self.play.people[who].person_id,))
        found = self.newest(ReviewRow, "requested_at")
        self.does(who, reviews.conclude_review, found, finding)

    # ---- plan, placement --------------------------------------------------------------------

    @rule(who=usually("supervisor"))
    def agree_plan(self, who: str) -> None:
        later = self.play.now.date() + timedelta(days=60)
        self.about(
            who, plans.agree_plan, voice=PlanVoice.AGREES, child_words="Yes.", review_on=later
        )

    @rule(who=usually("worker"))
    def finish_actions(self, who: str) -> None:
        for row in self.play.rows(PlanActionRow):
            self.about(who, plan_actions.complete_action, row.id, "Done.")

    @rule(who=usually("worker", "supervisor"))
    def place(self, who: str) -> None:
        day = self.play.now.date()
        request = PlacementRequest(
            CareType.KINSHIP, day, day + timedelta(days=80), carer="An aunt",
            no_family_care=NoFamilyCare.NO_FAMILY_FOUND,
        )  # fmt: skip
        self.about(who, placements.start_placement, request)

    @rule(who=usually("worker"), reason=st.sampled_from(EndReason))
    def end_placement(self, who: str, reason: EndReason) -> None:
        found = self.newest(PlacementRow, "started_on")
        day = self.play.now.date()
        self.about(
            who, placements.end_placement, found, ended_on=day, reason=reason, words="Ended."
        )

    # ---- hold, emergency, end ---------------------------------------------------------------

    @rule(who=usually("worker", "supervisor"), resume=st.booleans())
    def hold_or_resume(self, who: str, resume: bool) -> None:
        if resume:
            self.about(who, holding.resume_case)
        else:
            later = self.play.now.date() + timedelta(days=14)
            self.about(who, holding.hold_case, a_hold(review_on=later))

    @rule(who=st.sampled_from(("worker", "supervisor", "first_line")))
    def act_at_once(self, who: str) -> None:
        """Protection waits for nothing, whatever the state; it leaves duties, and moves nothing by itself."""
        before, count = self.case(), len(self.play.rows(EmergencyActionRow))
        request = an_emergency(acted_at=self.play.now)

        if who == "first_line":
            done = self.does(who, emergency.record_for_child_code, before.child_code, request)
        else:
            done = self.about(who, emergency.record_emergency_action, request)

        assert done, f"an urgent act was refused in {before.state}: {self.play.refusals[-1]}"
        assert len(self.play.rows(EmergencyActionRow)) == count + 1
        assert self.case().state == before.state
        open_tasks = {row.code for row in self.play.rows(TaskRow) if row.done_at is None}
        assert "short_assessment_after_emergency" in open_tasks

    @rule(who=usually("worker"), reason=st.sampled_from(ClosureReason))
    def ask_to_close(self, who: str, reason: ClosureReason) -> None:
        request = a_closing(reason=reason, last_visit_on=self.play.now.date())
        self.about(who, closing.ask_to_close, request)

    @rule(who=usually("supervisor", "colleague"), yes=st.integers(0, 3))
    def answer_closing(self, who: str, yes: int) -> None:
        if yes:
            self.about(who, closing.approve_closing)
        else:
            self.about(who, closing.refuse_closing, words="Visit once more.")

    @rule(who=usually("supervisor"), reason=st.sampled_from(ReopeningReason))
    def reopen(self, who: str, reason: ReopeningReason) -> None:
        self.about(who, reopening.reopen_case, reason, what_is_new="The aunt fell ill.")

    # ---- what must hold after everything anybody tried --------------------------------------

    @invariant()
    @precondition(lambda self: hasattr(self, "play"))
    def every_change_is_a_step_of_the_machine_and_in_the_history(self) -> None:
        held, before = None, None
        rows = self.history()
        for number, row in enumerate(rows, start=1):
            assert row.n == number
            assert row.from_state == before
            if number > 1:
                step = TRANSITIONS[Step(row.transition)]
                assert row.from_state in step.sources
                assert row.to_state == (step.to or held)
            held = row.from_state if row.to_state == S.ON_HOLD else held
            before = row.to_state
        assert self.case().state == before

    @invariant()
    @precondition(lambda self: hasattr(self, "play"))
    def what_is_new_was_allowed(self) -> None:
        rows = self.history()
        for row in rows[self.read :]:
            self.seen[row.to_state] += 1
            if row.to_state == S.IMPLEMENTING and row.transition != Step.RESUME:
                self._carried_out_rightly(rows[: row.n - 1])
            if row.to_state == S.CLOSED:
                self._closed_rightly(row)
        self.read = len(rows)

    def _carried_out_rightly(self, before: list[Any]) -> None:
        """A determination once required is decided, signed, told and past its appeal; or none was required."""
        if not any(row.to_state == S.BID_REQUIRED for row in before):
            return
        table = table_of(DeterminationRow)
        found = self.play.rows(DeterminationRow, table.c.current_case == self.play.case_id)
        assert len(found) == 1, "carried out without a decision in force"
        decision = found[0]
        assert decision.sealed_at is not None
        assert decision.valid_until >= self.play.now.date()
        with self.play.database.engine.connect() as connection:
            signed = table_of(SignatureRow)
            query = signed.select().where(signed.c.determination_id == decision.id)
            hashes = [row.content_hash for row in connection.execute(query)]
        assert hashes, "nobody signed"
        assert set(hashes) == {decision.content_hash}
        versions = {
            row.id for row in self.play.rows(DeterminationRow, table.c.root_id == decision.root_id)
        }
        talks = [
            row for row in self.play.rows(CommunicationRow) if row.determination_id in versions
        ]
        assert talks, "carried out before the child was told"
        assert not [row for row in self.play.rows(AppealRow) if row.open_case]

    def _closed_rightly(self, row: Any) -> None:
        """Nothing of the case is open when it closes."""
        assert not [found for found in self.play.rows(AppealRow) if found.open_case]
        assert not [found for found in self.play.rows(DeterminationRow) if found.pending_case]
        assert not [found for found in self.play.rows(ItemRow) if found.live_case]
        clocks = [
            c for c in self.play.rows(DeadlineRow) if c.met_at is None and c.closed_at is None
        ]
        assert [clock.code for clock in clocks] == []
        assert not [task.code for task in self.play.rows(TaskRow) if task.done_at is None]
        assert row.from_state not in {S.BID_IN_SITTING, S.BID_LISTED, S.UNDER_APPEAL, S.BID_DECIDED}


@pytest.mark.rule("R3", "R4", "R9", "R55")
@pytest.mark.timeout(900)
def test_no_order_of_acts_carries_out_or_closes_a_case_past_its_rules() -> None:
    run_state_machine_as_test(
        Procedure,
        settings=settings(
            max_examples=15 * FUZZ,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=FUZZ == 1,  # the same runs at every desk; the long ones are new each time
            phases=(Phase.generate, Phase.shrink) if FUZZ > 1 else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )

    reached = set(Procedure.seen)
    assert reached >= {S.IMPLEMENTING, S.COMMUNICATED, S.ON_HOLD, S.BID_DECIDED}, reached
