"""What happens to each child of the demo, and where her case lawfully ends."""

from enum import StrEnum
from typing import Final


class Story(StrEnum):
    """One course of events. Each of the first group happens at least once, in any demo of twelve or more."""

    EMERGENCY = "taken from danger, detained before that"
    DEFERRED = "deferred once and back"
    DEFERRED_TWICE = "deferred twice, a third time refused"
    RECUSAL = "a member recused, whose vote is answered as if nothing were there"
    LOST_QUORUM = "quorum lost in mid-item, heard at the next sitting"
    DISSENT = "decided by majority, with a dissent"
    APPEAL = "appealed against, heard by others"
    BROKEN_PLACEMENT = "placed, broken down, reopened"
    WAIVER_REFUSED = "a mandatory trigger that nobody may waive"
    EARLY_IMPLEMENTATION = "carrying out before the child was told, refused"
    REUNITED = "to an aunt abroad: asked, decided, accepted, travelled, received"
    OTHER_TERMS = "accepted abroad on other terms than the panel decided"
    DECLINED_ABROAD = "declined by the other country"
    ASKED_FOR_ASYLUM = "asked for asylum: nothing goes to that country any more"
    ON_PAPER = "to a country without a line: a sealed file by hand, an answer on paper"
    SERVICES = "no panel needed: a plan, services, visits"
    ORDINARY = "decided, told, placed, visited, closed"


SPECIAL: Final[tuple[Story, ...]] = tuple(
    story for story in Story if story not in {Story.SERVICES, Story.ORDINARY}
)
PAIR: Final = 2
SERVICES_SHARE: Final = 0.20  # the assessment is enough for these
DEFERRED_SHARE: Final = 0.15
RECUSAL_SHARE: Final = 0.05
DISSENT_SHARE: Final = 0.08

# Where each course ends. What is not closed waits lawfully, and the summary says for what.
ENDS: Final = {
    Story.REUNITED: (
        "transferred_out",
        "received by the other country, which reports on the child",
    ),
    Story.OTHER_TERMS: ("communicated", "the panel has to sit again on what was proposed"),
    Story.DECLINED_ABROAD: (
        "communicated",
        "no carer agreed over there; a coordinator decides what is next",
    ),
    Story.ASKED_FOR_ASYLUM: ("communicated", "stands still while the claim is heard (R26)"),
    Story.ON_PAPER: (
        "communicated",
        "accepted on paper; documents and the day of travel go by hand",
    ),
    Story.BROKEN_PLACEMENT: (
        "bid_required",
        "reopened; a new determination replaces the first (B6)",
    ),
}
CLOSED: Final = ("closed", "goal met, the child was asked, a second person approved")


GOES_TO: Final = {
    Story.REUNITED: "NA",
    Story.OTHER_TERMS: "NA",
    Story.DECLINED_ABROAD: "NA",
    Story.ASKED_FOR_ASYLUM: "NA",
    Story.ON_PAPER: "CD",
}
"""To which country a panel decides that a child may go."""


def end_of(story: Story) -> tuple[str, str]:
    """Return the state a story ends in, and why there."""
    return ENDS.get(story, CLOSED)


def stories_for(children: int) -> list[Story]:
    """Return one story for each child: every special one, then shares of the whole, then ordinary ones."""
    found: list[Story] = list(SPECIAL[:children])
    ordinary = min(children - len(found), PAIR)  # a small demo has a brother and a sister too
    rest = children - len(found) - ordinary
    wanted = {
        Story.SERVICES: round(children * SERVICES_SHARE),
        Story.DEFERRED: round(children * DEFERRED_SHARE) - 2,
        Story.RECUSAL: round(children * RECUSAL_SHARE) - 1,
        Story.DISSENT: round(children * DISSENT_SHARE) - 1,
    }
    for story, count in wanted.items():
        take = min(max(count, 0), rest)
        found += [story] * take
        rest -= take
    return found + [Story.ORDINARY] * (rest + ordinary)
