"""What must hold between the keys of one pack. Pure: a pack in, problems out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from core.packs.codes import (
    CareType,
    ClockStart,
    Direction,
    LimitCode,
    OutcomeCode,
    Priority,
    TriggerCode,
)
from core.packs.explaining import Problem
from core.packs.holidays import is_calendar_known
from core.packs.models import Pack
from core.packs.sections import Band, QuorumRule

RESIDENTIAL: Final = frozenset({CareType.RESIDENTIAL_SMALL, CareType.RESIDENTIAL_LARGE})


# Each limit begins with an event of the procedure; a country says how long it is, not what it is.
STARTS: Final = {
    LimitCode.D1: ClockStart.ALERT,
    LimitCode.D2: ClockStart.ALERT,
    LimitCode.D3: ClockStart.IDENTIFIED_SEPARATED,
    LimitCode.D4: ClockStart.REGISTRATION,
    LimitCode.D5: ClockStart.REGISTRATION,
    LimitCode.D6: ClockStart.BID_REQUIRED,
    LimitCode.D7: ClockStart.BID_READY,
    LimitCode.D8: ClockStart.SITTING,
    LimitCode.D9: ClockStart.DECISION,
    LimitCode.D10: ClockStart.SIGNED_DECISION,
    LimitCode.D11: ClockStart.DEFERRAL,
    LimitCode.D12: ClockStart.CHILD_TOLD,
    LimitCode.D13: ClockStart.DELIVERY,
    LimitCode.D14: ClockStart.ACKNOWLEDGED_COMPLETE,
    LimitCode.D15: ClockStart.ACKNOWLEDGED_COMPLETE,
    LimitCode.D16: ClockStart.ACCEPTED,
    LimitCode.D17: ClockStart.HANDOVER,
    LimitCode.D18: ClockStart.HANDOVER,
    LimitCode.D19: ClockStart.LAST_VISIT,
    LimitCode.D20: ClockStart.PLACEMENT_NOTICE,
    LimitCode.D21: ClockStart.FOLLOW_UP_BEGUN,
    LimitCode.D22: ClockStart.DECISION,
    LimitCode.D23: ClockStart.IDENTIFIED_SEPARATED,
    LimitCode.D24: ClockStart.LAST_CONTACT,
    LimitCode.D25: ClockStart.DISCOVERY,
}


def inconsistencies(pack: Pack) -> list[Problem]:
    """Return everything that does not fit together, section by section."""
    checks = (_holidays, _week, _priorities, _limits, _escalation, _triggers, _panel)
    more = (_simplified, _ages, _care, _decider, _statistics, _places, _sources, _languages)
    return [problem for check in (*checks, *more) for problem in check(pack)]


def _holidays(pack: Pack) -> Iterator[Problem]:
    if not is_calendar_known(pack.holidays.calendar):
        yield Problem(("holidays", "calendar"), "no published calendar is known for this country")
    for day in sorted(pack.holidays.added.keys() & pack.holidays.removed.keys()):
        yield Problem(("holidays", "removed", day.isoformat()), "is also under holidays.added")


def _week(pack: Pack) -> Iterator[Problem]:
    if not set(pack.working_week) <= set(range(1, 8)):
        yield Problem(("working_week",), "has a day that is not 1 (Monday) to 7 (Sunday)")
    yield from _repeated(("working_week",), [str(day) for day in pack.working_week])


def _priorities(pack: Pack) -> Iterator[Problem]:
    if pack.priorities.order != tuple(Priority):
        yield Problem(("priorities", "order"), f"must be {', '.join(Priority)}, in this order")
    yield from _absent(("priorities", "export"), Priority, pack.priorities.export)


def _limits(pack: Pack) -> Iterator[Problem]:
    yield from _absent(("limits",), LimitCode, pack.limits)
    for code, rule in pack.limits.items():
        if rule.starts is not STARTS[code]:
            what = f"must be {STARTS[code]}: the engine counts from there"
            yield Problem(("limits", code, "starts"), what)
        before = rule.starts is ClockStart.SITTING
        if before != (rule.direction is Direction.BEFORE):
            what = "must be before for a limit that runs up to a sitting, and after for others"
            yield Problem(("limits", code, "direction"), what)


def _escalation(pack: Pack) -> Iterator[Problem]:
    percents = [step.percent for step in pack.escalation]
    if percents != sorted(set(percents)):
        yield Problem(("escalation",), "the percentages must grow from step to step")
    if 100 not in percents:  # noqa: PLR2004
        yield Problem(("escalation",), "needs a step at 100 percent, when a limit has passed")


def _triggers(pack: Pack) -> Iterator[Problem]:
    yield from _absent(("triggers",), TriggerCode, pack.triggers)
    for code, trigger in pack.triggers.items():
        if not trigger.mandatory:
            yield Problem(
                ("triggers", code, "mandatory"), "must be true: nobody waives it (DOM-R3)"
            )


def _panel(pack: Pack) -> Iterator[Problem]:
    panel = pack.panel
    if panel.size_min > panel.size_max:
        yield Problem(("panel", "size_min"), f"is larger than size_max ({panel.size_max})")
    if not panel.size_min <= panel.default_roster <= panel.size_max:
        yield Problem(("panel", "default_roster"), "must lie between size_min and size_max")
    yield from _quorum("quorum", panel.quorum, pack)
    if panel.emergency_quorum is not None:
        yield from _quorum("emergency_quorum", panel.emergency_quorum, pack)
    if panel.casting_vote and not panel.no_casting_vote_on:
        what = "must name matters on which the chair's vote never breaks a tie"
        yield Problem(("panel", "no_casting_vote_on"), what)


def _quorum(name: str, rule: QuorumRule, pack: Pack) -> Iterator[Problem]:
    if rule.min_present > pack.panel.size_min:
        what = f"is larger than the smallest panel (size_min {pack.panel.size_min})"
        yield Problem(("panel", name, "min_present"), what)
    if rule.min_agencies > rule.min_present:
        yield Problem(("panel", name, "min_agencies"), "is larger than min_present")
    for number, need in enumerate(rule.require):
        key = ("panel", name, "require", str(number))
        if not (need.roles or need.sectors or need.countries):
            yield Problem(key, "must name roles, sectors or countries")
        for sector in sorted(set(need.sectors) - set(pack.panel.seats)):
            yield Problem((*key, "sectors"), f"{sector} is not one of panel.seats")
        if need.min > rule.min_present:
            yield Problem((*key, "min"), "is larger than min_present")


def _simplified(pack: Pack) -> Iterator[Problem]:
    if pack.simplified.allowed and not pack.simplified.triggers:
        yield Problem(("simplified", "triggers"), "must name the triggers it is allowed for")


def _ages(pack: Pack) -> Iterator[Problem]:
    yield from _bands(("ages", "participation"), pack.ages.participation, pack.ages.child_under)
    if pack.ages.return_alone_from > pack.ages.child_under:
        yield Problem(("ages", "return_alone_from"), "is larger than child_under")


def _statistics(pack: Pack) -> Iterator[Problem]:
    yield from _bands(("statistics", "bands"), pack.statistics.bands, pack.ages.child_under)


def _bands(key: tuple[str, ...], bands: Sequence[Band], child_under: int) -> Iterator[Problem]:
    expected = 0
    for number, band in enumerate(bands):
        if band.start != expected or band.to < band.start:
            what = f"must start at {expected} and not end before it starts: no gap, no overlap"
            yield Problem((*key, str(number)), what)
        expected = band.to + 1
    if expected < child_under:
        yield Problem(key, f"must reach every child: up to {child_under - 1} years")


def _care(pack: Pack) -> Iterator[Problem]:
    yield from _repeated(("care", "allowed"), pack.care.allowed)
    missing = (RESIDENTIAL & set(pack.care.allowed)) - set(pack.care.residential)
    for kind in sorted(missing):
        yield Problem(("care", "residential"), f"must name {kind}: it needs review (DOM-R29)")
    if "kafala" in pack.care.allowed and "kafala" not in pack.care.only_after_tracing:
        yield Problem(("care", "only_after_tracing"), "must name kafala (DOM-R31)")


def _decider(pack: Pack) -> Iterator[Problem]:
    separation = OutcomeCode.SEPARATION_FROM_CARER
    allowed, court = pack.outcomes.allowed, pack.decider.court_reference_for
    if separation in allowed and separation not in court:
        yield Problem(("decider", "court_reference_for"), f"must name {separation} (DOM-R13)")
    yield from _repeated(("outcomes", "allowed"), allowed)


def _places(pack: Pack) -> Iterator[Problem]:
    names: dict[tuple[str, str], str] = {}
    for code, place in pack.places.items():
        if not code.startswith(f"{pack.country}-"):
            yield Problem(("places", code), f"must start with {pack.country}-")
        if place.parent != pack.country and place.parent not in pack.places:
            yield Problem(("places", code, "parent"), f"{place.parent} is not a place of this pack")
        elif not code.startswith(f"{place.parent}-"):
            yield Problem(("places", code, "parent"), f"must be the first part of {code}")
        same = names.setdefault((place.parent, place.name.casefold()), code)
        if same != code:
            yield Problem(("places", code, "name"), f"is also the name of {same}")


def _sources(pack: Pack) -> Iterator[Problem]:
    for code, rule in pack.limits.items():
        if rule.basis == "cited" and not rule.source:
            yield Problem(("limits", code, "source"), "must name the document of a cited value")


def _languages(pack: Pack) -> Iterator[Problem]:
    if pack.languages.default not in pack.languages.screens:
        yield Problem(("languages", "default"), "must be one of languages.screens")


def _absent(key: tuple[str, ...], wanted: Iterable[str], given: Iterable[str]) -> Iterator[Problem]:
    there = set(given)
    for code in wanted:
        if code not in there:
            yield Problem((*key, str(code)), "is missing")


def _repeated(key: tuple[str, ...], values: Sequence[str]) -> Iterator[Problem]:
    for value in sorted({one for one in values if list(values).count(one) > 1}):
        yield Problem(key, f"names {value} twice")
