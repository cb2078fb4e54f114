"""Every key of a pack is explained to the people who write packs, and nothing else is."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from core.packs.models import Pack
from core.packs.sections import Section

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "country-packs.md"
IN_EVERY_SECTION = set(Section.model_fields)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def sections(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in model.model_fields.items():
        for inner in models_in(field.annotation):
            here = f"{path}.{name}".strip(".")
            yield here, inner
            yield from sections(inner, here)


def models_by_heading() -> Mapping[str, type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {"pack": Pack}
    for path, model in sections(Pack):
        if model not in found.values() or path.endswith("bands"):
            found[path] = model
    return found


def documented() -> dict[str, tuple[bool, set[str]]]:
    parts = re.split(r"^### ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {}
    for part in parts:
        heading, _, body = part.split("\n## ")[0].partition("\n")
        keys = set(re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE))
        found[heading.removesuffix(" *")] = (heading.endswith(" *"), keys)
    return found


def test_the_walk_finds_the_sections_of_a_pack():
    assert {"pack", "limits", "panel.quorum.require", "detention.release_task"} <= set(
        models_by_heading()
    )


def test_every_section_has_a_heading_and_every_heading_a_section():
    assert set(documented()) == set(models_by_heading())


@pytest.mark.parametrize("heading", sorted(models_by_heading()))
def test_every_key_of_a_section_is_explained_and_no_other(heading):
    model = models_by_heading()[heading]
    has_source, keys = documented()[heading]

    own = set(model.model_fields) - (IN_EVERY_SECTION if has_source else set())

    assert has_source == issubclass(model, Section)
    assert keys == own
