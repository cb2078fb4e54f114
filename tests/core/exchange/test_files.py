"""A file is looked at before it is read, and whatever is wrong with it costs little and changes nothing."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange import deliveries, files
from core.exchange.errors import FileRefused
from core.exchange.kinds import CHUNK, MAX_SEALED_PART, Kind
from tests.builders.broken_files import (
    DEFLATED,
    FOLDER,
    LINK,
    Written,
    a_file,
    a_package,
    broken,
    entries_of,
    judged,
    written,
)
from tests.builders.exchange import NAMIBIA, NOW, ZAMBIA, a_token, pinned_keys_of
from tests.builders.packages import DELIVERY_ID, MemoryShelf, a_part, opened_from, sealed_on

DELIVERY, SHELF = a_package()
LABEL, TOKEN, BOX, ONE, TWO = entries_of(DELIVERY, SHELF)
GOOD = [LABEL, TOKEN, BOX, ONE, TWO]
MANY = [Written(f"parts/{n:04d}", b"x" * 16) for n in range(1, 66)]


def refusal(data: bytes | BinaryIO) -> str:
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    with pytest.raises(FileRefused) as caught:
        files.read_file(file)
    return caught.value.why


def changed(place: int, **changes: Any) -> list[Written]:
    return [replace(entry, **changes) if at == place else entry for at, entry in enumerate(GOOD)]


class Forward(io.RawIOBase):
    """Somewhere bytes can only be written to, as on a line."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, block: Any, /) -> int:
        self.data += bytes(block)
        return len(block)


def test_a_package_handed_over_as_a_file_opens() -> None:
    file = io.BytesIO(a_file())

    sealed = files.read_file(file)
    delivery = deliveries.read(sealed.delivery, pinned_keys_of(ZAMBIA), us=NAMIBIA, now=NOW)
    sealed.require(delivery)

    assert delivery == DELIVERY
    assert sealed.statement is None
    assert deliveries.wrong_parts(delivery, sealed) == ()
    with opened_from(sealed, delivery) as opened:
        assert opened.parts[1].content.read() == b"0123456789" * 20


def test_the_same_package_is_always_the_same_file() -> None:
    out = io.BytesIO()
    files.write_file(out, DELIVERY, SHELF)

    assert out.getvalue() == a_file()
    assert files.file_name(DELIVERY.id) == f"{DELIVERY_ID}.bidx"


def test_any_archive_program_reads_our_file_and_we_read_one_of_another_make() -> None:
    with zipfile.ZipFile(io.BytesIO(a_file())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "bidx.json",
            "delivery.jwt",
            "keys.jwe",
            "parts/0001",
            "parts/0002",
        ]
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    assert judged(written(GOOD)) == "opened"
    assert (
        judged(
            written([replace(entry, flags=0x808, extra=b"UT\x05\x00\x03abcd") for entry in GOOD])
        )
        == "opened"
    )
    assert judged(written([replace(entry, mode=0) for entry in reversed(GOOD)])) == "opened"


def test_a_file_written_to_a_line_that_cannot_go_back_is_read() -> None:
    out = Forward()
    target: IO[bytes] = out  # type: ignore[assignment]
    files.write_file(target, DELIVERY, SHELF)

    assert judged(out.data) == "opened"


def test_a_key_statement_comes_along() -> None:
    statement, out = a_token(Kind.KEYS), io.BytesIO()
    files.write_file(out, DELIVERY, SHELF, statement=statement)

    assert files.read_file(out).statement == statement


@pytest.mark.parametrize("count", [0, 1, 64])
def test_packages_of_every_number_of_parts_travel_as_files(count: int) -> None:
    shelf, out = MemoryShelf(), io.BytesIO()
    delivery = sealed_on(shelf, [a_part(b"x", name=f"{at}") for at in range(count)]).delivery
    files.write_file(out, delivery, shelf)

    sealed = files.read_file(out)

    assert len(sealed.sizes) == count
    with opened_from(sealed, delivery) as opened:
        assert len(opened.parts) == count


@pytest.mark.threat("TT38")
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (written([*GOOD, Written("../../etc/cron.d/x", b"x")]), "entries"),
        (written([*GOOD, Written("/etc/passwd", b"x")]), "entries"),
        (written([*GOOD, Written("parts\\0003", b"x" * 16)]), "entries"),
        (written([*GOOD, Written("parts/../x", b"x" * 16)]), "entries"),
        (written(changed(4, head_name=b"../0002xx")), "list"),
        (written(changed(4, head_name=b"../../0002")), "list"),
        (written(changed(4, head=(0, DEFLATED))), "list"),
        (written(changed(4, head=(1, 0))), "list"),
        (written(changed(4, head=(8, 0))), "list"),
        (written(changed(4, flags=8, later_sum=7)), "list"),
        (written([*GOOD, TWO]), "list"),
        (written([*GOOD, Written("BIDX.JSON", LABEL.data)]), "entries"),
        (written(changed(4, method=DEFLATED)), "flags"),
        (written(changed(0, method=DEFLATED)), "flags"),
        (written(changed(4, flags=1)), "flags"),
        (written(changed(4, flags=0x2040)), "flags"),
        (written(changed(4, mode=LINK)), "mode"),
        (written(changed(4, mode=FOLDER)), "mode"),
        (written(changed(4, mode=0x10)), "mode"),
        (written(changed(4, mode=0o010600 << 16)), "mode"),
        (written(changed(4, size=len(TWO.data) - 1)), "gap"),
        (written(changed(4, size=len(TWO.data) + 1)), "gap"),
        (written(changed(4, size=MAX_SEALED_PART + 1)), "sizes"),
        (written(changed(4, size=0xFFFFFFFF)), "sizes"),
        (written(changed(4, offset=0)), "gap"),
        (written(changed(4, comment=b"hello")), "list"),
        (written(changed(4, extra=b"x" * 65)), "list"),
        (written(GOOD, after=b"x"), "not_a_package"),
        (written(GOOD, after=a_file()), "list"),
        (written(GOOD, before=b"MZ"), "gap"),
        (written(GOOD, before=b"#!/bin/sh\n"), "gap"),
        (written(GOOD, between=b"hidden"), "gap"),
        (written(GOOD, comment=b"hello"), "not_a_package"),
        (written(GOOD, count=4), "list"),
        (written(GOOD, count=6), "list"),
        (written(GOOD, count=65_535), "list"),
        (a_file()[:-1], "not_a_package"),
        (a_file()[:2_000], "not_a_package"),
        (a_file()[10:], "list"),
        (b"", "not_a_package"),
        (b"PK\x05\x06" + bytes(18), "list"),
        (written(GOOD[1:]), "entries"),
        (written([LABEL, BOX, ONE, TWO]), "entries"),
        (written([LABEL, TOKEN, ONE, TWO]), "entries"),
        (written([LABEL, TOKEN, BOX, TWO]), "entries"),
        (written([LABEL, TOKEN, BOX, *MANY]), "entries"),
        (written([LABEL, TOKEN, BOX, Written("parts/0000", b"x" * 16)]), "entries"),
        (written([*GOOD, Written("parts/١", b"x")]), "entries"),
        (written([*GOOD, Written(b"parts/\xff", b"x")]), "entries"),
        (written(changed(0, data=b'{"format":"bidx-file/1","more":1}')), "label"),
        (written(changed(0, data=b'{"format":"zip"}')), "label"),
        (written(changed(0, data=b'{"format":"bidx-file/x"}')), "label"),
        (written(changed(0, data=b"x" * 2_000)), "sizes"),
        (written(changed(1, data=b"x" * 140_000)), "sizes"),
        (written(changed(2, data=b"\xff" * 100)), "text"),
    ],
    ids=range(55),
)  # fmt: skip
def test_a_file_that_is_not_in_its_one_form_is_refused(data: bytes, why: str) -> None:
    assert refusal(data) == why


@pytest.mark.threat("TT38")
def test_a_sum_that_lies_about_a_token_is_refused() -> None:
    good = a_file()
    place = good.index(LABEL.data)

    assert refusal(good[:place] + b"[" + good[place + 1 :]) == "sum"


def test_a_file_made_by_a_newer_version_says_so() -> None:
    assert refusal(written(changed(0, data=b'{"format":"bidx-file/2"}'))) == "newer"


@pytest.mark.threat("TT38")
def test_sizes_other_than_the_signed_ones_are_refused_before_a_part_is_read() -> None:
    class Counting(io.BytesIO):
        told = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.told += len(data)
            return data

    large = Written("parts/0002", b"0" * 3_000_000)
    file = Counting(written([LABEL, TOKEN, BOX, ONE, large]))

    sealed = files.read_file(file)
    with pytest.raises(FileRefused) as caught:
        sealed.require(DELIVERY)

    assert caught.value.why == "sizes"
    assert file.told < 20_000
    for entries in (
        [LABEL, TOKEN, BOX, ONE],
        [LABEL, TOKEN, replace(BOX, data=BOX.data + b"A"), ONE, TWO],
    ):
        with pytest.raises(FileRefused):
            files.read_file(io.BytesIO(written(entries))).require(DELIVERY)


@pytest.fixture
def little() -> Iterator[None]:
    """What stands in the test takes less than two seconds of work and 64 MiB."""
    tracemalloc.start()
    begun = time.process_time()
    yield
    took, (_, most) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 2
    assert most < 64 * 1024 * 1024


@pytest.mark.threat("TT38")
@pytest.mark.usefixtures("little")
def test_two_hundred_megabytes_of_zeros_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "zeros.bidx"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    with path.open("rb") as file:
        assert refusal(file) == "not_a_package"


@pytest.mark.threat("TT38")
def test_zeros_that_unpack_to_two_hundred_megabytes_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bomb.bidx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("parts/0001", "w") as entry,
    ):
        for _ in range(200):
            entry.write(bytes(1_000_000))

    tracemalloc.start()
    begun = time.process_time()
    with path.open("rb") as file:
        assert refusal(file) == "flags"
    assert time.process_time() - begun < 2
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.threat("TT38")
@pytest.mark.usefixtures("little")
def test_zeros_in_the_place_of_large_parts_cost_little(tmp_path: Path) -> None:
    """Four parts of the size that was signed, and nothing in them: seen at the first of them."""
    shelf, path = MemoryShelf(), tmp_path / "x.bidx"
    delivery = sealed_on(
        shelf, [a_part(b"x" * 5 * CHUNK, name=f"{at}") for at in range(4)]
    ).delivery
    for at in range(1, 5):
        shelf.files[f"parts/{at:04d}"] = bytes(delivery.parts[at - 1].size)
    with path.open("wb") as out:
        files.write_file(out, delivery, shelf)

    with path.open("rb") as file:
        sealed = files.read_file(file)
        sealed.require(delivery)
        assert deliveries.wrong_parts(delivery, sealed) == (1, 2, 3, 4)


@pytest.mark.threat("TT38")
def test_a_list_of_ten_thousand_entries_is_not_read() -> None:
    many = written(Written(f"x{number}", b"") for number in range(10_000))

    assert refusal(many) == "list"


@pytest.mark.threat("TT38")
@pytest.mark.parametrize("block", range(8))
def test_files_of_the_fuzz_corpus_are_refused_or_open_to_what_was_sealed(block: int) -> None:
    good = [a_file(), written([replace(entry, flags=8) for entry in GOOD])]

    outcomes = {judged(broken(seed, good[seed % 2])) for seed in range(block * 60, block * 60 + 60)}

    assert "FileRefused" in outcomes
    assert outcomes <= {"FileRefused", "TokenRefused", "wrong parts", "cannot-open", "opened"}


@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda data: data + a_file()[-22:]))
@settings(max_examples=60, deadline=None)
def test_junk_raises_nothing_but_our_refusal(data: bytes) -> None:
    assert refusal(data) in {"not_a_package", "list", "flags", "sizes", "mode", "gap", "entries"}


def test_receipts_carried_by_hand_come_back() -> None:
    tokens = (a_token(Kind.RECEIPT), a_token(Kind.NOTICE))
    text = files.write_receipts(tokens)

    assert text.count(b"\n") == 2
    assert files.read_receipts(io.BytesIO(text)) == tokens
    assert files.read_receipts(io.BytesIO(text.replace(b"\n", b"\r\n") + b"\n\n")) == tokens


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "text"), (b"\n\n", "text"), (b"\xff", "text"), (b"a b", "text"), (b"x" * 140_000, "text"),
     (b"a\n" * 6_000, "size"), (b"a" * 9_000_000, "size")],
    ids=range(7),
)  # fmt: skip
def test_a_text_that_is_no_receipts_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(FileRefused) as caught:
        files.read_receipts(io.BytesIO(data))
    assert caught.value.why == why
