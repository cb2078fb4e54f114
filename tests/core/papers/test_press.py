"""The press sets what people wrote as they wrote it, the same every time, and never for long."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf

from core.papers.issuing import _plain
from core.papers.paper import Paper, facts, heading, quote, table, text
from core.papers.press import FileNotDrawn, NotPrintable, Press, PressFailed, the_press, visible
from tests.builders.papers import ADDRESS, AT, a_paper, words_on

CODE = "ABCDEFGHJKLM"
MARKUP = (
    '#panic("gone")', "#set page(fill: red)", "$ x^2 $", "*bold* _low_ `raw`", "<label> @label", "\\u{41}", '"); #read("x")',
    "= Heading", "- item\n+ item", "// comment", "/* comment */", "https://example.org", "{{ code }}", '#image("/etc/passwd")',
)  # fmt: skip


def printed(paper: Paper) -> bytes:
    return the_press().typeset(paper.template, _plain(paper, CODE, ADDRESS), at=paper.at)


@pytest.mark.parametrize("number", range(len(MARKUP)))
def test_a_name_with_signs_of_markup_is_printed_as_it_is(number: int) -> None:
    name = MARKUP[number]

    shown = words_on(
        printed(a_paper(facts([("Name", name)]), table(("A",), [(name,)]), title=name))
    )

    for part in name.split("\n"):
        squeezed = "".join(part.split())
        assert "".join(shown.split()).count(squeezed) >= 3


@settings(max_examples=25)
@given(st.text(alphabet="#$*_`<>@\\\"'()[]{}=/-+~^&|%;:,.! abc\n", max_size=120))
def test_no_text_of_markup_changes_a_paper(words: str) -> None:
    shown = words_on(printed(a_paper(heading("Before"), text(words), quote("After"))))

    assert shown.index("Before") < shown.index("After")
    assert "".join(words.split()) in "".join(shown.split())


def test_the_same_paper_is_the_same_bytes_also_in_another_process() -> None:
    other = Press()

    first, again = printed(a_paper()), printed(a_paper())
    apart = other.typeset("paper", _plain(a_paper(), CODE, ADDRESS), at=AT)
    other.close()

    assert first == again == apart


def test_a_paper_is_tagged_in_its_language_and_says_which_standards_it_keeps() -> None:
    with Pdf.open(BytesIO(printed(a_paper(language="fr", title="Décision")))) as document:
        root, told = document.Root, document.open_metadata()

        assert str(root.Lang) == "fr"
        assert root.MarkInfo.Marked
        assert Name.StructTreeRoot in root
        assert root.ViewerPreferences.DisplayDocTitle
        assert told["dc:title"] == "Décision"
        assert told["pdfuaid:part"] == "1"
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260302")


def test_every_table_says_what_its_columns_mean() -> None:
    """What a reader with a screen reader needs and the standards checked on setting do not ask for."""
    paper = a_paper(facts([("Name", "Amani")]), table(("When", "Who"), [("today", "somebody")]))

    with Pdf.open(BytesIO(printed(paper))) as document:
        kinds = list(_kinds(document.Root.StructTreeRoot.K))

    tables = [below for kind, below in kinds if kind == "/Table"]
    assert len(tables) == 1
    assert all("/TH" in below for below in tables)


def test_letters_of_the_languages_of_the_region_are_printed() -> None:
    words = "ŋ Ŋ ŵ Ŵ ñ Ñ ã õ ç é è ê à ü ¿ ¡ ß œ Œ ’ “ ” – … n̄ m̂ Chiŵerengero Silozi bañi umwana ng’anda"

    shown = words_on(printed(a_paper(text(words), title=words)))

    for word in ("Chiŵerengero", "bañi", "ng’anda", "Œ", "Ŋ"):
        assert word in shown


def test_a_script_no_font_has_is_refused_and_not_left_out() -> None:
    with pytest.raises(NotPrintable):
        printed(a_paper(facts([("Name", "አበበ")])))


def test_signs_that_cannot_be_seen_are_left_out() -> None:
    assert visible({"a": ["x\u202ey\x00z", "a\u200bb\ud800", 3, None]}) == {
        "a": ["xyz", "ab", 3, None]
    }


def test_a_paper_that_takes_too_long_is_given_up_and_the_next_is_printed() -> None:
    press = Press(seconds=0.02)
    long = a_paper(*(text(f"{n} " + "word " * 200) for n in range(3000)))

    with pytest.raises(PressFailed):
        press.typeset("paper", _plain(long, CODE, ADDRESS), at=AT)
    press._seconds = 20.0
    after = press.typeset("paper", _plain(a_paper(), CODE, ADDRESS), at=AT)
    press.close()

    assert after.startswith(b"%PDF")


def test_the_process_that_meets_foreign_files_is_told_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BID_SMTP_URL", "smtp://user:secret@host")
    monkeypatch.setenv("BID_DATABASE_URL", "postgresql://user:secret@host/name")
    press = Press()
    press.typeset("paper", _plain(a_paper(), CODE, ADDRESS), at=AT)

    assert press._process is not None
    told = Path(f"/proc/{press._process.pid}/environ").read_bytes()
    press.close()

    assert b"PATH=" in told
    assert b"secret" not in told


def test_pages_of_a_file_are_drawn_with_the_words_on_them() -> None:
    pages = the_press().pages(printed(a_paper()), most=3)

    assert len(pages) == 1
    assert "The child stays." in pages[0].words
    assert pages[0].height > pages[0].width > 600


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"\x00" * 1000])
def test_a_file_that_is_none_is_not_drawn(content: bytes) -> None:
    with pytest.raises(FileNotDrawn):
        the_press().pages(content, most=3)


def test_a_file_of_too_many_pages_is_not_drawn() -> None:
    many = printed(
        a_paper(*(block for _ in range(4) for block in (text("A page"), {"kind": "break"})))
    )

    with pytest.raises(FileNotDrawn):
        the_press().pages(many, most=3)


def _kinds(node: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield each element of a tree of tags with the kinds below it."""
    for child in node if isinstance(node, Array) else [node]:
        if isinstance(child, Dictionary) and "/S" in child:
            below = list(_kinds(child.K)) if "/K" in child else []
            yield str(child.S), {kind for kind, _ in below}
            yield from below


def test_nobody_waits_for_the_press_longer_than_a_paper_may_take() -> None:
    press = Press(seconds=0.05)

    with press._lock, pytest.raises(PressFailed):
        press.typeset("paper", {}, at=AT)
