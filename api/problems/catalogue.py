"""Every refusal with its words, gathered from the modules beside this one."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import api.problems
from api.problems.problem import Problem
from api.problems.values import VALUES
from core.errors import BadInput, DomainError, Gap, Incomplete, NotAllowed, WrongState

ANOTHER_VALUE: Final = "It is not of the form that is needed here. Correct it."
SOMEBODY_ELSE: Final = "This belongs to another person. Ask a colleague who was not involved."


@cache
def problems() -> Mapping[type[DomainError], Problem]:
    """Return the words of every refusal, by its class."""
    found: dict[type[DomainError], Problem] = {}
    for module in _modules():
        found.update(getattr(module, "PROBLEMS", {}))
    return found


@cache
def gap_words() -> Mapping[str, str]:
    """Return the sentence of every gap, by its code."""
    found: dict[str, str] = {}
    for module in _modules():
        found.update(getattr(module, "GAPS", {}))
    return found


@cache
def rule_words() -> Mapping[str, str]:
    """Return the sentence of every rule about people, by its code."""
    found: dict[str, str] = {}
    for module in _modules():
        found.update(getattr(module, "RULES", {}))
    return found


def problem_of(error: DomainError) -> Problem:
    """Return the words of a refusal: its own, else those of the nearest class it descends from."""
    known = problems()
    return next(known[kind] for kind in type(error).__mro__ if kind in known)


def detail_of(error: DomainError) -> str:
    """Fill the sentence of a refusal with its coded facts."""
    facts = {name: getattr(error, name) for name in error.__dataclass_fields__}
    if isinstance(error, NotAllowed):
        facts["rule"] = rule_words().get(error.rule, SOMEBODY_ELSE)
    if isinstance(error, BadInput):
        facts["value"] = words_of_value(error.code)
    if isinstance(error, WrongState):
        facts |= {name: str(code).replace("_", " ") for name, code in facts.items()}
    return problem_of(error).detail.format_map(_Facts(facts))


def words_of_value(code: str) -> str:
    """Return what is wrong with a value and what to do about it."""
    return VALUES.get(code, ANOTHER_VALUE)


def gap_sentence(gap: Gap) -> str:
    """Return what is missing, in the words a worker needs; a code among its facts without underscores."""
    said = {
        name: fact.replace("_", " ") if isinstance(fact, str) else fact
        for name, fact in gap.facts.items()
    }
    return gap_words()[gap.code].format_map(_Facts(said))


def gaps_of(error: DomainError) -> list[dict[str, Any]]:
    """Return every missing item of a refusal with its code and its words."""
    if not isinstance(error, Incomplete):
        return []
    return [
        {"code": gap.code, "detail": gap_sentence(gap), "facts": dict(gap.facts)}
        for gap in error.gaps
    ]


class _Facts(dict[str, Any]):
    """Facts that leave a visible dash where a sentence names one that is not known."""

    def __missing__(self, key: str) -> str:
        return "–"


def _modules() -> list[Any]:
    names = sorted(info.name for info in pkgutil.iter_modules(api.problems.__path__))
    return [
        importlib.import_module(f"api.problems.{name}")
        for name in names
        if name not in {"catalogue", "problem", "answers", "values"}
    ]
