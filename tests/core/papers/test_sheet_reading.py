"""Filled-in pages are read back from telephones and scanners: what is ticked is read or called unclear, never wrong."""

import random
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from core.papers import sheet_reading
from core.papers.issuing import _plain
from core.papers.paper import TO_FILL_IN, to_fill_in
from core.papers.press import Press, SheetNotRead, the_press
from core.papers.sheet import Group, Mark, Sheet, lay_out, places
from core.papers.sheet_reading import NotRead
from tests.builders.filled_in import (
    DOTS,
    HANDS,
    as_jpeg,
    as_pdf,
    as_png,
    drawn,
    photographed,
    ticked,
)
from tests.builders.papers import ADDRESS, AT, a_paper

CODE = "ABCD2345WXYZ"
SHEET = lay_out(
    "R1",
    [
        Group("answer", ("yes", "no", "ask")),
        Group("reason", tuple("abcdefghijklmno")),
        *(Group(name, tuple("0123456789"), is_row=True) for name in ("tens", "units", "year")),
    ],
)
NAMES = [box.name for box in SHEET.boxes]
LOOKS: dict[str, dict[str, Any]] = {
    "flat": {},
    "askew": {"turn": 12, "tilt": 0.04},
    "sideways": {"turn": 93},
    "upside down": {"turn": 183, "tilt": 0.02},
    "in somebody's shadow": {"shadow": 0.75, "turn": -4},
    "not sharp": {"blur": 2.0},
    "in the evening": {"dim": 0.3, "noise": 6},
    "an old telephone": {"wide": 900, "noise": 4},
    "all at once": {"turn": -9, "tilt": 0.03, "shadow": 0.6, "blur": 1.1, "noise": 7},
}


@cache
def printed() -> bytes:
    heads = {name: name for name in SHEET.heads}
    labels = {name: name.partition(":")[2] for name in NAMES}
    block = to_fill_in(SHEET, heads, labels, ["Name", "Signature"], "Cross what applies.")
    paper = a_paper(block, template=TO_FILL_IN)
    return the_press().typeset(TO_FILL_IN, _plain(paper, CODE, ADDRESS), at=AT)


@cache
def page() -> Image.Image:
    return drawn(printed())


def read(content: bytes, sheet: Sheet = SHEET) -> dict[str, str]:
    """What the process that reads would answer, asked here for speed."""
    found = sheet_reading.read([sheet_reading.open_picture(content)], places([sheet]))
    assert found["sheet"] == sheet.name
    assert found["code"] == f"{ADDRESS}/check/{CODE}"
    boxes: dict[str, str] = found["boxes"]
    return boxes


def wrong(boxes: dict[str, str], chosen: set[str]) -> set[str]:
    """Boxes that were read as what they are not; one called unclear is none of them."""
    return {
        name
        for name, mark in boxes.items()
        if mark != Mark.UNCLEAR and (mark == Mark.TICKED) != (name in chosen)
    }


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_ticked_is_read_however_the_page_was_photographed(look: str) -> None:
    chance = random.Random(look)
    chosen = set(chance.sample(NAMES, 9))
    filled = ticked(page(), SHEET, chosen, hand=chance.choice(HANDS), chance=chance)

    boxes = read(as_jpeg(photographed(filled, chance=chance, **LOOKS[look])))

    assert wrong(boxes, chosen) == set()
    assert sum(mark == Mark.UNCLEAR for mark in boxes.values()) <= 2
    assert len(boxes) == len(NAMES)


@pytest.mark.parametrize(("pen", "grey"), [(0.25, 60), (0.4, 150), (0.9, 20)])
def test_any_hand_and_pen_is_read_or_called_unclear(pen: float, grey: int) -> None:
    chance = random.Random(pen)
    chosen = chance.sample(NAMES, 20)
    filled = page()
    for at, name in enumerate(chosen):
        hand = HANDS[at % len(HANDS)]
        filled = ticked(filled, SHEET, [name], hand=hand, pen=pen, grey=grey, chance=chance)

    boxes = read(
        as_jpeg(photographed(filled, turn=chance.uniform(-6, 6), wide=1500, chance=chance))
    )

    assert wrong(boxes, set(chosen)) == set()
    assert sum(mark == Mark.TICKED for mark in boxes.values()) >= 15


def test_a_thumb_over_a_corner_and_over_boxes_hides_only_what_it_hides() -> None:
    filled = ticked(page(), SHEET, ["answer:yes", "reason:h"])
    hand = ImageDraw.Draw(filled)
    hand.rectangle([0, 265 * DOTS, 40 * DOTS, 297 * DOTS], fill=140)
    one, other = (SHEET.box(name) for name in ("reason:a", "reason:c"))
    hand.rectangle(
        [(one.x - 12) * DOTS, (one.y - 3) * DOTS, (other.x + 7) * DOTS, (other.y + 7) * DOTS],
        fill=140,
    )

    boxes = read(as_jpeg(filled))

    assert {name for name, mark in boxes.items() if mark == Mark.TICKED} == {
        "answer:yes",
        "reason:h",
    }
    unclear = {name for name, mark in boxes.items() if mark == Mark.UNCLEAR}
    assert {"reason:a", "reason:b", "reason:c"} <= unclear <= {f"reason:{x}" for x in "abcd"}


def _not_readable() -> Iterator[tuple[str, Image.Image]]:
    white = Image.new("L", page().size, 255)
    yield "no_marks", white
    cut = 40 * DOTS
    yield "no_marks", page().crop((0, cut, page().width, page().height - cut))
    yield "few_marks", page().crop((0, 0, page().width, page().height - cut))
    yield "unknown_sheet", drawn(_of_another_sheet())
    folded = page().copy()
    folded.paste(page().crop((0, 100 * DOTS, page().width, 160 * DOTS)), (0, 96 * DOTS))
    yield "not_flat", folded


def _of_another_sheet() -> bytes:
    other = lay_out("Z9", [Group("answer", ("yes", "no"))])
    block = to_fill_in(other, {"answer": "a"}, {"answer:yes": "y", "answer:no": "n"}, ["Name"], "x")
    paper = a_paper(block, template=TO_FILL_IN)
    return the_press().typeset(TO_FILL_IN, _plain(paper, CODE, ADDRESS), at=AT)


def test_what_cannot_be_read_is_refused_with_its_reason() -> None:
    for reason, picture in _not_readable():
        with pytest.raises(NotRead) as refused:
            sheet_reading.read([picture], places([SHEET]))
        assert refused.value.args == (reason,)


def test_scans_and_pictures_of_every_kind_are_read_in_the_bounded_process() -> None:
    filled = ticked(page(), SHEET, ["answer:no"])
    scanned = filled.rotate(0.6, Image.Resampling.BICUBIC, fillcolor=250)
    clear = Image.merge("LA", (filled, filled.point(lambda value: 255 - value)))
    turned = Image.Exif()
    turned[0x0112] = 6  # the telephone was held upright
    held = BytesIO()
    filled.rotate(90, expand=True).save(held, "JPEG", exif=turned)
    files = {
        "application/pdf": as_pdf(scanned), "image/png": as_png(clear), "image/jpeg": held.getvalue(),
    }  # fmt: skip

    for media, content in files.items():
        found = the_press().read_sheet(content, media=media, sheets=[SHEET])
        assert {name for name, mark in found.boxes.items() if mark is not Mark.EMPTY} == {
            "answer:no"
        }
        assert found.picture[:2] == b"\xff\xd8"


def test_broken_files_end_as_a_refusal_and_leave_the_press_working() -> None:
    press = Press(seconds=20)
    chance = random.Random(5)
    whole = {
        "image/jpeg": as_jpeg(page().resize((420, 594)), 40), "image/png": as_png(page().resize((420, 594))),
        "application/pdf": as_pdf(page().resize((420, 594))),
    }  # fmt: skip
    bomb = BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    corpus = [
        ("image/png", bomb.getvalue()),
        ("image/jpeg", b""),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
    ]
    for media, content in whole.items():
        corpus += [(media, content[: len(content) // 3]), (media, content[::-1])]
        for _ in range(4):
            broken = bytearray(content)
            for _ in range(chance.randint(1, 60)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            corpus.append((media, bytes(broken)))

    refused = 0
    for media, content in corpus:
        with suppress(SheetNotRead):
            press.read_sheet(content, media=media, sheets=[SHEET])
            continue
        refused += 1
    after = press.read_sheet(printed(), media="application/pdf", sheets=[SHEET])
    press.close()

    assert refused >= 8
    assert set(after.boxes.values()) == {Mark.EMPTY}
