"""What is not what it is said to be is refused; honest files pass."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from core.exchange import images, office
from core.exchange.errors import ContentRefused
from core.exchange.media import BASE_MEDIA, may_be_shown, media_of_corridor, require_content
from tests.builders.broken_files import broken
from tests.builders.packages import PDF, a_jpeg, a_png, a_text_chunk

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def fault(media: str, data: bytes) -> str | None:
    content = io.BytesIO(data)
    content.seek(len(data) // 2)
    try:
        require_content(media, content)
    except ContentRefused as refused:
        return refused.what
    finally:
        assert content.tell() == 0
    return None


def a_document(**changes: Any) -> bytes:
    """The least that is a Word document, with entries changed, added (text) or left out (None)."""
    main = f'<Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/>'
    types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{main}</Types>'
    entries = {"[Content_Types].xml": types, "word/document.xml": "<w/>", **changes}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            if text is not None:
                archive.writestr(name, text)
    return out.getvalue()


def relations(kind: str, target: str, mode: str = "External") -> dict[str, str]:
    one = f'<Relationship Id="r1" Type="{kind}" Target="{target}" TargetMode="{mode}"/>'
    return {
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{one}</Relationships>'
    }


def a_sheet() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "visit"
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("application/pdf", PDF),
        ("application/pdf", PDF + b"\r\n\n"),
        ("application/pdf", b"%PDF-2.0\n" + bytes(3_000) + PDF[9:]),
        ("image/png", a_png()),
        ("image/png", a_png(middle=a_text_chunk(b"made by hand"))),
        ("image/jpeg", a_jpeg()),
        ("image/jpeg", a_jpeg(scan=b"\x01" * 300_000 + b"\xff\x00" * 70_000)),
        ("text/plain", "Ndine wokondwa – \u200fمرحبا\r\n\ttab\f".encode()),
        ("text/plain", b""),
        ("text/plain", b"\xef\xbb\xbfwith a mark"),
        ("text/plain", b"<- see page 2, a < b"),
        ("application/json", b' {"a": [1, 2.5, "\xc3\xa9"]}'),
        ("application/json", b"[" + b"1" * 1_000_000 + b"]\n"),
        ("application/json", b"[" * 64 + b"]" * 64),
        (WORD, a_document()),
        (WORD, a_document(**relations(f"{KINDS}/hyperlink", "https://example.org"))),
        (WORD, a_document(**relations(f"{KINDS}/attachedTemplate", "file:///C:\\Letters\\Office.dotx"))),
        (SHEET, a_sheet()),
    ],
    ids=range(18),
)  # fmt: skip
def test_honest_files_pass(media: str, data: bytes) -> None:
    assert fault(media, data) is None


@pytest.mark.threat("TT34")
@pytest.mark.parametrize(
    ("media", "data", "why"),
    [
        ("application/pdf", HTML + PDF, "not_pdf"),
        ("application/pdf", b"\n" + PDF, "not_pdf"),
        ("application/pdf", PDF + HTML, "pdf_end"),
        ("application/pdf", PDF[:-6], "pdf_end"),
        ("application/pdf", PDF[:20] + HTML + PDF[20:], "script"),
        ("application/pdf", PDF[:20] + b"x" * 262_100 + b"<ScRiPt >" + PDF[20:], "script"),
        ("application/pdf", PDF[:20] + b"<html>" + PDF[20:], "script"),
        ("application/pdf", PDF[:20] + a_document() + PDF[20:], "pdf_archive"),
        ("application/pdf", SVG, "not_pdf"),
        ("application/pdf", b"", "not_pdf"),
        ("image/png", a_png(after=HTML), "after_end"),
        ("image/png", a_png(middle=a_text_chunk(HTML)), "script"),
        ("image/png", a_png()[:-1], "png_structure"),
        ("image/png", a_png()[:40] + b"x" + a_png()[41:], "png_structure"),
        ("image/png", a_png(middle=a_text_chunk(b"made by hand")[:-1] + b"x"), "png_structure"),
        ("image/png", a_jpeg(), "not_png"),
        ("image/png", b"\x89PNG\r\n\x1a\n", "png_structure"),
        ("image/png", SVG, "not_png"),
        ("image/jpeg", a_jpeg(after=b"a film"), "after_end"),
        ("image/jpeg", a_jpeg(comment=HTML), "script"),
        ("image/jpeg", a_jpeg()[:-2], "jpeg_structure"),
        ("image/jpeg", a_jpeg()[:40], "jpeg_structure"),
        ("image/jpeg", b"\xff\xd8\xff\xd9", "jpeg_structure"),
        ("image/jpeg", b"\xff\xd8" + b"\xff" * 50, "jpeg_structure"),
        ("image/jpeg", b"\xff\xd8\xff\xe0\xff\xff", "jpeg_structure"),
        ("image/jpeg", PDF, "not_jpeg"),
        ("text/plain", HTML, "not_text"),
        ("text/plain", b"\xef\xbb\xbf \r\n<ScRipt>", "not_text"),
        ("text/plain", SVG, "not_text"),
        ("text/plain", b"<?xml version='1.0'?>", "not_text"),
        ("text/plain", PDF, "not_text"),
        ("text/plain", b"x\x00", "control"),
        ("text/plain", b"x\x1b[2J", "control"),
        ("text/plain", "x\x85".encode(), "control"),
        ("text/plain", b"caf\xe9", "not_utf8"),
        ("text/plain", b"x" * 262_144 + b"\xc3", "not_utf8"),
        ("application/json", b"", "not_json"),
        ("application/json", b'"text"', "not_json"),
        ("application/json", b'{"a":1} {"b":2}', "not_json"),
        ("application/json", b'{"a":1', "not_json"),
        ("application/json", b'{"a":NaN}', "not_json"),
        ("application/json", b"[" * 100_000, "json_depth"),
        ("application/json", b"[" * 65 + b"]" * 65, "json_depth"),
        ("application/json", b"[" * 100_001, "json_size"),
        ("application/json", b"[" + b"1" * 10_000_000 + b"]", "json_size"),
        ("application/json", b"[01]", "not_json"),
        ("application/json", b'["a\nb"]', "not_json"),
        ("application/json", b"[Infinity]", "not_json"),
        ("application/json", b"\xef\xbb\xbf{}", "not_json"),
        ("application/json", '{"a":1}'.encode("utf-16"), "not_json"),
        ("image/svg+xml", SVG, "media"),
        ("text/html", HTML, "media"),
        ("application/zip", b"PK\x05\x06" + bytes(18), "media"),
    ],
    ids=range(53),
)  # fmt: skip
def test_what_is_not_what_it_is_said_to_be_is_refused(media: str, data: bytes, why: str) -> None:
    assert fault(media, data) == why


@pytest.mark.threat("TT34")
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (a_document(**{"word/vbaProject.bin": "x"}), "macro"),
        (a_document(**{"[Content_Types].xml": f'<Types><Override ContentType="{WORD}.main+xml"/>'
                       '<Default ContentType="application/vnd.ms-office.vbaProject"/></Types>'}), "macro"),
        (a_document(**{"[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-word.document.'
                       'macroEnabled.main+xml"/></Types>'}), "not_office"),
        (a_document(**{"word/activeX/activeX1.xml": "x"}), "macro"),
        (a_document(**{"word/embeddings/oleObject1.bin": "x"}), "macro"),
        (a_document(**relations(f"{KINDS}/attachedTemplate", "https://example.org/x.dotm")), "outside_link"),
        (a_document(**relations(f"{KINDS}/attachedTemplate", "\\\\example.org\\x.dotm")), "outside_link"),
        (a_document(**relations(f"{KINDS}/image", "https://example.org/seen.png")), "outside_link"),
        (a_document(**relations("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "x", "Internal")), "macro"),
        (a_document(**{"[Content_Types].xml": None}), "not_office"),
        (a_document(**{"[Content_Types].xml": '<!DOCTYPE x [<!ENTITY a "b">]><Types/>'}), "office_structure"),
        (a_document(**{"[Content_Types].xml": "<Types>" + " " * 1_100_000 + "</Types>"}), "office_size"),
        (a_document(**{f"word/_rels/{n}.rels": "<a/>" * 250_000 for n in range(2)}), "office_size"),
        (a_document() + b"after", "office_structure"),
        (b"before" + a_document(), "not_office"),
        (b"PK\x03\x04" + HTML + a_document(), "office_structure"),
        (a_document()[:-30], "office_structure"),
        (a_sheet(), "not_office"),
        (HTML, "not_office"),
    ],
    ids=range(19),
)  # fmt: skip
def test_an_office_document_with_macros_or_a_way_to_fetch_them_is_refused(
    data: bytes, why: str
) -> None:
    assert fault(WORD, data) == why


@pytest.mark.threat("TT34")
def test_an_office_document_that_unpacks_without_end_is_refused_from_its_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office, "_MAX_UNPACKED", 1_000)

    assert fault(WORD, a_document(**{"word/media/a.png": "0" * 2_000})) == "office_size"


def test_a_corridor_adds_only_what_the_protocol_knows() -> None:
    assert media_of_corridor([WORD]) == BASE_MEDIA | {WORD}
    assert media_of_corridor([]) == BASE_MEDIA
    for media in ("application/vnd.ms-word.document.macroEnabled.12", "image/svg+xml", "text/html"):
        with pytest.raises(ContentRefused):
            media_of_corridor([media])


@pytest.mark.threat("TT34")
def test_only_pictures_and_pdf_are_shown_inside_a_page() -> None:
    assert {media for media in (*BASE_MEDIA, WORD, SHEET) if may_be_shown(media)} == {
        "application/pdf", images.JPEG, images.PNG,
    }  # fmt: skip


@pytest.mark.threat("TT34")
@pytest.mark.parametrize("kind", ["pdf", "png", "jpeg", "word", "sheet", "json"])
def test_a_broken_paper_is_refused_or_taken_and_never_ends_the_process(kind: str) -> None:
    media, good = {
        "pdf": ("application/pdf", PDF), "png": (images.PNG, a_png(middle=a_text_chunk(b"x" * 40))),
        "jpeg": (images.JPEG, a_jpeg(comment=b"x" * 40)), "word": (WORD, a_document()), "sheet": (SHEET, a_sheet()),
        "json": ("application/json", b'{"a": [1, -2.5e7, "\\u00e9", true, null, {"b": "\xc3\xa9"}]}'),
    }[kind]  # fmt: skip

    found = [fault(media, broken(seed, good)) for seed in range(400)]

    assert sum(why is not None for why in found) > 200
