"""What the planner says in the reader's language: a file for each but English in ``templates/plans/words``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from core.languages import language
from panels.planning.answers.words import CHECKED, ENGLISH

FOLDER: Final = Path(__file__).resolve().parents[2] / "templates" / "plans" / "words"


@dataclass(frozen=True)
class PlanWords:
    """The sentences of one language: reasons of plans, and what the checker finds."""

    told: Mapping[str, str]
    checked: Mapping[str, str]


@cache
def spoken() -> Mapping[str, PlanWords]:
    """Return every language the planner speaks, by its code."""
    found = {"en": PlanWords(ENGLISH, CHECKED)}
    for file in sorted(FOLDER.glob("*.json")):
        table = json.loads(file.read_text("utf-8"))
        found[language(file.stem)] = PlanWords(table["told"], table["checked"])
    return found


def plan_words(code: str) -> PlanWords:
    """Return the sentences of a language; English where there are none."""
    return spoken().get(language(code), spoken()["en"])
