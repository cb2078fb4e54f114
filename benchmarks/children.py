"""Lists of invented children in Primero's format, as long as wanted, written without keeping them."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

SEED: Final = 7
GIVEN_NAMES: Final = 1_000
FAMILY_NAMES: Final = 3_000
STARTS: Final = (
    "b", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "mb", "mw", "n", "nd", "ng", "ny", "p", "r", "s",
    "sh", "t", "v", "w", "y", "z",
)  # fmt: skip
VOWELS: Final = ["a", "e", "i", "o", "u"]
ENDS: Final = ("", "", "", "n", "m", "l", "s", "ti", "nda", "ko")
DISTRICTS: Final = ("ZM-01-SES", "ZM-01-MON", "ZM-01-KAL", "ZM-07-LIV", "ZM-03-CHP")
CONCERNS: Final = ("street_child", "worst_forms_of_child_labor", "statelessness", "disabled")
CAUSES: Final = ("conflict", "migration", "poverty", "population_movement")
LANGUAGES: Final = ("swahili", "french", "english", "portuguese")
COUNTRIES: Final = ("cd", "zw", "na", "ao", "mz", "so")


def write_list(file: Path, count: int) -> None:
    """Write an exported array of cases; the same count gives the same children."""
    with file.open("w", encoding="utf-8") as out:
        out.write("[")
        for number, row in enumerate(children(count)):
            out.write(("," if number else "") + "\n" + json.dumps(row))
        out.write("\n]\n")


def children(count: int) -> Iterator[dict[str, Any]]:
    """Invent children whose names are as unevenly spread as names are."""
    chance = random.Random(SEED)
    given, family = _names(chance, GIVEN_NAMES), _names(chance, FAMILY_NAMES)
    for number in range(count):
        yield _child(number, chance, _one_of(given, chance), _one_of(family, chance))


def _child(number: int, chance: random.Random, given: str, family: str) -> dict[str, Any]:
    age = chance.randint(1, 17)
    return {
        "id": f"00000000-0000-4000-9000-{number:012d}",
        "case_id_display": f"{number:07x}",
        "short_id": f"{number:07x}",
        "enabled": True,
        "status": "open",
        "name_first": given,
        "name_last": family,
        "name": f"{given} {family}",
        "sex": chance.choice(("female", "male")),
        "age": age,
        "estimated": number % 3 == 0,
        "nationality": [chance.choice(COUNTRIES)],
        "language": [chance.choice(LANGUAGES)],
        "protection_status": chance.choice(("unaccompanied", "unaccompanied", "separated")),
        "protection_concerns": [chance.choice(CONCERNS), "migrant"],
        "separation_cause": chance.choice(CAUSES),
        "risk_level": chance.choice(("high", "medium", "medium", "low")),
        "location_current": chance.choice(DISTRICTS),
        "owned_by": f"worker{number % 40}",
        "registration_date": "2026-02-20",
        "created_at": "2026-02-20T06:30:00.000Z",
    }


def _names(chance: random.Random, count: int) -> Sequence[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [
            chance.choice(STARTS) + chance.choice(VOWELS) for _ in range(chance.choice((2, 3)))
        ]
        found.setdefault("".join(parts).capitalize() + chance.choice(ENDS))
    return list(found)


def _one_of(names: Sequence[str], chance: random.Random) -> str:
    """Pick so that few names are very common and most are rare: the most common is about 1.5 %."""
    return names[int(len(names) * chance.random() ** 2.2)]
