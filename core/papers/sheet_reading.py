"""Reading a filled-in sheet from a picture: find its marks, straighten the page, judge each box beside its paper.

Runs in the bounded process of ``press_child`` only: what people send is opened nowhere else. A box is ticked, empty, or
unclear; whatever hides it makes it unclear. Shadows do not count as ink: a shadow is wider than a box, a stroke is not.
Source: decision 0020.
"""

import base64
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from core.papers.sheet import BOX_SIDE, CORNERS, MARK_SIDE, PAGE, Corner, Mark, corner_of

Picture: TypeAlias = npt.NDArray[np.uint8]
Field: TypeAlias = npt.NDArray[np.float32]
Quad: TypeAlias = list[tuple[float, float]]
Places: TypeAlias = Mapping[str, Sequence[Sequence[Any]]]

MOST_POINTS: Final = 60_000_000
QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SIDE: Final = 3200
_SCALE: Final = 8  # points for a millimetre of the straightened page
_SHADE: Final = 7.0  # mm: what is dark and narrower than this is ink
_BENT: Final = 1.2  # mm between where a mark is and where it should be
_MARKS_NEEDED: Final = 3
_HIDDEN: Final = (
    0.2  # of the boxes: when more are not at their places, the page is bent, folded or covered
)
_SLACK: Final = 1.25  # mm a box may be away from its place
_AROUND: Final = 2.5  # mm that are looked at on each side of a box
_FRAME: Final = 0.45  # mm of the printed frame
_INSIDE: Final = 1.0  # mm from the frame's outer edge to where ink counts
_FAINT: Final = 0.14
_CLEAN: Final = 0.012
_INKED: Final = 0.055
_SHOWN: Final = (1050, 1485)


class NotRead(ValueError):
    """No sheet could be read; ``args[0]`` says why as a code."""


def open_picture(content: bytes) -> Image.Image:
    """Open a JPEG or PNG within its limits, upright, in shades of grey, on white paper.

    Raises:
        NotRead: no such picture, or too large.
    """
    try:
        found = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
        is_small = found.width * found.height <= MOST_POINTS
        if is_small:
            found.draft("L", (_SIDE, _SIDE))
            return _grey(ImageOps.exif_transpose(found))
    except Exception as error:
        raise NotRead("no_picture") from error
    raise NotRead("no_picture")


def read(pictures: Sequence[Image.Image], sheets: Places) -> dict[str, Any]:
    """Read the one sheet on some pictures.

    Returns ``sheet``, ``code`` (the other code on the page; empty when it was not read), ``boxes`` (name to mark) and
    ``picture``, the straightened page as a JPEG in base64.

    Raises:
        NotRead: ``no_marks``, ``few_marks``, ``several_sheets``, ``unknown_sheet``, ``not_flat``, ``too_dark``.
    """
    seen = [(picture, *_codes(picture)) for picture in pictures]
    with_marks = [one for one in seen if one[1]]
    if not with_marks:
        raise NotRead("no_marks")
    if len(with_marks) > 1 or len({sheet for sheet, _ in with_marks[0][1]}) > 1:
        raise NotRead("several_sheets")
    picture, marks, others = with_marks[0]
    name = next(sheet for sheet, _ in marks)
    if name not in sheets:
        raise NotRead("unknown_sheet")
    if len(marks) < _MARKS_NEEDED:
        raise NotRead("few_marks")
    page = _straightened(picture, {corner: quad for (_, corner), quad in marks.items()})
    if len(set(others)) > 1:
        raise NotRead("several_codes")
    return {
        "sheet": name,
        "code": others[0] if others else "",
        "boxes": _judged(np.asarray(page), sheets[name]),
        "picture": _shown(page),
    }


def _grey(found: Image.Image) -> Image.Image:
    if found.mode.startswith(("I", "F")):
        found = found.point(lambda value: value * (1 / 256)).convert("L")
    if "A" in found.mode or "transparency" in found.info:
        whole = found.convert("RGBA")
        white = Image.new("RGBA", whole.size, "white")
        found = Image.alpha_composite(white, whole)
    grey = found.convert("L")
    grey.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return grey


def _codes(picture: Image.Image) -> tuple[dict[tuple[str, Corner], Quad], list[str]]:
    """Return the marks by sheet and corner, and the texts of other codes; looks again with shadows taken out."""
    marks: dict[tuple[str, Corner], Quad] = {}
    others: list[str] = []
    for attempt in _attempts(picture):
        scale = picture.width / attempt.width
        for code in zxingcpp.read_barcodes(np.asarray(attempt), formats=QR):
            quad = [
                (corner.x * scale, corner.y * scale)
                for corner in (
                    code.position.top_left, code.position.top_right, code.position.bottom_right,
                    code.position.bottom_left,
                )
            ]  # fmt: skip
            found = corner_of(code.text)
            if found is not None:
                marks.setdefault(found, quad)
            elif code.text not in others:
                others.append(code.text)
        if others and len(marks) >= len(CORNERS):
            break
    return marks, others


def _attempts(picture: Image.Image) -> Any:
    yield picture
    flat = _without_shade(picture)
    yield flat
    yield flat.filter(ImageFilter.UnsharpMask(3, 250, 0))
    half = (max(1, picture.width // 2), max(1, picture.height // 2))
    yield flat.resize(half, Image.Resampling.BOX)


def _without_shade(picture: Image.Image) -> Image.Image:
    points = np.asarray(picture)
    light = _light(points, max(9, picture.width // 24))
    return Image.fromarray(
        np.clip(points.astype(np.float32) / np.maximum(light, 1) * 255, 0, 255).astype(np.uint8)
    )


def _straightened(picture: Image.Image, marks: Mapping[Corner, Quad]) -> Image.Image:
    """Return the page as if it lay flat and upright before us, ``_SCALE`` points a millimetre."""
    there: list[tuple[float, float]] = []
    here: list[tuple[float, float]] = []
    for corner, quad in marks.items():
        x, y = CORNERS[corner]
        there += [(x, y), (x + MARK_SIDE, y), (x + MARK_SIDE, y + MARK_SIDE), (x, y + MARK_SIDE)]
        here += quad
    to_page = _homography(here, there)
    off = np.hypot(*(_moved(to_page, here) - np.array(there)).T)
    if float(off.max()) > _BENT:
        raise NotRead("not_flat")
    to_picture = _homography([(x * _SCALE, y * _SCALE) for x, y in there], here)
    size = (int(PAGE[0] * _SCALE), int(PAGE[1] * _SCALE))
    return picture.transform(
        size, Image.Transform.PERSPECTIVE, tuple(to_picture.ravel()[:8]),
        Image.Resampling.BILINEAR, fillcolor=255,
    )  # fmt: skip


def _homography(
    source: Sequence[tuple[float, float]], target: Sequence[tuple[float, float]]
) -> npt.NDArray[np.float64]:
    """Return the projection that carries the points of one plane to another, by least squares."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    found, *_ = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)
    return np.append(found, 1.0).reshape(3, 3)


def _moved(
    by: npt.NDArray[np.float64], points: Sequence[tuple[float, float]]
) -> npt.NDArray[np.float64]:
    whole = np.column_stack([np.array(points), np.ones(len(points))]) @ by.T
    moved: npt.NDArray[np.float64] = whole[:, :2] / whole[:, 2:]
    return moved


def _light(points: Picture, width: int) -> Picture:
    """Return how bright the paper is at each point: what is narrower than ``width`` and dark is taken out."""
    wide = _spread(_spread(points, width, np.maximum, 0), width, np.maximum, 1)
    return _spread(_spread(wide, width, np.minimum, 0), width, np.minimum, 1)


def _spread(points: Picture, width: int, pick: Any, axis: int) -> Picture:
    """Return the largest or smallest of ``width`` neighbours along one axis, the point in their middle."""
    edge = [(0, 0), (0, 0)]
    edge[axis] = (width // 2, width - 1 - width // 2)
    found = np.pad(points, edge, mode="edge")
    done = 1
    while done < width:
        step = min(done, width - done)
        size = found.shape[axis] - step
        found = pick(_part(found, axis, 0, size), _part(found, axis, step, size + step))
        done += step
    return found


def _part(points: Picture, axis: int, start: int, end: int) -> Picture:
    return points[start:end] if axis == 0 else points[:, start:end]


def _judged(page: Picture, boxes: Sequence[Sequence[Any]]) -> dict[str, str]:
    light = _light(page, int(_SHADE * _SCALE))
    if float(np.median(light)) < 24:  # noqa: PLR2004  nothing is seen on such paper
        raise NotRead("too_dark")
    soft = np.asarray(Image.fromarray(page).filter(ImageFilter.GaussianBlur(0.12 * _SCALE)))
    ink = (1 - soft.astype(np.float32) / np.maximum(light, 1)).clip(0, 1).astype(np.float32)
    marks = {str(name): _mark(ink, float(x), float(y)) for name, x, y in boxes}
    if sum(mark is None for mark in marks.values()) > _HIDDEN * len(marks):
        raise NotRead("not_flat")
    return {name: (mark or Mark.UNCLEAR).value for name, mark in marks.items()}


def _mark(ink: Field, x: float, y: float) -> Mark | None:
    """Judge one box: its printed frame must be found at its place, and tells how dark ink is here; None without it."""
    around = _cut(ink, x, y, -_AROUND, BOX_SIDE + _AROUND)
    at = _frame_place(around)
    if at is None:
        return None
    left, top = at
    side, frame, inside = (int(length * _SCALE) for length in (BOX_SIDE, _FRAME, _INSIDE))
    box = around[top : top + side, left : left + side]
    edge = np.concatenate(
        [box[:frame].ravel(), box[-frame:].ravel(), box[:, :frame].ravel(), box[:, -frame:].ravel()]
    )
    paper = np.concatenate([around[:4].ravel(), around[-4:].ravel(), around[:, :4].ravel()])
    base = float(np.median(paper))
    dark = float(np.percentile(edge, 70)) - base
    within = box[inside:-inside, inside:-inside] - base
    if dark < _FAINT:
        return Mark.UNCLEAR
    inked = float((within > max(0.085, min(0.3, 0.38 * dark))).mean())
    if inked >= _INKED:
        return Mark.TICKED
    return Mark.EMPTY if inked <= _CLEAN else Mark.UNCLEAR


def _cut(ink: Field, x: float, y: float, before: float, after: float) -> Field:
    top, left = int((y + before) * _SCALE), int((x + before) * _SCALE)
    size = int((after - before) * _SCALE)
    return ink[max(0, top) : top + size, max(0, left) : left + size]


def _frame_place(around: Field) -> tuple[int, int] | None:
    """Return where in a cut a frame is, by all four of its edges and none of a neighbour's; None where none is."""
    side, frame = int(BOX_SIDE * _SCALE), int(_FRAME * _SCALE)
    first = int((_AROUND - _SLACK) * _SCALE)
    count = int(2 * _SLACK * _SCALE) + 1
    sums = np.pad(around.cumsum(0, dtype=np.float64).cumsum(1), ((1, 0), (1, 0)))

    def mean(top: int, left: int, height: int, width: int) -> Field:
        """Return how dark a part is, for every place the box may be at."""

        def at(down: int, across: int) -> Field:
            return sums[first + down :, first + across :][:count, :count]

        total = at(top + height, left + width) - at(top, left + width)
        total = total - at(top + height, left) + at(top, left)
        return total / np.float32(height * width)

    far = side - frame
    edges = (
        mean(0, 0, frame, side), mean(far, 0, frame, side),
        mean(0, 0, side, frame), mean(0, far, side, frame),
    )  # fmt: skip
    weakest = np.minimum.reduce(edges)
    top, left = np.unravel_index(int((weakest + sum(edges) / 100).argmax()), weakest.shape)
    if float(weakest[top, left]) < _FAINT:
        return None
    return first + int(left), first + int(top)


def _shown(page: Image.Image) -> str:
    """Return the straightened page, light enough for a slow line."""
    out = BytesIO()
    page.resize(_SHOWN, Image.Resampling.LANCZOS).save(out, "JPEG", quality=55, optimize=True)
    return base64.b64encode(out.getvalue()).decode("ascii")
