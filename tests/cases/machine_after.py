"""What people try once a panel has decided: telling, appeals, carrying out, holding, ending."""

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import (
    rule,
)

from cases.rules.closing import ClosureReason, ReopeningReason
from cases.rules.machine import CaseState
from cases.rules.participation import PlanVoice
from cases.rules.placements import CareType, EndReason, NoFamilyCare
from cases.service import (
    closing,
    emergency,
    holding,
    placements,
    plan_actions,
    plans,
    reopening,
)
from cases.service.placements import PlacementRequest
from cases.tables.emergency import EmergencyActionRow
from cases.tables.placement import PlacementRow
from cases.tables.plan import PlanActionRow
from cases.tables.task import TaskRow
from panels.rules.appeal import AppealBy, Result
from panels.rules.appeal import Draft as Appeal
from panels.rules.review import Conclusion, Ground, Request
from panels.service import (
    appeal_results,
    appeals,
    communication,
    implementation,
    reviews,
)
from panels.service.appeal_results import Ruling
from panels.service.reviews import Finding
from panels.tables.appeal import AppealRow
from panels.tables.review import ReviewRow
from tests.builders.case_life import a_closing, a_hold, an_emergency
from tests.builders.decided import a_talk
from tests.cases.machine_before import REASONS, UntilTheDecision
from tests.cases.machine_ground import STEPS, usually

S = CaseState


class AfterTheDecision(UntilTheDecision):
    """Acts of the right and the wrong people from the decision to the end."""

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

    @rule(meanwhile=st.lists(st.sampled_from(STEPS), max_size=2))
    def a_pause(self, meanwhile: list[Any]) -> None:
        """Held and taken up again by those who may, the procedure awake in between."""
        self.hold_or_resume("worker", resume=False)
        self.judge()
        for step in meanwhile:
            self.play.attempt(step, self.play.case_id)
        self.hold_or_resume("worker", resume=True)

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
