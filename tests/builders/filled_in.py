"""Sheets filled in by hand and sent back: pens that tremble, telephones held askew, shadows, scanners."""

import random
from collections.abc import Iterable
from io import BytesIO

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from core.papers.issuing import _plain
from core.papers.paper import TO_FILL_IN
from core.papers.press import the_press
from core.papers.sheet import BOX_SIDE, PAGE, Sheet
from core.papers.words import spoken
from tests.builders.papers import ADDRESS, AT, a_paper
from transfers.rules.answer_sheets import SHEETS
from transfers.service import answer_forms

DOTS = 6  # for a millimetre of the drawn page
HANDS = ("cross", "check", "filled", "slash", "scribble")


def drawn(pdf: bytes, page: int = 0) -> Image.Image:
    """A printed page as it lies on a table."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=DOTS * 25.4 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    page_as_drawn: Image.Image = picture.convert("L").resize(
        (int(PAGE[0] * DOTS), int(PAGE[1] * DOTS))
    )
    return page_as_drawn


def ticked(
    page: Image.Image, sheet: Sheet, names: Iterable[str], *, hand: str = "cross", pen: float = 0.5,
    grey: int = 40, chance: random.Random | None = None,
) -> Image.Image:  # fmt: skip
    """Somebody ticks boxes with a pen of so many millimetres, never quite where they are."""
    chance = chance or random.Random(1)
    done = page.copy()
    draw = ImageDraw.Draw(done)
    width = max(1, round(pen * DOTS))
    for name in names:
        box = sheet.box(name)

        def at(x: float, y: float, box=box) -> tuple[float, float]:
            shake = [chance.uniform(-0.35, 0.35) for _ in range(2)]
            return ((box.x + x + shake[0]) * DOTS, (box.y + y + shake[1]) * DOTS)

        side = BOX_SIDE
        strokes = {
            "cross": [
                [at(0.6, 0.6), at(side - 0.6, side - 0.6)],
                [at(side - 0.6, 0.6), at(0.6, side - 0.6)],
            ],
            "check": [[at(0.9, 2.6), at(2.0, side - 0.9), at(side + 0.5, -0.4)]],
            "slash": [[at(0.5, side - 0.5), at(side - 0.5, 0.5)]],
            "scribble": [[at(0.8 + 0.45 * n, 1.0 if n % 2 else side - 1.0) for n in range(8)]],
            "filled": [],
        }[hand]
        for stroke in strokes:
            draw.line(stroke, fill=grey, width=width, joint="curve")
        if hand == "filled":
            draw.rectangle([at(0.5, 0.5), at(side - 0.5, side - 0.5)], fill=grey)
    return done


def photographed(
    page: Image.Image, *, turn: float = 0, tilt: float = 0, shadow: float = 0, blur: float = 0,
    noise: float = 0, wide: int = 1800, dim: float = 1.0, chance: random.Random | None = None,
) -> Image.Image:  # fmt: skip
    """A telephone looks at a page on a dark table: turned, tilted, under somebody's shadow, not quite sharp."""
    chance = chance or random.Random(2)
    margin = int(0.15 * page.width)
    table = Image.new("L", (page.width + 2 * margin, page.height + 2 * margin), 90)
    table.paste(page, (margin, margin))
    width, height = table.size
    pull = tilt * width
    corners = [
        (chance.uniform(-pull, pull), chance.uniform(-pull, pull)),
        (width + chance.uniform(-pull, pull), chance.uniform(-pull, pull)),
        (width + chance.uniform(-pull, pull), height + chance.uniform(-pull, pull)),
        (chance.uniform(-pull, pull), height + chance.uniform(-pull, pull)),
    ]
    rows, values = [], []
    for (x, y), (u, v) in zip(
        [(0, 0), (width, 0), (width, height), (0, height)], corners, strict=True
    ):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    bent = table.transform(
        table.size, Image.Transform.PERSPECTIVE, tuple(np.linalg.solve(np.array(rows), np.array(values))),
        Image.Resampling.BICUBIC, fillcolor=90,
    )  # fmt: skip
    turned = bent.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=90)
    seen = turned.resize((wide, int(wide * turned.height / turned.width)), Image.Resampling.LANCZOS)
    points = np.asarray(seen).astype(np.float32) * dim
    if shadow:
        across = np.linspace(0, 1, seen.width)[None, :] + np.linspace(0, 0.6, seen.height)[:, None]
        edge = chance.uniform(0.4, 1.1)
        points *= 1 - shadow / (1 + np.exp(-(across - edge) * 60))
        points *= 1 - 0.25 * np.linspace(0, 1, seen.height)[:, None]
    if noise:
        points += np.random.default_rng(3).normal(0, noise, points.shape)
    done = Image.fromarray(points.clip(0, 255).astype(np.uint8))
    return done.filter(ImageFilter.GaussianBlur(blur)) if blur else done


def as_jpeg(picture: Image.Image, quality: int = 70) -> bytes:
    """What a telephone sends."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def as_png(picture: Image.Image) -> bytes:
    """What a scanner makes."""
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def as_pdf(*pictures: Image.Image) -> bytes:
    """A scan as most offices send it."""
    out = BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=200)
    return out.getvalue()


def an_empty_form(name: str, language: str = "en") -> bytes:
    """The form of one kind of message, as it is printed; it belongs to no transfer."""
    block = answer_forms.block_of(spoken()[language], SHEETS[name])
    paper = a_paper(block, template=TO_FILL_IN, kind="answer_form", language=language)
    return the_press().typeset(TO_FILL_IN, _plain(paper, "LGGE7G99RJKZ", ADDRESS), at=AT)
