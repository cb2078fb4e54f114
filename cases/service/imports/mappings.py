"""Mappings of other systems' fields and codes: data files, completed with the country's own codes."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final

import pycountry

from cases.errors import MappingUnusable
from cases.rules.imports import FieldMap
from core.packs.models import Pack

FOLDER: Final = Path(__file__).resolve().parents[3] / "countries" / "imports"
PARTS: Final = {"name", "system", "fields", "values", "implies"}


def mapping_for(path: Path, pack: Pack) -> FieldMap:
    """Read a mapping and complete it with the codes, places and names that need no mapping.

    Raises:
        MappingUnusable: not readable, or with parts nobody knows; says which.
    """
    data = _read(path)
    return FieldMap(
        name=str(data["name"]),
        system=str(data["system"]),
        fields={ours: tuple(theirs) for ours, theirs in data["fields"].items()},
        values={
            ours: {k.lower(): v for k, v in codes.items()} for ours, codes in data["values"].items()
        },
        implies={
            ours: {k.lower(): v for k, v in codes.items()}
            for ours, codes in data["implies"].items()
        },
        concerns=frozenset(pack.codes.protection_concerns),
        causes=frozenset(pack.codes.separation_causes),
        countries=_countries(),
        languages=_languages(),
        places=_places(pack),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MappingUnusable(part="file") from error
    if set(data) != PARTS:
        raise MappingUnusable(part=", ".join(sorted(set(data) ^ PARTS)))
    for part in ("fields", "values", "implies"):
        if not isinstance(data[part], dict):
            raise MappingUnusable(part=part)
    return data


@cache
def _countries() -> dict[str, str]:
    """Codes and English names, exactly; no fuzzy search. Stateless and undetermined are values too."""
    found = {"stateless": "stateless", "undetermined": "undetermined"}
    for country in pycountry.countries:
        for name in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            value = getattr(country, name, None)
            if value:
                found[value.lower()] = country.alpha_2
                found[value.lower().replace(" ", "_")] = country.alpha_2
    return found


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in pycountry.languages:
        short = getattr(language, "alpha_2", None) or language.alpha_3
        for value in (getattr(language, "alpha_2", None), language.alpha_3):
            if value:
                found[value.lower()] = short
        if getattr(language, "alpha_2", None) or language.type == "L":
            found.setdefault(language.name.split(" (")[0].lower(), short)
    return found


def _places(pack: Pack) -> dict[str, str]:
    shared = Counter(place.name.lower() for place in pack.places.values())
    names = {p.name.lower(): code for code, p in pack.places.items() if shared[p.name.lower()] == 1}
    return {**names, **{code.lower(): code for code in pack.places}}
