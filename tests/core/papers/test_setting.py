"""Type is set with nothing held: asked for in one look, set outside, found in the next; what changed is set anew."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from core.papers import setting
from core.papers.press import FileNotDrawn, NotPrintable, Page
from core.papers.setting import NotSetYet, SetOutside
from tests.builders.papers import AT

PAPER = {"title": "A decision"}


class Fake:
    """A press that counts what it does."""

    def __init__(self) -> None:
        self.set: list[str] = []
        self.read: list[str] = []

    def typeset(self, template: str, paper: Mapping[str, Any], *, at: datetime) -> bytes:
        self.set.append(paper["title"])
        if paper["title"] == "no font":
            raise NotPrintable
        return f"{template} {paper['title']} {at.year}".encode()

    def drawn(self, file: str, load: Callable[[], bytes], *, media: str, most: int) -> list[Page]:
        self.read.append(file)
        content = load()
        if content == b"broken":
            raise FileNotDrawn
        return [Page(media, content.decode(), 1, 1, "")][:most]


def ask(outside: SetOutside, title: str = "A decision") -> bytes:
    return outside.typeset("paper", {"title": title}, at=AT)


def test_a_paper_is_asked_for_set_once_and_found_as_often_as_it_is_looked_for() -> None:
    press = Fake()
    outside = SetOutside(press)

    with pytest.raises(NotSetYet):
        ask(outside)
    assert press.set == []
    outside.set_all()

    assert ask(outside) == ask(outside) == b"paper A decision 2026"
    assert press.set == ["A decision"]


def test_a_record_that_changed_meanwhile_is_set_as_it_is_now() -> None:
    outside = SetOutside(Fake())
    with pytest.raises(NotSetYet):
        ask(outside)
    outside.set_all()

    with pytest.raises(NotSetYet):
        ask(outside, "Another decision")
    outside.set_all()

    assert ask(outside, "Another decision") == b"paper Another decision 2026"


def test_what_the_press_refuses_is_refused_in_the_look_that_needs_it() -> None:
    outside = SetOutside(Fake())
    with pytest.raises(NotSetYet):
        ask(outside, "no font")

    outside.set_all()

    with pytest.raises(NotPrintable):
        ask(outside, "no font")


def test_files_are_read_once_and_drawn_before_the_words_are_set() -> None:
    press = Fake()
    outside = SetOutside(press)
    loads = []

    def load() -> bytes:
        loads.append(1)
        return b"picture"

    def look() -> list[Page]:
        pages = outside.drawn("a", load, media="image/png", most=9)
        if not pages:
            with pytest.raises(NotSetYet):
                ask(outside)
        return pages

    assert look() == []
    assert (press.read, press.set) == ([], [])
    outside.set_all()

    assert [page.picture for page in look()] == ["picture"]
    assert loads == [1]
    with pytest.raises(NotSetYet):
        ask(outside)


def test_pictures_beyond_what_one_paper_may_hold_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(setting, "MOST_DRAWN", 10)
    press = Fake()
    outside = SetOutside(press)
    for name, content in (("a", b"1234567"), ("b", b"broken"), ("c", b"7654321"), ("d", b"1")):
        outside.drawn(name, lambda kept=content: kept, media="image/png", most=1)  # type: ignore[misc]

    outside.set_all()

    assert len(outside.drawn("a", bytes, media="image/png", most=1)) == 1
    for name in "bcd":
        with pytest.raises(FileNotDrawn):
            outside.drawn(name, bytes, media="image/png", most=1)
    assert press.read == ["a", "b", "c"]
