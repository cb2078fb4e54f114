"""Every refusal with its words, gathered from the modules beside this one."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import api.problems
from api.problems.problem import Problem
from api.problems.reading import code_words, said
from api.problems.values import VALUES
from core.errors import BadInput, DomainError, Gap, Incomplete, NotAllowed, WrongState

ROLES: Final = frozenset({"role", "held", "wanted"})
"""Facts of refusals that are codes of roles."""
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
    """Return the words of a refusal for its reader: its own, else those of the nearest class it descends from."""
    known = problems()
    return for_reader(next(known[kind] for kind in type(error).__mro__ if kind in known))


def for_reader(words: Problem) -> Problem:
    """Return the words of a kind of refusal in the language of whoever reads them."""
    key = f"refusal.{words.slug}"
    title, detail = said(f"{key}.title", words.title), said(f"{key}.detail", words.detail)
    return replace(words, title=title, detail=detail)


def detail_of(error: DomainError) -> str:
    """Fill the sentence of a refusal with its coded facts."""
    facts = {name: getattr(error, name) for name in error.__dataclass_fields__}
    facts |= {name: code_words(str(facts[name])) for name in ROLES & facts.keys()}
    if isinstance(error, NotAllowed):
        facts["rule"] = _rule_sentence(error.rule)
    if isinstance(error, BadInput):
        facts["value"] = words_of_value(error.code)
    if isinstance(error, WrongState):
        facts |= {name: code_words(str(code)) for name, code in facts.items()}
    return problem_of(error).detail.format_map(_Facts(facts))


def words_of_value(code: str) -> str:
    """Return what is wrong with a value and what to do about it."""
    known = VALUES.get(code)
    return said("another_value", ANOTHER_VALUE) if known is None else said(f"value.{code}", known)


def gap_sentence(gap: Gap) -> str:
    """Return what is missing, in the words a worker needs; a code among its facts as people say it."""
    facts = {
        name: code_words(fact) if isinstance(fact, str) else fact
        for name, fact in gap.facts.items()
    }
    return said(f"gap.{gap.code}", gap_words()[gap.code]).format_map(_Facts(facts))


def gaps_of(error: DomainError) -> list[dict[str, Any]]:
    """Return every missing item of a refusal with its code and its words."""
    if not isinstance(error, Incomplete):
        return []
    return [
        {"code": gap.code, "detail": gap_sentence(gap), "facts": dict(gap.facts)}
        for gap in error.gaps
    ]


def _rule_sentence(rule: str) -> str:
    known = rule_words().get(rule)
    return said("somebody_else", SOMEBODY_ELSE) if known is None else said(f"rule.{rule}", known)


class _Facts(dict[str, Any]):
    """Facts that leave a visible dash where a sentence names one that is not known."""

    def __missing__(self, key: str) -> str:
        return "–"


def _modules() -> list[Any]:
    names = sorted(info.name for info in pkgutil.iter_modules(api.problems.__path__))
    return [
        importlib.import_module(f"api.problems.{name}")
        for name in names
        if name not in {"catalogue", "problem", "answers", "values", "reading", "translated"}
    ]
