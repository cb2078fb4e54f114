"""The values one panel works by, in one version: what the country says, or stricter.

Kept as JSON in a row of their own, so that a sitting always finds the version it was convened under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import Gap, Incomplete
from panels.rules.items import BatchLimits
from panels.rules.quorum import Need, QuorumRules, weaker_than
from panels.rules.roster import Holder


@dataclass(frozen=True)
class PanelRules:
    """How one panel sits and decides.

    Args:
        quorum: for an ordinary item.
        emergency: for an item of emergency priority; None: the same as for all others.
        casting_vote: whether the chair decides ties (never on the matters of ``no_casting_on``).
        no_casting_on: codes of matters, ``movement_abroad`` and ``separation``.
        undertaking_months: how long a signed undertaking of confidentiality holds.
        late_conflict_days: working days for the review after a conflict found too late.
        consensus_first: only consensus decides until the facts are stated to be complete.
        abstention_needs_reason: whoever abstains says why.
        size: fewest and most voting seats of a panel.
        voting_countries: countries whose members vote, in a panel of several; empty: all of them.

    Source: DOM-3.5, DOM-9.
    """

    quorum: QuorumRules
    emergency: QuorumRules | None
    casting_vote: bool
    no_casting_on: frozenset[str]
    undertaking_months: int
    late_conflict_days: int
    batch: BatchLimits
    consensus_first: bool = True
    abstention_needs_reason: bool = True
    size: tuple[int, int] = (1, 20)
    voting_countries: frozenset[str] = frozenset()

    def quorum_for(self, priority: str) -> QuorumRules:
        """Return the quorum of an item of this priority."""
        return self.emergency if priority == "emergency" and self.emergency else self.quorum

    def to_json(self) -> dict[str, Any]:
        """Return the values as they are kept."""
        return {
            "quorum": _quorum_to_json(self.quorum),
            "emergency": _quorum_to_json(self.emergency) if self.emergency else None,
            "casting_vote": self.casting_vote,
            "no_casting_on": sorted(self.no_casting_on),
            "undertaking_months": self.undertaking_months,
            "late_conflict_days": self.late_conflict_days,
            "daily_cap": self.batch.daily_cap,
            "minutes_per_item": self.batch.minutes_per_item,
            "consensus_first": self.consensus_first,
            "abstention_needs_reason": self.abstention_needs_reason,
            "size": list(self.size),
            "voting_countries": sorted(self.voting_countries),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "PanelRules":
        """Read the values as they were kept."""
        return cls(
            quorum=_quorum_of_json(kept["quorum"]),
            emergency=_quorum_of_json(kept["emergency"]) if kept["emergency"] else None,
            casting_vote=kept["casting_vote"],
            no_casting_on=frozenset(kept["no_casting_on"]),
            undertaking_months=kept["undertaking_months"],
            late_conflict_days=kept["late_conflict_days"],
            batch=BatchLimits(kept["daily_cap"], kept["minutes_per_item"]),
            consensus_first=kept.get("consensus_first", True),
            abstention_needs_reason=kept.get("abstention_needs_reason", True),
            size=tuple(kept.get("size", (1, 20))),
            voting_countries=frozenset(kept.get("voting_countries", ())),
        )


def has_vote(holder: Holder, rules: PanelRules) -> bool:
    """Whether a member votes at all: a partner country's may only sit in, where the pack says so.

    Source: DOM-2.1/A18, DOM-9.
    """
    return not rules.voting_countries or holder.country in rules.voting_countries


def size_gaps(seats: int, rules: PanelRules) -> tuple[Gap, ...]:
    """Say whether fewer or more seats are to vote than the country has on a panel. Source: DOM-3.5."""
    fewest, most = rules.size
    if seats < fewest:
        return (Gap("panel_too_small", {"seats": seats, "fewest": fewest}),)
    return (Gap("panel_too_large", {"seats": seats, "most": most}),) if seats > most else ()


def require_not_weaker(rules: PanelRules, floor: PanelRules) -> None:
    """Refuse rules that protect children less than those of the country.

    Raises:
        Incomplete: naming every value that is too low.

    Source: DOM-9 (local terms of reference, within the national rule).
    """
    gaps = weaker_than(rules.quorum, floor.quorum)
    if rules.emergency:
        gaps += weaker_than(rules.emergency, floor.emergency or floor.quorum)
    if gaps:
        raise Incomplete("set_panel_rules", gaps)


def _quorum_to_json(rules: QuorumRules) -> dict[str, Any]:
    needs = [
        {
            "roles": sorted(need.roles),
            "sectors": sorted(need.sectors),
            "countries": sorted(need.countries),
            "least": need.least,
        }
        for need in rules.needs
    ]
    return {"voters": rules.voters, "agencies": rules.agencies, "needs": needs}


def _quorum_of_json(kept: Mapping[str, Any]) -> QuorumRules:
    needs = tuple(
        Need(
            frozenset(need["roles"]),
            frozenset(need["sectors"]),
            frozenset(need["countries"]),
            need["least"],
        )
        for need in kept["needs"]
    )
    return QuorumRules(kept["voters"], kept["agencies"], needs)
