"""How a child takes part, by age and maturity, and what stands in for views that could not be had.

There is no lowest age for being heard. Nothing here weighs what the child said.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import Gap


class Method(StrEnum):
    """How the child's views were had."""

    OBSERVATION = "observation"
    CARER_VIEWS = "carer_views"
    PLAY = "play"
    DRAWING = "drawing"
    SHORT_TALK = "short_talk"
    TALK_WITH_PICTURES = "talk_with_pictures"
    FULL_TALK = "full_talk"
    OWN_WRITTEN_WORDS = "own_written_words"
    RECORDING = "recording"
    THROUGH_GUARDIAN = "through_guardian"
    SIGN_LANGUAGE = "sign_language"
    TECHNOLOGY = "technology"
    TRUSTED_PERSON = "trusted_person"


class NoViewsReason(StrEnum):
    """Why the child's views could not be had. Being young is never a reason of its own."""

    TOO_YOUNG = "too_young"
    CHILD_DECLINED = "child_declined"
    CHILD_MISSING = "child_missing"
    TOO_UNWELL = "too_unwell"
    NO_INTERPRETER = "no_interpreter"
    UNSAFE_TO_ASK = "unsafe_to_ask"
    OPTION_NEW = "option_new"


@dataclass(frozen=True)
class Band:
    """One age band of participation.

    Args:
        from_age: youngest age in completed years that belongs to the band.
        ways: what is offered to a child of this band, in the order it is offered.
        must_cosign: whether the child signs the plan or states disagreement.
    """

    code: str
    from_age: int
    ways: tuple[Method, ...]
    must_cosign: bool = False


BANDS: Final[tuple[Band, ...]] = (
    Band("0-2", 0, (Method.OBSERVATION, Method.CARER_VIEWS)),
    Band("3-6", 3, (Method.PLAY, Method.DRAWING, Method.SHORT_TALK)),
    Band("7-11", 7, (Method.TALK_WITH_PICTURES, Method.DRAWING)),
    Band("12-14", 12, (Method.FULL_TALK, Method.OWN_WRITTEN_WORDS)),
    Band("15-17", 15, (Method.FULL_TALK, Method.OWN_WRITTEN_WORDS), must_cosign=True),
)
"""Defaults of DOM-3.7. Where its bands meet, at the age of three, we begin to talk."""

_NOT_THE_CHILD: Final = frozenset({Method.OBSERVATION, Method.CARER_VIEWS})
_HEARD_FROM_AGE: Final = 3


@dataclass(frozen=True)
class Attempt:
    """One try to hear the child."""

    on: date
    method: Method


@dataclass(frozen=True)
class Views:
    """What the file holds of the child's views; the words themselves stay sealed.

    Args:
        has_words: whether the views are written down (or attached).
        method: how they were had; empty when they were not.
        reason: why they were not had; empty when they were.
        attempts: tries that failed, in any order.
        has_observation: whether an observation record of the child exists.
    """

    has_words: bool = False
    method: Method | None = None
    heard_on: date | None = None
    reason: NoViewsReason | None = None
    attempts: tuple[Attempt, ...] = ()
    has_observation: bool = False


def band_of(age_years: int, bands: Sequence[Band] = BANDS) -> Band:
    """Return the band a child of this age belongs to.

    Args:
        age_years: completed years; ages above the last band stay in the last band.
        bands: in ascending order of ``from_age``.

    Source: DOM-3.7.
    """
    fitting = [band for band in bands if band.from_age <= age_years]
    return fitting[-1] if fitting else bands[0]


def views_gaps(
    views: Views, age_years: int | None, *, option: str = "", bands: Sequence[Band] = BANDS
) -> Iterator[Gap]:
    """Name what is missing before the child counts as heard (on one option, or in general).

    Views, or a coded reason with the attempts made; a child said to be too young has been observed;
    a child old enough to talk was not only watched.

    Args:
        views: what is on file.
        age_years: None when unknown; the child is then asked as an older one.
        option: code of the option the views are on; empty for the assessment as a whole.
        bands: age bands of the country.

    Source: DOM-R6, DOM-R7, DOM-3.7.
    """
    facts = {"option": option} if option else {}
    if views.has_words:
        yield from _heard_gaps(views, age_years, facts, bands)
    elif views.reason is None:
        yield Gap("option_views_missing", facts) if option else Gap("child_views_missing")
    else:
        yield from _reason_gaps(views, facts)


def _heard_gaps(
    views: Views, age_years: int | None, facts: dict[str, str], bands: Sequence[Band]
) -> Iterator[Gap]:
    if views.method is None:
        yield Gap("child_views_method_missing", facts)
    elif age_years is not None and _only_watched(views.method, age_years):
        yield Gap("child_only_observed", {**facts, "band": band_of(age_years, bands).code})
    if views.heard_on is None:
        yield Gap("child_views_date_missing", facts)


def _only_watched(method: Method, age_years: int) -> bool:
    return method in _NOT_THE_CHILD and age_years >= _HEARD_FROM_AGE


def _reason_gaps(views: Views, facts: dict[str, str]) -> Iterator[Gap]:
    if views.reason is NoViewsReason.TOO_YOUNG:
        if not views.has_observation:
            yield Gap("too_young_needs_observation", facts)
    elif not views.attempts:
        yield Gap("child_views_attempts_missing", facts)


class PlanVoice(StrEnum):
    """How the child stands to the plan."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_ASKED = "not_asked"


def plan_voice_gaps(
    voice: PlanVoice, age_years: int | None, bands: Sequence[Band] = BANDS
) -> Iterator[Gap]:
    """Name what is missing of the child's own word on the plan.

    A child of 15 to 17 signs the plan or states disagreement; either is enough, silence is not.

    Source: DOM-3.7.
    """
    if age_years is None or not band_of(age_years, bands).must_cosign:
        return
    if voice is PlanVoice.NOT_ASKED:
        yield Gap("plan_child_word_missing")


def ways_for(age_years: int | None, means: Collection[Method] = ()) -> tuple[Method, ...]:
    """Return the ways to offer this child: the recorded best means of communication come first.

    Source: DOM-3.7 (disability).
    """
    offered = band_of(age_years).ways if age_years is not None else BANDS[-1].ways
    first = tuple(sorted(means))
    return first + tuple(way for way in offered if way not in first)
