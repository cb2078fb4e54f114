"""The hearing of one item: who sits, who may vote, when votes open, and what they decide.

A ``Hearing`` holds every fact about one item at one moment; the questions on it are pure. Votes are
counted, never weighed: no score, no ranking, no proposal of an outcome (DOM-R20).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from core.errors import Answer, Gap, NotAllowed, NotThere, answer
from panels.errors import AlreadyVoted, NotEligible, VotingClosed
from panels.rules.conflicts import presiding
from panels.rules.items import OPEN_ITEM, ItemState
from panels.rules.quorum import Quorum, QuorumRules, quorum
from panels.rules.roster import Holder, bars_to_sitting, entitled, seated

ABSTAINED: Final = ""


class RuleUsed(StrEnum):
    """By which rule a round of votes ends. Source: DOM-3.5 (decision rule)."""

    CONSENSUS = "consensus"
    MAJORITY = "majority"
    CASTING_VOTE = "casting_vote"
    NO_CONSENSUS = "no_consensus"
    NO_MAJORITY = "no_majority"
    TIE = "tie"


class Consequence(StrEnum):
    """What a change of attendance, conflict or vote does to an item at once."""

    NOTHING = "nothing"
    ANNUL_ROUND = "annul_round"
    LOSE_QUORUM = "lose_quorum"
    CLOSE_ROUND = "close_round"


@dataclass(frozen=True)
class Ballot:
    """A vote cast in the current round.

    Args:
        choice: an option reference, ``ABSTAINED``, or None while nobody may read it.
        was_present: False when a corrected attendance shows the voter was not there.
    """

    member_id: str
    person_id: str
    seat_id: str
    choice: str | None = None
    was_present: bool = True


@dataclass(frozen=True)
class Hearing:
    """Everything that decides who may do what on one item at one moment.

    Args:
        holders: the roster of the sitting.
        on: the local day.
        present: member ids in the room or connected.
        recused: persons with a declared or ruled conflict.
        behind_report: persons R15 keeps from voting on this report.
        declared: members who answered the question about conflicts for this call.
        challenges: challenges nobody has ruled on.
        round_no: number of the current round, counted from 1.
        ballots: the votes of the current round.
        round_closed: everybody entitled had voted at some moment since the round opened.
        majority_open: facts were asked for once, or the chair found them complete after a round
            without consensus, or the country does not ask for consensus first; before that only
            consensus decides.
        casting_vote: the panel's rules give the chair one for ties (never for the options named).
        no_casting_on: option references that lead abroad or separate a child from its carer.
        spoken: members whose dissent is written down, or who declined to write one.
        voiceless: members who read and speak but have no vote: of a partner country, where the
            country has it so.
    """

    state: ItemState
    holders: tuple[Holder, ...]
    on: date
    present: frozenset[str]
    rules: QuorumRules
    recused: frozenset[str] = frozenset()
    behind_report: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    challenges: int = 0
    round_no: int = 0
    ballots: tuple[Ballot, ...] = ()
    round_closed: bool = False
    majority_open: bool = False
    casting_vote: bool = False
    no_casting_on: frozenset[str] = frozenset()
    spoken: frozenset[str] = frozenset()
    voiceless: frozenset[str] = frozenset()

    @cached_property
    def closed_to(self) -> frozenset[str]:
        """Persons who neither sit nor vote on this item, for whatever reason."""
        return self.recused | self.behind_report

    @cached_property
    def taken(self) -> dict[str, str]:
        """Seats that have voted in this round, with the member who voted."""
        return {ballot.seat_id: ballot.member_id for ballot in self.ballots}

    @cached_property
    def bench(self) -> tuple[Holder, ...]:
        """Those who sit for this item now, one for each seat."""
        able = entitled(self.holders, self.on, self.closed_to)
        voices = [holder for holder in able if holder.member_id not in self.voiceless]
        return seated(voices, self.present, self.taken)

    @cached_property
    def quorum(self) -> Quorum:
        """The quorum now; once a round is closed only those who voted in it count.

        Source: DOM-R17.
        """
        voted = {ballot.member_id for ballot in self.ballots}
        bench = self.bench
        if self.round_closed:
            bench = tuple(holder for holder in bench if holder.member_id in voted)
        return quorum(bench, self.rules)

    @property
    def pending(self) -> tuple[str, ...]:
        """Members who sit and have not voted; nobody, once the round is closed."""
        voted = {ballot.member_id for ballot in self.ballots}
        return (
            ()
            if self.round_closed
            else tuple(holder.member_id for holder in self.bench if holder.member_id not in voted)
        )

    @property
    def is_complete(self) -> bool:
        """Whether votes may be opened: all eligible present have voted. Source: DOM-R18."""
        return bool(self.ballots) and not self.pending


def consequence(hearing: Hearing) -> Consequence:
    """Say what follows at once from the facts as they are now; ask again after carrying it out.

    A vote by somebody who turns out to be in conflict, or not to have been there, spoils the whole
    round, because the others deliberated with that person; the round is held again.

    Source: DOM-R14, DOM-R17, DOM-R18.
    """
    if hearing.state not in OPEN_ITEM:
        return Consequence.NOTHING
    if _is_spoilt(hearing):
        return Consequence.ANNUL_ROUND
    if not hearing.quorum.is_met:
        return Consequence.LOSE_QUORUM
    if hearing.is_complete and not hearing.round_closed:
        return Consequence.CLOSE_ROUND
    return Consequence.NOTHING


def calling(hearing: Hearing) -> Answer:
    """Say what is missing before the chair may call an item.

    Every entitled member who is present has answered the question about conflicts for this call.

    Source: DOM-3.3/T11.
    """
    allowed = entitled(hearing.holders, hearing.on, hearing.closed_to)
    silent = [
        holder.member_id
        for holder in allowed
        if holder.member_id in hearing.present and holder.member_id not in hearing.declared
    ]
    return answer(
        "call_item",
        (
            *(Gap("declaration_missing", {"member": member}) for member in sorted(silent)),
            _challenges(hearing),
            *hearing.quorum.missing,
        ),
    )


def deliberating(hearing: Hearing) -> Answer:
    """Say what is missing before deliberation may begin; late arrivals declare conflicts too."""
    return answer("open_deliberation", calling(hearing).gaps)


def may_cast(hearing: Hearing, person_id: str, *, is_human: bool) -> Holder:
    """Return the seat a person votes for now, or refuse with the one reason.

    Raises:
        NotAllowed: a machine votes (R20).
        NotThere: not on the roster, or the item is closed to the person (R14).
        NotEligible: behind the report (R15), outside the term, without undertaking (R16), absent,
            has not answered the question about conflicts, or an alternate whose seat is occupied.
        VotingClosed: not in deliberation, or the round is over.
        AlreadyVoted: the person or the seat has voted in this round.
        QuorumNotMet: too few of the right people are there (R17).

    Source: DOM-R14, DOM-R15, DOM-R16, DOM-R17, DOM-R18, DOM-R20.
    """
    if not is_human:
        raise NotAllowed("machine_votes")
    mine = [holder for holder in hearing.holders if holder.person_id == person_id]
    if not mine or person_id in hearing.recused:
        raise NotThere("agenda_item")
    _require_open(hearing)
    if person_id in hearing.behind_report:
        raise NotEligible("behind_report")
    holder = _seat_of(hearing, mine)
    hearing.quorum.require()
    return holder


def _require_open(hearing: Hearing) -> None:
    if hearing.state is not ItemState.IN_DELIBERATION or hearing.round_closed:
        raise VotingClosed("agenda_item", hearing.state.value, "cast_vote")


def _seat_of(hearing: Hearing, mine: list[Holder]) -> Holder:
    able = [holder for holder in mine if not bars_to_sitting(holder, hearing.on)]
    if not able:
        raise NotEligible(bars_to_sitting(mine[0], hearing.on)[0].code)
    if all(holder.member_id in hearing.voiceless for holder in able):
        raise NotEligible("partner_has_no_vote")
    here = [holder for holder in able if holder.member_id in hearing.present]
    if not here:
        raise NotEligible("not_present")
    if any(
        b.person_id == here[0].person_id or b.seat_id == here[0].seat_id for b in hearing.ballots
    ):
        raise AlreadyVoted(hearing.round_no)
    if here[0] not in hearing.bench:
        raise NotEligible("alternate_not_seated")
    if here[0].member_id not in hearing.declared:
        raise NotEligible("declaration_missing")
    return here[0]


@dataclass(frozen=True)
class Verdict:
    """How a complete round ends; ``option`` is empty when it decides nothing."""

    rule_used: RuleUsed
    option: str
    tally: Mapping[str, int]
    abstained: int

    @property
    def decides(self) -> bool:
        """Whether an option was chosen."""
        return bool(self.option)


def verdict(hearing: Hearing) -> Verdict:
    """Count a complete round.

    Consensus: everybody chose the same option. Otherwise more than half of all who were entitled
    (abstentions count among them), once the majority rule is open. A tie stays a tie unless the
    panel's rules give the chair a casting vote and no tied option leads abroad or separates.

    Source: DOM-3.5 (decision rule).
    """
    choices = [ballot.choice for ballot in hearing.ballots]
    tally = Counter(choice for choice in choices if choice)
    abstained = len(choices) - sum(tally.values())
    if len(tally) == 1 and not abstained:
        return Verdict(RuleUsed.CONSENSUS, next(iter(tally)), tally, abstained)
    if not hearing.majority_open:
        return Verdict(RuleUsed.NO_CONSENSUS, "", tally, abstained)
    most = max(tally.values(), default=0)
    leaders = sorted(option for option, votes in tally.items() if votes == most)
    if 2 * most > len(choices):
        return Verdict(RuleUsed.MAJORITY, leaders[0], tally, abstained)
    if len(leaders) < 2:  # noqa: PLR2004  one leader without a majority, or nobody chose
        return Verdict(RuleUsed.NO_MAJORITY, "", tally, abstained)
    chosen = _casting(hearing, leaders)
    return Verdict(RuleUsed.CASTING_VOTE if chosen else RuleUsed.TIE, chosen, tally, abstained)


def _casting(hearing: Hearing, leaders: list[str]) -> str:
    """Return the tied option the presiding member voted for, where the rules allow it."""
    if not hearing.casting_vote or hearing.no_casting_on & set(leaders):
        return ""
    lead = presiding(hearing.bench, hearing.closed_to)
    own = [b.choice for b in hearing.ballots if lead and b.member_id == lead.member_id]
    return own[0] if own and own[0] in leaders and own[0] else ""


def dissenters(hearing: Hearing, option: str) -> tuple[str, ...]:
    """Return members who voted for another option than the one chosen; abstaining is no dissent."""
    return tuple(b.member_id for b in hearing.ballots if b.choice and b.choice != option)


def deciding(hearing: Hearing) -> Answer:
    """Say what is missing before votes may become a decision.

    Source: DOM-3.3/T13, DOM-R17, DOM-R18.
    """
    if hearing.state is not ItemState.IN_DELIBERATION:
        raise VotingClosed("agenda_item", hearing.state.value, "decide")
    waiting = [Gap("vote_missing", {"member": member}) for member in hearing.pending]
    if not hearing.ballots and not waiting:
        waiting = [Gap("no_votes")]
    gaps = (
        *hearing.quorum.missing,
        Gap("round_spoilt") if _is_spoilt(hearing) else None,
        _challenges(hearing),
        *waiting,
        *(() if waiting else _undecided(hearing)),
    )
    return answer("decide", gaps)


def may_hold_another_round(hearing: Hearing) -> Answer:
    """Say what is missing before the chair may open another round after one without a result.

    The chair thereby states that the facts are complete: from then on the majority rule is open.

    Source: DOM-3.5 (decision rule).
    """
    if hearing.state is not ItemState.IN_DELIBERATION:
        raise VotingClosed("agenda_item", hearing.state.value, "open_round")
    closed = hearing.round_closed
    decided = closed and verdict(hearing).decides
    return answer(
        "open_round",
        (
            *hearing.quorum.missing,
            _challenges(hearing),
            None if closed else Gap("votes_open"),
            Gap("already_decided_by_vote") if decided else None,
        ),
    )


def _is_spoilt(hearing: Hearing) -> bool:
    return any(
        ballot.person_id in hearing.closed_to or not ballot.was_present
        for ballot in hearing.ballots
    )


def _undecided(hearing: Hearing) -> tuple[Gap, ...]:
    found = verdict(hearing)
    if not found.decides:
        return (Gap(found.rule_used.value),)
    silent = [m for m in dissenters(hearing, found.option) if m not in hearing.spoken]
    return tuple(Gap("dissent_not_written", {"member": m}) for m in silent if m in hearing.present)


def _challenges(hearing: Hearing) -> Gap | None:
    return Gap("challenge_unruled", {"count": hearing.challenges}) if hearing.challenges else None
