"""The proof in a paper's file holds for exactly the bytes that were printed, and for nothing added."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Pdf

from core.exchange.encoding import digest
from core.papers.issuing import _plain
from core.papers.press import the_press
from core.papers.proof import ended, has_mark, read_proof, with_proof
from tests.builders.papers import ADDRESS, AT, a_paper


@pytest.fixture(scope="module")
def printed() -> bytes:
    return the_press().typeset("paper", _plain(a_paper(), "ABCDEFGHJKLM", ADDRESS), at=AT)


def test_a_proof_is_read_back_and_the_printed_bytes_stay_as_they_are(printed: bytes) -> None:
    whole = with_proof(printed, "aa.bb.cc", "dd.ee.ff")

    found = read_proof(whole)

    assert found is not None
    assert (found.token, found.statement) == ("aa.bb.cc", "dd.ee.ff")
    assert found.sha256 == digest(ended(printed))
    assert whole.startswith(printed)


def test_the_file_is_a_whole_pdf_for_others_too(printed: bytes) -> None:
    whole = with_proof(printed, "aa.bb.cc", "dd.ee.ff")

    with Pdf.open(BytesIO(whole)) as document:
        assert str(document.trailer.BIDP_Paper.Token) == "aa.bb.cc"
        assert len(document.pages) == 1
        assert document.check_pdf_syntax() == []


def test_a_file_without_a_proof_has_none(printed: bytes) -> None:
    assert read_proof(printed) is None
    assert not has_mark(printed)


@settings(max_examples=60)
@given(data=st.data())
def test_any_changed_byte_shows(printed: bytes, data: st.DataObject) -> None:
    whole = with_proof(printed, "aa.bb.cc", "dd.ee.ff")
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]

    found = read_proof(changed)

    before = read_proof(whole)
    assert found is None or found != before


@pytest.mark.parametrize("more", [b"\n", b"%", b"1 0 obj\n<<>>\nendobj\n"])
def test_whatever_is_added_behind_ends_the_proof(printed: bytes, more: bytes) -> None:
    assert read_proof(with_proof(printed, "aa.bb.cc", "") + more) is None


def test_a_paper_has_one_proof(printed: bytes) -> None:
    once = with_proof(printed, "aa.bb.cc", "")

    with pytest.raises(ValueError, match=r"^$"):
        with_proof(once, "xx.yy.zz", "")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c)", "a.b.c\n", "a" * 40_000 + ".b.c"])
def test_what_is_no_token_is_never_written(printed: bytes, token: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        with_proof(printed, token, "")
