"""Explaining a decision to the child before anything is done about it.

Source: DOM-3.3 (T14), DOM-R9, DOM-R10.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.errors import Answer, Gap, answer
from core.languages import language, languages

MIN_NOTE_LENGTH: Final = 40


class Reaction(StrEnum):
    """How the child took it; the words go next to it."""

    AGREES = "agrees"
    HAS_QUESTIONS = "has_questions"
    UNSURE = "unsure"
    DISAGREES = "disagrees"
    DISTRESSED = "distressed"
    COULD_NOT_SAY = "could_not_say"


@dataclass(frozen=True)
class Conversation:
    """The talk in which the decision was explained.

    Args:
        told_at: when.
        language: ISO 639 code of the language spoken with the child.
        explained_by: person id of the one who explained.
        present: who else was there, in the worker's words.
        reaction: how the child took it.
        reaction_words: the child's own words or behaviour.
        note: the child-friendly note that was handed over.
        complaint_route_explained: the child knows how to complain.
        appeal_route_explained: the child knows how to disagree.
        interpreter: id of the interpreter's assignment, empty when none was there.
        interpreter_has_undertaking: on record, for this language and this day.
    """

    told_at: datetime
    language: str
    explained_by: str
    present: tuple[str, ...]
    reaction: Reaction
    reaction_words: str
    note: str
    complaint_route_explained: bool
    appeal_route_explained: bool
    interpreter: str = ""
    interpreter_has_undertaking: bool = False


@dataclass(frozen=True)
class Listener:
    """What the record says about the child who is told."""

    languages: Collection[str]
    interpreter_needed: bool
    sealed_at: datetime | None


def may_be_communicated(talk: Conversation, child: Listener, *, now: datetime) -> Answer:
    """Say whether this talk counts as telling the child, or everything it lacks."""
    return answer(
        "communicate_determination",
        (
            *_when(talk, child, now),
            None
            if language(talk.language) in languages(child.languages)
            else Gap("language_not_understood", {"language": talk.language}),
            None if talk.explained_by.strip() else Gap("explainer_missing"),
            None if talk.present else Gap("present_missing"),
            None if talk.reaction_words.strip() else Gap("reaction_missing"),
            None if len(talk.note.strip()) >= MIN_NOTE_LENGTH else Gap("child_note_missing"),
            None if talk.complaint_route_explained else Gap("complaint_route_not_explained"),
            None if talk.appeal_route_explained else Gap("appeal_route_not_explained"),
            _interpreter(talk, child),
        ),
    )


def _when(talk: Conversation, child: Listener, now: datetime) -> tuple[Gap | None, ...]:
    if child.sealed_at is None:
        return (Gap("decision_not_signed"),)
    return (
        Gap("told_before_decision") if talk.told_at < child.sealed_at else None,
        Gap("told_in_the_future") if talk.told_at > now else None,
    )


def _interpreter(talk: Conversation, child: Listener) -> Gap | None:
    """Where the child needs one, an interpreter under undertaking was there. Source: DOM-R10."""
    if talk.interpreter.strip():
        return None if talk.interpreter_has_undertaking else Gap("interpreter_without_undertaking")
    return Gap("talk_interpreter_missing") if child.interpreter_needed else None
