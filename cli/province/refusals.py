"""Refusals met on the way, and the hard rule each stands for, read from its slug and gap codes."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# Codes of gaps and slugs of problems -> the hard rule they stand for (docs/rules.md). Codes without a line here
# are shown by themselves: an ordinary precondition, no hard rule.
RULES: Final[Mapping[str, str]] = {
    "trigger-is-mandatory": "R3",
    "child_not_told": "R9",
    "guardian_or_adviser_missing": "R11",
    "not-there": "R14",
    "undertaking_missing": "R16",
    "quorum-not-met": "R17",
    "voters_missing": "R17",
    "agencies_missing": "R17",
    "presiding_missing": "R17",
    "sector_missing": "R17",
    "vote_missing": "R18",
    "votes-sealed": "R18",
    "reasons_missing": "R19",
    "machine_may_not_decide": "R20",
    "third_deferral": "R21",
    "sibling_reason_missing": "R32",
    "appeal_open": "R42",
    "move_without_decision": "R1",
    "move_decision_not_final": "R1",
    "move_other_destination": "R1",
    "move_child_not_asked": "R8",
    "move_child_not_willing": "R8",
    "move_place_not_checked": "R23",
    "move_place_not_cleared": "R23",
    "move_check_too_old": "R23",
    "move_nobody_receives": "R24",
    "move_carer_has_not_agreed": "R24",
    "move_asylum_claim": "R26",
    "move_child_fears_return": "R26",
    "move_reception_is_custody": "R28",
    "move_not_accepted": "R33",
    "move_acceptance_not_written": "R33",
    "move_acceptance_expired": "R33",
    "move_decision_expired": "R58",
    "hearer_voted_on_decision": "DOM-2.3",
    "disclosure_to_feared_country": "R26",
    "not-our-step": "R36",
    "one-officer-alone": "R44",
    "disclosure_without_consent": "R48",
}


@dataclass(frozen=True)
class Refusal:
    """One refusal: what was tried, how it was answered, and the rules it stands for."""

    tried: str
    status: int
    slug: str
    title: str
    codes: tuple[str, ...]
    rules: tuple[str, ...]


class Refused(Exception):
    """The API refused an act; ``problem`` is its answer."""

    def __init__(self, method: str, path: str, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{method} {path}: {status} {slug_of(problem)} {codes_of(problem)}")
        self.method, self.path, self.status, self.problem = method, path, status, problem


class NotRefused(Exception):
    """Something that must be refused went through: the demo has failed."""


@dataclass
class Register:
    """All refusals met."""

    met: list[Refusal] = field(default_factory=list)

    def note(self, tried: str, refused: Refused) -> Refusal:
        """Keep one refusal."""
        codes = codes_of(refused.problem)
        slug = slug_of(refused.problem)
        rules = tuple(dict.fromkeys(RULES[code] for code in (*codes, slug) if code in RULES))
        found = Refusal(
            tried, refused.status, slug, str(refused.problem.get("title", "")), codes, rules
        )
        self.met.append(found)
        return found

    def by_rule(self) -> Counter[str]:
        """Count refusals by rule; ``-`` are preconditions that are no hard rule."""
        found: Counter[str] = Counter()
        for one in self.met:
            found.update(one.rules or ("-",))
        return found


def slug_of(problem: Mapping[str, Any]) -> str:
    """Return the slug of a problem."""
    return str(problem.get("type", "")).rpartition("/")[2]


def codes_of(problem: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the codes of everything a problem says is missing."""
    missing: Collection[Mapping[str, Any]] = problem.get("missing", ())
    return tuple(dict.fromkeys(str(gap["code"]) for gap in missing))
