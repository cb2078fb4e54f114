"""Find out what files are, and what they prove by themselves and beside each other.

No database, no settings, no key but those the files state. Whatever a file holds, the answer is a report.
Source: EXP-8.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Final

from cryptography.x509 import Certificate

from core.exchange import files, stamps, tokens
from core.exchange.encoding import NotStrict, read_object, un_b64
from core.exchange.errors import FileRefused, TokenRefused
from core.exchange.kinds import Kind
from core.exchange.published import statements_in
from core.exchange.stamps import StampRefused
from core.papers.proof import read_proof
from transfers.service import (
    bundle_check,
    bundle_pair,
    evidence_check,
    evidence_export,
    file_proofs,
)
from transfers.service.bundle_reading import Bundle, is_bundle
from transfers.service.proofs import (
    LONGEST_LINE,
    Anchored,
    Finding,
    Outcome,
    Report,
    broken,
    compared,
    left_open,
    outcome,
    proven,
    strange,
)

_LOG: Final = evidence_export.FORMAT.partition("/")[0]
_MOST_TEXT: Final = 8 * 1024 * 1024
_MOST_PAPER: Final = 512 * 1024 * 1024


class Form(StrEnum):
    """What a file is."""

    BUNDLE = "bundle"
    LOG = "log"
    PACKAGE = "package"
    STATEMENTS = "statements"
    TOKENS = "tokens"
    PAPER = "paper"
    STRANGE = "strange"


@dataclass(frozen=True)
class Examined:
    """One file, what it is, and what it proves."""

    path: Path
    form: Form
    report: Report


@dataclass(frozen=True)
class Proof:
    """What several files come to.

    Args:
        files: one by one, in the order given.
        together: what shows only when they are held against each other.
        anchors: whose anchors they rest on, compared or not.
        outcome: the worst of it.
    """

    files: tuple[Examined, ...]
    together: tuple[Finding, ...]
    anchors: tuple[Finding, ...]
    outcome: Outcome


@dataclass(frozen=True)
class _Looked:
    path: Path
    form: Form
    bundle: Bundle | None = None
    report: Report | None = None
    statements: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def examine(
    paths: Sequence[Path],
    heard: Iterable[str],
    *,
    roots: Sequence[Certificate] = (),
    now: datetime,
) -> Proof:
    """Check files one by one and beside each other.

    Args:
        paths: readable files.
        heard: fingerprints as sixty digits, compared over another way.
        roots: certificates of time-stamping authorities whose stamps count.
        now: to say what has ended; what was signed before stays signed.
    """
    looked = [_look(path) for path in paths]
    known = list(dict.fromkeys(text for one in looked for text in one.statements))
    done = [
        Examined(one.path, one.form, _with_stamps(_report(one, looked, known, now), roots))
        for one in looked
    ]
    bundles = [one.bundle for one in looked if one.bundle is not None]
    together = [
        found
        for one, other in combinations(bundles, 2)
        for found in bundle_pair.compare(one, other)
    ]
    anchors = _anchors(done)
    said, is_compared = compared(anchors, heard)
    every = [*(found for one in done for found in one.report.findings), *together, *said]
    return Proof(tuple(done), tuple(together), tuple(said), outcome(every, is_compared=is_compared))


def _with_stamps(report: Report, roots: Sequence[Certificate]) -> Report:
    """Say of each stamp in a file when it says its checkpoint existed, and whether an authority known here says so."""
    found = tuple(_stamped(sha256, answer, roots) for sha256, answer in report.stamps)
    return replace(report, findings=(*report.findings, *found))


def _stamped(sha256: str, answer: bytes, roots: Sequence[Certificate]) -> Finding:
    try:
        if not roots:
            return left_open("stamp_not_compared", sha256=sha256, at=stamps.told_time(answer))
        return proven("stamp", sha256=sha256, at=stamps.read(answer, un_b64(sha256), roots))
    except (StampRefused, NotStrict):
        return broken("stamp_not_genuine", sha256=sha256)


def _anchors(done: Iterable[Examined]) -> list[Anchored]:
    return [anchor for one in done for anchor in one.report.anchors]


def _look(path: Path) -> _Looked:
    """Find out what a file is and whose keys it states; nothing is judged but bundles, which are read once."""
    with path.open("rb") as file:
        begins = file.read(4)
    if begins.startswith(b"PK"):
        return _package(path)
    if begins == b"%PDF":
        return _paper(path)
    first = next(_lines(path), "")
    if is_bundle(first):
        bundle, report = bundle_check.check(_lines(path))
        stated = [] if bundle is None else bundle.of_kind(Kind.KEYS)
        texts = tuple(one.token.text for one in stated)
        return _Looked(path, Form.BUNDLE, bundle, report, texts)
    if _is_of(first, _LOG):
        if not _is_of(first, evidence_export.FORMAT, whole=True):
            return _Looked(path, Form.STRANGE, report=strange("newer"))
        return _Looked(path, Form.LOG, statements=tuple(_statements(_lines(path))))
    return _text(path, first)


def _package(path: Path) -> _Looked:
    try:
        with path.open("rb") as file:
            came = files.read_file(file).statement
    except FileRefused:
        came = None
    return _Looked(path, Form.PACKAGE, statements=() if came is None else (came,))


def _paper(path: Path) -> _Looked:
    if path.stat().st_size > _MOST_PAPER:
        return _Looked(path, Form.PAPER, report=strange("paper_too_large"))
    found = read_proof(path.read_bytes())
    stated = () if found is None or not found.statement else (found.statement,)
    return _Looked(path, Form.PAPER, statements=stated)


def _text(path: Path, first: str) -> _Looked:
    with path.open("rb") as file:
        data = file.read(_MOST_TEXT + 1)
        file.seek(0)
        try:
            is_published = first.lstrip().startswith("{")
            texts = statements_in(data) if is_published else files.read_receipts(file)
        except (TokenRefused, FileRefused):
            return _Looked(path, Form.STRANGE, report=strange("unreadable"))
    kinds = {tokens.kind_of(text) for text in texts}
    if kinds == {None}:
        return _Looked(path, Form.STRANGE, report=strange("unreadable"))
    form = Form.STATEMENTS if kinds == {Kind.KEYS} else Form.TOKENS
    stated = tuple(text for text in texts if tokens.kind_of(text) is Kind.KEYS)
    return _Looked(path, form, statements=stated, texts=tuple(texts))


def _report(one: _Looked, every: Sequence[_Looked], known: Sequence[str], now: datetime) -> Report:
    if one.report is not None:
        return one.report
    if one.form is Form.PACKAGE:
        with one.path.open("rb") as file:
            return file_proofs.package(file, known, now=now)
    if one.form is Form.PAPER:
        return file_proofs.paper(one.path.read_bytes(), known)
    if one.form is Form.LOG:
        others = [each for each in every if each is not one and each.form in _SPEAKING]
        against = (line for each in others for line in _lines(each.path))
        return file_proofs.whole_log(_lines(one.path), against)
    if one.form is Form.STATEMENTS:
        return file_proofs.key_statements(one.texts, now=now)
    return file_proofs.receipt_list(one.texts, known)


_SPEAKING: Final = frozenset({Form.BUNDLE, Form.LOG, Form.TOKENS, Form.STATEMENTS})


def _is_of(line: str, form: str, *, whole: bool = False) -> bool:
    """Whether a first line names this form, or with ``whole`` this version of it."""
    try:
        told = read_object(line.rstrip("\r\n").encode("utf-8", "replace")).get("format")
    except NotStrict:
        return False
    return isinstance(told, str) and form == (told if whole else told.partition("/")[0])


def _statements(lines: Iterable[str]) -> Iterator[str]:
    return (text for text in evidence_check.tokens_in(lines) if tokens.kind_of(text) is Kind.KEYS)


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file; one that is too long comes in pieces, none of which is a line of ours."""
    with path.open("rb") as file:
        while data := file.readline(LONGEST_LINE + 1):
            yield data.decode("utf-8", "replace")
