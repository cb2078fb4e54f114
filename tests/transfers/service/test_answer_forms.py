"""The printed answer forms: one page each, every word beside its box, in every language papers are printed in."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from core.papers.sheet import BOX_SIDE, LABEL_WIDTH, PAGE
from core.papers.words import spoken
from tests.builders.filled_in import an_empty_form
from transfers.rules.answer_sheets import DATE_ROWS, SHEETS
from transfers.service.answer_forms import laid_out

POINTS = 72 / 25.4


def _found(page: Any, text: str) -> list[tuple[float, float, float, float]]:
    """Where a text stands, in millimetres: left, top, right, bottom."""
    words, boxes = page.get_textpage(), []
    search = words.search(text, match_case=True)
    while (hit := search.get_next()) is not None:
        left, bottom, right, top = (0.0,) * 4
        for at in range(words.count_rects(*hit)):
            left, bottom, right, top = (one / POINTS for one in words.get_rect(at))
            boxes.append((left, PAGE[1] - top, right, PAGE[1] - bottom))
    return boxes


@pytest.mark.parametrize("language", sorted(spoken()))
@pytest.mark.parametrize("name", sorted(SHEETS))
def test_every_word_stands_on_one_line_beside_its_box(name: str, language: str) -> None:
    document = pypdfium2.PdfDocument(BytesIO(an_empty_form(name, language)))
    words, sheet = spoken()[language], laid_out()[name]

    assert len(document) == 1
    for box in sheet.boxes:
        group, _, option = box.name.partition(":")
        if group in DATE_ROWS:
            continue
        beside = [
            place
            for place in _found(document[0], words(f"answer.box.{group}.{option}"))
            if abs(place[0] - (box.x + BOX_SIDE + 2.5)) < 1
            and box.y - 0.5 < place[1] < box.y + BOX_SIDE
        ]
        assert beside, box.name
        assert beside[0][2] < box.x + BOX_SIDE + 2.5 + LABEL_WIDTH
    document.close()
