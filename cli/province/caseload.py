"""The children of the province and their list in Primero's format.

Sizes and splits are those of the sources (DOM-8): 54 % girls, about 43 children newly identified in a
month, 30 % siblings. Names and numbers are invented; the same seed gives the same province.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from cli.province.names import BOYS, FAMILIES, GIRLS
from cli.province.places import District, districts_for
from cli.province.stories import GOES_TO, Story, stories_for

SEED: Final = 1405  # children identified in the programme's 33 months
GIRLS_SHARE: Final = 0.54
SIBLINGS_SHARE: Final = 0.30
ALONE: Final = ("unaccompanied", "unaccompanied", "separated")
ORIGINS: Final = (
    ("CD", "swa", "swahili"), ("CD", "fra", "french"), ("ZW", "sna", "shona"), ("NA", "eng", "english"),
    ("ZM", "loz", "lozi"), ("ET", "amh", "amharic"), ("SO", "som", "somali"), ("MZ", "por", "portuguese"),
)  # fmt: skip
CONCERNS: Final = ("no_care", "street", "child_labour", "distress", "stateless", "health")
CAUSES: Final = ("migration", "conflict", "poverty", "death", "population_movement")


@dataclass(frozen=True)
class Child:
    """One child as the other system knows her, and the story she is to live through.

    Args:
        number: of the list, from 0.
        shown_id: the id people quote in the other system; how the demo finds her again.
        sibling_of: number of an older sister or brother on the list.
    """

    number: int
    shown_id: str
    district: District
    story: Story
    given: str
    family: str
    sex: str
    age: int
    nationality: str
    language: str
    accompaniment: str
    priority: str
    concerns: tuple[str, ...]
    sibling_of: int | None = None


def make_children(count: int) -> Sequence[Child]:
    """Invent the children of one month."""
    pick = random.Random(SEED)  # noqa: S311  invented people, no secret
    sexes = _spread(count, GIRLS_SHARE, pick)
    districts = districts_for(count)
    children = [
        _child(number, story, districts[number % len(districts)], girl=girl, pick=pick)
        for number, (story, girl) in enumerate(zip(stories_for(count), sexes, strict=True))
    ]
    return _with_siblings(children)


def _spread(count: int, share: float, pick: random.Random) -> list[bool]:
    girls = round(count * share)
    found = [True] * girls + [False] * (count - girls)
    pick.shuffle(found)
    return found


def _child(
    number: int, story: Story, district: District, *, girl: bool, pick: random.Random
) -> Child:
    nationality, language, _ = pick.choice(ORIGINS)
    if story in GOES_TO:  # a child goes to a country of its own, with words both sides speak
        nationality, language, _ = next(one for one in ORIGINS if one[0] == GOES_TO[story])
    young = story in {Story.EMERGENCY, Story.APPEAL}
    emergency = story is Story.EMERGENCY
    return Child(
        number=number,
        shown_id=f"{pick.getrandbits(28):07x}",
        district=district,
        story=story,
        given=pick.choice(GIRLS if girl else BOYS),
        family=pick.choice(FAMILIES),
        sex="female" if girl else "male",
        age=14 if young else pick.choice((3, 6, 8, 9, 11, 12, 13, 14, 15, 15, 16, 16)),
        nationality=nationality,
        language=language,
        accompaniment="accompanied" if story is Story.SERVICES else pick.choice(ALONE),
        priority="high" if emergency else pick.choice(("medium", "medium", "low")),
        concerns=("arrested_detained",) if emergency else (pick.choice(CONCERNS),),
    )


def _with_siblings(children: list[Child]) -> list[Child]:
    """Make pairs of brothers and sisters among those with nothing unusual ahead; they came together."""
    free = [child for child in children if child.story is Story.ORDINARY]
    pairs = min(round(len(children) * SIBLINGS_SHARE / 2), len(free) // 2)
    for older, younger in zip(free[:pairs], reversed(free[pairs : 2 * pairs]), strict=True):
        children[younger.number] = replace(
            younger, family=older.family, nationality=older.nationality, district=older.district,
            language=older.language, accompaniment=older.accompaniment,
            sibling_of=older.number, age=max(1, min(older.age - 2, younger.age)),
        )  # fmt: skip
    return children


def write_lists(
    children: Sequence[Child], folder: Path, *, today: date, owners: dict[str, str]
) -> dict[str, Path]:
    """Write one list for each district, as an office exports its own cases, and return the files.

    Args:
        children: all of them.
        folder: where to write.
        today: the day of registration.
        owners: sign-in name of the worker of each district.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for district in dict.fromkeys(child.district for child in children):
        rows = [
            _row(child, today, owners[district.code])
            for child in children
            if child.district == district
        ]
        file = folder / f"primero-{district.short}.json"
        metadata = {"total": len(rows), "per": len(rows), "page": 1}
        text = json.dumps({"data": rows, "metadata": metadata}, ensure_ascii=False, indent=1)
        file.write_text(text, encoding="utf-8")
        files[district.code] = file
    return files


def _row(child: Child, today: date, owner: str) -> dict[str, Any]:
    birthday = date(today.year - child.age, today.month, min(today.day, 28))
    born = birthday - timedelta(days=1 + child.number * 37 % 350)
    return {
        "id": f"00000000-0000-4000-9000-{child.number:012d}",
        "case_id_display": child.shown_id,
        "short_id": child.shown_id,
        "enabled": True,
        "status": "open",
        "name_first": child.given,
        "name_last": child.family,
        "name": f"{child.given} {child.family}",
        "sex": child.sex,
        "age": child.age,
        "date_of_birth": born.isoformat(),
        "estimated": child.number % 3 == 0,
        "nationality": [child.nationality.lower()],
        "language": [child.language],
        "protection_status": child.accompaniment,
        "protection_concerns": [*child.concerns, "migrant"],
        "separation_cause": CAUSES[child.number % len(CAUSES)],
        "risk_level": child.priority,
        "location_current": child.district.code,
        "owned_by": owner,
        "registration_date": today.isoformat(),
        "created_at": f"{today.isoformat()}T06:30:00.000Z",
    }
