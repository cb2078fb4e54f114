"""One item of an agenda: papers, conflicts, calling, votes, dissents. What a member does at a sitting."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import StringConstraints

from api.dependencies import ActorDep, NowDep, SessionDep, VersionDep
from api.fields import Code, Id, IdPath, Strict, Text, View
from api.routing import Reach, feature_router, reach
from api.sittings import InvitationIn, Made
from cases.service.forms import plain
from cases.service.papers import Papers
from panels.rules.conflicts import Ground
from panels.service import agenda, ballots, conflicts, hearings, listing, papers, voting

router = feature_router("/agenda-items", "agenda items")
PANEL: Final = reach(Reach.PANEL)
OptionRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{0,40}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000)]


class ConflictIn(Strict):
    """A conflict of one's own; the item closes at once."""

    ground: Ground
    words: Words = ""


class ChallengeIn(Strict):
    """A conflict of somebody else, to be ruled on."""

    member_id: Id
    ground: Ground
    words: Text


class RulingIn(Strict):
    """A ruling on a conflict, with its reason."""

    upheld: bool
    words: Text


class VoteIn(Strict):
    """One vote: an option of the report, or empty to abstain with a reason."""

    option: OptionRef
    reason: Words = ""
    opinion: Words = ""


class DissentIn(Strict):
    """Why one voted otherwise; empty to decline."""

    text: Words


class ReferralIn(Strict):
    """A tie goes to the review panel; the child's interim care goes on."""

    interim_care_confirmed: bool


class Withdrawal(Strict):
    """Why the item is taken off."""

    reason: Code


class PapersView(View):
    """The papers of an item as they were frozen when the report was submitted."""

    case_id: str
    report_id: str
    triggers: list[str]
    child: dict[str, Any]
    report: dict[str, Any]
    answers: list[str]
    cleared: dict[str, bool]
    frozen_at: datetime
    snapshot_hash: str

    @classmethod
    def of(cls, found: Papers) -> "PapersView":
        """Show the papers."""
        return cls(
            case_id=found.case_id,
            report_id=found.report_id,
            triggers=list(found.triggers),
            child=dict(found.child),
            report=plain(found.report),
            answers=list(found.answers),
            cleared=dict(found.cleared),
            frozen_at=found.frozen_at,
            snapshot_hash=found.snapshot_hash,
        )


class HintView(View):
    """What the record suggests about a member; a question, not an accusation."""

    member_id: str
    grounds: list[str]


class ConflictView(View):
    """A conflict, by whom it was raised and how it was ruled on."""

    id: str
    member_id: str
    ground: str
    raised_as: str
    raised_at: datetime
    state: str
    ruled_at: datetime | None
    words: str
    ruling: str
    version: int

    @classmethod
    def of(cls, found: conflicts.ConflictView) -> "ConflictView":
        """Show a conflict."""
        row = found.conflict
        return cls(
            id=row.id,
            member_id=row.member_id,
            ground=row.ground,
            raised_as=row.raised_as,
            raised_at=row.raised_at,
            state=row.state,
            ruled_at=row.ruled_at,
            words=found.words,
            ruling=found.ruling,
            version=row.version,
        )


class VoteWritten(View):
    """What a voter is told: nothing about others but whether all have voted."""

    round_no: int
    papers_unread: bool
    all_voted: bool


class BallotView(View):
    """One opened vote."""

    member_id: str
    option: str
    reason: str
    opinion: str


class RoundView(View):
    """A round; ballots and result are empty while votes are sealed."""

    round_no: int
    is_sealed: bool
    waiting_for: list[str]
    ballots: list[BallotView]
    rule_used: str
    option: str
    tally: dict[str, int]


class QuorumNow(View):
    """The quorum of an item at this moment."""

    eligible: list[str]
    is_met: bool
    missing: list[str]


@router.get("/{item_id}/papers", openapi_extra=PANEL)
def open_papers(item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> PapersView:
    """Open the papers; the opening is noted and counts as read."""
    return PapersView.of(papers.open_papers(session, actor, item_id, now=now))


@router.post("/{item_id}/invitations", status_code=204, openapi_extra=PANEL)
def invite(
    item_id: IdPath, body: InvitationIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Invite somebody to the item."""
    listing.invite(session, actor, item_id, body.to_invitation(), now=now)


@router.post("/{item_id}/withdraw", status_code=204, openapi_extra=PANEL)
def withdraw_item(
    *,
    item_id: IdPath,
    body: Withdrawal,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Take the item off the agenda."""
    agenda.withdraw_item(session, actor, item_id, body.reason, now=now, expected_version=version)


@router.get("/{item_id}/conflict-hints", openapi_extra=PANEL)
def show_hints(
    item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[HintView]:
    """Show what the record suggests about members."""
    found = conflicts.hints_for(session, actor, item_id, now=now)
    return [
        HintView(member_id=one.member_id, grounds=[ground.value for ground in one.grounds])
        for one in found
    ]


@router.get("/{item_id}/conflicts", openapi_extra=PANEL)
def list_conflicts(
    item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[ConflictView]:
    """List the conflicts of the item."""
    found = conflicts.list_conflicts(session, actor, item_id, now=now)
    return [ConflictView.of(one) for one in found]


@router.post("/{item_id}/no-conflict", status_code=204, openapi_extra=PANEL)
def declare_none(item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Say that one has no conflict with this item; it is asked again each time the item is called."""
    conflicts.declare_none(session, actor, item_id, now=now)


@router.post("/{item_id}/conflicts", status_code=201, openapi_extra=PANEL)
def declare_conflict(
    item_id: IdPath, body: ConflictIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> Made:
    """Declare a conflict of one's own; the item closes at once."""
    made = conflicts.declare_conflict(
        session, actor, item_id, ground=body.ground, words=body.words, now=now
    )
    return Made(id=made)


@router.post("/{item_id}/challenges", status_code=201, openapi_extra=PANEL)
def challenge_member(
    item_id: IdPath, body: ChallengeIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> Made:
    """Say that a member has a conflict; open to the child's guardian too."""
    made = conflicts.challenge_member(
        session, actor, item_id, body.member_id, ground=body.ground, words=body.words, now=now
    )
    return Made(id=made)


@router.post("/conflicts/{conflict_id}/ruling", status_code=204, openapi_extra=PANEL)
def rule_on_conflict(
    *,
    conflict_id: IdPath,
    body: RulingIn,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Uphold or dismiss a conflict."""
    conflicts.rule_on_conflict(
        session,
        actor,
        conflict_id,
        upheld=body.upheld,
        words=body.words,
        now=now,
        expected_version=version,
    )


@router.post("/{item_id}/call", status_code=204, openapi_extra=PANEL)
def call_item(
    item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Call the item."""
    agenda.call_item(session, actor, item_id, now=now, expected_version=version)


@router.post("/{item_id}/deliberation", status_code=204, openapi_extra=PANEL)
def open_deliberation(item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Open deliberation and the first round of votes."""
    agenda.open_deliberation(session, actor, item_id, now=now)


@router.post("/{item_id}/quorum-check", openapi_extra=PANEL)
def recheck_item(item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> QuorumNow:
    """Compute the quorum of the item again."""
    found = hearings.recheck_item(session, actor, item_id, now=now)
    return QuorumNow(
        eligible=list(found.eligible),
        is_met=found.is_met,
        missing=[gap.code for gap in found.missing],
    )


@router.post("/{item_id}/votes", status_code=201, openapi_extra=PANEL)
def cast_vote(
    item_id: IdPath, body: VoteIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> VoteWritten:
    """Cast one sealed vote."""
    choice = voting.Choice(body.option, body.reason, body.opinion)
    found = voting.cast_vote(session, actor, item_id, choice, now=now)
    return VoteWritten.model_validate(found)


@router.get("/{item_id}/round", openapi_extra=PANEL)
def show_round(item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> RoundView:
    """Show who has still to vote; once all have, the votes."""
    return RoundView.model_validate(ballots.show_round(session, actor, item_id, now=now))


@router.post("/{item_id}/rounds", status_code=201, openapi_extra=PANEL)
def hold_another_round(
    item_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> dict[str, int]:
    """Open another round after one without result."""
    return {"round_no": voting.hold_another_round(session, actor, item_id, now=now)}


@router.post("/{item_id}/dissent", status_code=204, openapi_extra=PANEL)
def record_dissent(
    item_id: IdPath, body: DissentIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Write one's dissent, once and for good."""
    voting.record_dissent(session, actor, item_id, body.text, now=now)


@router.post("/{item_id}/referral", openapi_extra=PANEL)
def refer_to_review_panel(
    item_id: IdPath, body: ReferralIn, session: SessionDep, actor: ActorDep, now: NowDep
) -> dict[str, str]:
    """Send a tied item to the national review panel."""
    panel_id = voting.refer_to_review_panel(
        session,
        actor,
        item_id,
        interim_care_confirmed=body.interim_care_confirmed,
        now=now,
    )
    return {"panel_id": panel_id}
