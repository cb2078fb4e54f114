"""`bid verify` on any computer: no settings, no database; every form of file; nothing hostile makes it fall over."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session
from typer.testing import CliRunner, Result

from cli.__main__ import app
from cli.proof_words import LEADS, OUTCOMES, WORDS, sentence
from core.exchange.files import read_file, write_file, write_receipts
from core.exchange.kinds import Kind
from core.exchange.shelves import part_name
from tests.builders.evidence import a_busy_log, an_export
from tests.builders.exchange import NAMIBIA, NOW, ZAMBIA, a_token, anchor_of
from tests.builders.line import a_package
from tests.builders.partners import a_signing_key, a_statement, as_file
from transfers.service import (
    bundle_check,
    bundle_pair,
    bundle_reading,
    file_proofs,
    proofs,
    proving,
)
from transfers.service.proofs import Finding, Outcome, Weight
from transfers.service.proving import examine

SERVICES = (bundle_check, bundle_pair, bundle_reading, file_proofs, proofs, proving)
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that is no installation: whatever looks for settings or a database fails."""
    monkeypatch.setenv("BID_DATABASE_URL", "nonsense://nowhere")
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)


def verify(*words: object) -> Result:
    result = CliRunner().invoke(app, ["verify", *map(str, words)])
    assert not Path("nowhere").exists()
    return result


def fingerprint(name: str = NAMIBIA) -> str:
    return " ".join(anchor_of(name).public.fingerprint())


def a_statement_file(folder: Path, **changes: Any) -> Path:
    path = folder / "statement.jwt"
    path.write_bytes(as_file(a_statement(**changes)))
    return path


def a_package_file(folder: Path, *, statement: bool = True) -> Path:
    made = a_package(folder / "shelf", (b'{"a":1}', b'{"b":2}'), sender=NAMIBIA, receiver=ZAMBIA)
    out = io.BytesIO()
    stated = a_statement(issued_at=int((NOW - timedelta(days=1)).timestamp())).text
    write_file(out, made.sealed.delivery, made.shelf, statement=stated if statement else None)
    path = folder / "package.bidx"
    path.write_bytes(out.getvalue())
    return path


def test_a_key_statement_says_what_it_states_and_wants_its_anchor_compared(tmp_path: Path) -> None:
    file = a_statement_file(tmp_path)

    alone = verify(file)
    compared = verify(file, "--fingerprint", fingerprint())
    other = verify(file, "--fingerprint", fingerprint(ZAMBIA))

    assert alone.exit_code == Outcome.NOT_COMPARED
    assert "was not compared" in alone.output
    assert fingerprint() in alone.output
    assert compared.exit_code == 0, compared.output
    assert "Everything holds" in compared.output
    assert other.exit_code == Outcome.OTHER_ANCHOR
    assert "Trust nothing" in other.output


def test_a_statement_another_key_signed_does_not_hold(tmp_path: Path) -> None:
    text = a_statement().text
    head, body, _ = text.split(".")
    other = a_statement(anchor=a_signing_key("in between")).text.split(".")[2]
    file = tmp_path / "statement.jwt"
    file.write_text(f"{head}.{body}.{other}\n")

    assert verify(file, "--fingerprint", fingerprint()).exit_code == Outcome.BROKEN


def test_an_anchor_named_as_its_own_by_somebody_else_is_not_taken_for_compared(
    tmp_path: Path,
) -> None:
    """The statement names the known anchor, announces the forger's as the next one, and is signed by that."""
    from core.exchange import tokens
    from core.exchange.statements import make_statement

    forger = a_signing_key("forger")
    true = make_statement(
        anchor_of(NAMIBIA), issuer=NAMIBIA, seq=2, keys=(), issued_at=1, expires_at=2,
        next_anchor=forger.public,
    )  # fmt: skip
    said = {name: value for name, value in true.claims.items() if name not in {"ver", "iss"}}
    forged = tokens.make(Kind.KEYS, NAMIBIA, said, forger)
    file = tmp_path / "statement.jwt"
    file.write_text(forged + "\n")

    assert verify(file, "--fingerprint", fingerprint()).exit_code == Outcome.BROKEN


def test_a_package_is_proven_byte_for_byte_without_opening_it(tmp_path: Path) -> None:
    file = a_package_file(tmp_path)

    found = verify(file, "--fingerprint", fingerprint())

    assert found.exit_code == 0, found.output
    assert "byte for byte what was signed" in found.output
    assert "Whether it arrived is open" in found.output
    assert "only its receiver can open it" in found.output


def test_any_changed_byte_of_a_sealed_part_is_found_in_a_package(tmp_path: Path) -> None:
    file = a_package_file(tmp_path)
    whole = file.read_bytes()
    shelf = next((tmp_path / "shelf").iterdir())
    parts = [(shelf / "parts" / name).read_bytes() for name in ("0001", "0002")]
    places = [whole.index(part) + at for part in parts for at in range(0, len(part), 5)]
    assert len(places) > 5

    for at in places:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verify(file, "--fingerprint", fingerprint()).exit_code == Outcome.BROKEN


def test_a_package_without_a_statement_is_proven_with_one_beside_it(tmp_path: Path) -> None:
    file = a_package_file(tmp_path, statement=False)
    statement = a_statement_file(tmp_path, issued_at=int((NOW - timedelta(days=1)).timestamp()))

    assert verify(file).exit_code == Outcome.MISSING
    assert "no key statement of NA.mgepesw is here" in verify(file).output
    beside = verify(file, statement, "--fingerprint", fingerprint())
    assert beside.exit_code == 0, beside.output


def test_receipts_are_proven_with_the_statement_of_who_signed_them(tmp_path: Path) -> None:
    from core.exchange.encoding import digest

    other = "22222222-2222-4333-8444-555555555555"
    about = digest(b"another delivery")
    good = [
        a_token(Kind.RECEIPT, NAMIBIA, aud=ZAMBIA),
        a_token(Kind.RECEIPT, NAMIBIA, aud=ZAMBIA, jti=other, obj=about, sub=other),
    ]
    file, statement = tmp_path / "back.bidr", a_statement_file(tmp_path)
    file.write_bytes(write_receipts(good))
    known = (statement, "--fingerprint", fingerprint())

    assert verify(file).exit_code == Outcome.MISSING
    found = verify(file, *known)
    assert found.exit_code == 0, found.output
    assert found.output.count("opened") == 2
    assert "never a consent" in found.output
    file.write_bytes(write_receipts([*good, a_token(Kind.RECEIPT, ZAMBIA)]))
    assert verify(file, *known).exit_code == Outcome.MISSING
    file.write_bytes(write_receipts([good[0][:-4] + "AAAA"]))
    assert verify(file, *known).exit_code == Outcome.BROKEN


@ON_ONE
@pytest.mark.threat("TT46")
def test_a_log_is_held_against_the_receipts_a_partner_kept(
    session: Session, tmp_path: Path
) -> None:
    from transfers.service import evidence

    a_busy_log(session)
    file, kept = tmp_path / "log.jsonl", tmp_path / "kept.bidr"
    lines = an_export(session)
    file.write_text("\n".join(lines) + "\n")
    log = evidence.head_of(session).claim()
    kept.write_text(a_token(Kind.RECEIPT, ZAMBIA, log=log) + "\n")
    row = next(json.loads(line)["row"] for line in lines if line.startswith('{"row":{"n":5,'))
    cut = tmp_path / "cut.jsonl"
    at = next(n for n, line in enumerate(lines) if line.startswith('{"row":{"n":6,'))
    cut.write_text(
        "\n".join([*lines[:at], json.dumps({"end": {"n": 5, "head": row["hash"]}})]) + "\n"
    )
    both = ("--fingerprint", fingerprint(), "--fingerprint", fingerprint(ZAMBIA))

    assert verify(file, *both).exit_code == 0, verify(file, *both).output
    assert "All" in verify(file, *both).output
    assert verify(cut).exit_code == Outcome.NOT_COMPARED
    found = verify(cut, kept)
    assert found.exit_code == Outcome.MISSING
    assert "it was longer once" in found.output


def test_scripts_get_the_same_as_people(tmp_path: Path) -> None:
    found = json.loads(verify(a_statement_file(tmp_path), "--json").output)

    assert (found["outcome"], found["exit_code"]) == ("not_compared", 6)
    (file,) = found["files"]
    assert file["form"] == "statements"
    assert {"weight", "code", "words", "facts"} == set(file["findings"][0])


def test_what_is_asked_wrongly_is_said_and_nothing_is_checked(tmp_path: Path) -> None:
    file = a_statement_file(tmp_path)

    assert verify(tmp_path / "none").exit_code == 2
    assert verify(file, "--fingerprint", "12345").exit_code == 2
    assert verify(file, "--fingerprint", "x" * 60).exit_code == 2
    assert verify().exit_code == 2


def test_a_file_of_a_newer_version_is_said_to_be_one(tmp_path: Path) -> None:
    for text in ('{"format":"bid-evidence-bundle/2"}', '{"format":"bid-evidence/2"}'):
        file = tmp_path / "newer"
        file.write_text(text + "\n")
        found = verify(file)
        assert found.exit_code == Outcome.STRANGE
        assert "newer version" in found.output


def test_help_tells_every_exit_code() -> None:
    text = " ".join(verify("--help").output.split())

    for outcome in Outcome:
        assert f"{int(outcome)} " in text


def test_every_finding_has_words_and_every_word_a_finding() -> None:
    """Codes stand in the checking modules as literals; each has a sentence, and none is left over."""
    import inspect
    import re

    text = "".join(inspect.getsource(module) for module in SERVICES)
    called = set(re.findall(r'(?:proven|left_open|missing|broken|strange)\(\s*"([a-z_]+)"', text))
    named = {code for code in WORDS if f'"{code}"' in text or code.startswith("event_")}

    assert called <= set(WORDS)
    assert named == set(WORDS)
    assert set(LEADS) == set(Weight)
    assert set(OUTCOMES) == set(Outcome)


def test_control_signs_of_a_hostile_file_do_not_reach_the_screen() -> None:
    found = Finding(Weight.BROKEN, "not_signed", {"installation": "\x1b[2JZM"})

    assert "\x1b" not in sentence(found)


JUNK = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=200).map(lambda data: b"PK" + data),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["row", "token", "end", "elsewhere", "format", "n", "text"]), inner
            )
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=JUNK, first=st.sampled_from(["bundle", "log", "none"]))
@pytest.mark.rule("R51")
def test_junk_is_answered_and_never_makes_it_fall_over(
    tmp_path: Path, data: bytes, first: str
) -> None:
    heads = {
        "bundle": (
            b'{"format":"bid-evidence-bundle/1","installation":"ZM.mcdss",'
            b'"partner":"NA.mgepesw","ref":"KQ7M-3RTX-9A"}\n'
        ),
        "log": b'{"format":"bid-evidence/1","installation":"ZM.mcdss"}\n',
        "none": b"",
    }
    file = tmp_path / "junk"
    file.write_bytes(heads[first] + data)

    found = examine([file], [], now=NOW)

    assert found.outcome is not Outcome.HOLDS
    for one in (*found.files[0].report.findings, *found.anchors):
        assert sentence(one)


def _content(data: bytes) -> list[bytes | str]:
    sealed = read_file(io.BytesIO(data))
    parts = []
    for number in (1, 2):
        with sealed.open(part_name(number)) as part:
            parts.append(part.read())
    return [sealed.delivery, sealed.box, *parts]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 10**6), put=st.binary(max_size=4), cut=st.integers(0, 40))
def test_a_package_with_any_bytes_changed_is_answered(
    tmp_path: Path, at: int, put: bytes, cut: int
) -> None:
    file = tmp_path / "package.bidx"
    if not file.exists():
        a_package_file(tmp_path)
        (tmp_path / "whole").write_bytes(file.read_bytes())
    whole = (tmp_path / "whole").read_bytes()
    place = at % len(whole)
    spoiled = whole[:place] + put + whole[place + cut :]
    file.write_bytes(spoiled)

    found = examine([file], ["".join(anchor_of(NAMIBIA).public.fingerprint())], now=NOW)

    assert all(sentence(one) for one in found.files[0].report.findings)
    if found.outcome is Outcome.HOLDS:  # dates and the like in the archive are nobody's word
        assert _content(spoiled) == _content(whole)


def a_printed_file(folder: Path, *, statement: bool = True) -> Path:
    """A letter of Namibia, as it would be printed there."""
    from core.exchange import tokens
    from core.exchange.encoding import digest
    from core.papers.issuing import _plain
    from core.papers.press import the_press
    from core.papers.proof import ended, with_proof
    from tests.builders.exchange import signing_key_of
    from tests.builders.papers import ADDRESS, AT, a_paper

    printed = the_press().typeset("paper", _plain(a_paper(), "ABCDEFGHJKLM", ADDRESS), at=AT)
    claims = {
        "iat": int(NOW.timestamp()), "code": "ABCDEFGHJKLM", "kind": "decision_letter",
        "obj": digest(ended(printed)),
    }  # fmt: skip
    token = tokens.make(Kind.PAPER, NAMIBIA, claims, signing_key_of(NAMIBIA))
    stated = a_statement(issued_at=int((NOW - timedelta(days=1)).timestamp())).text
    path = folder / "letter.pdf"
    path.write_bytes(with_proof(printed, token, stated if statement else ""))
    return path


def test_a_printed_paper_proves_by_itself_who_issued_it_byte_for_byte(tmp_path: Path) -> None:
    file = a_printed_file(tmp_path)

    compared = verify(file, "--fingerprint", fingerprint())
    alone = verify(file)

    assert compared.exit_code == 0, compared.output
    assert "signed for this file" in compared.output
    assert "decision letter with the check code ABCD-EFGH-JKLM" in compared.output
    assert "Whether a later paper took its place does not show here" in compared.output
    assert alone.exit_code == Outcome.NOT_COMPARED


def test_a_printed_paper_without_the_statement_wants_it_as_another_file(tmp_path: Path) -> None:
    file = a_printed_file(tmp_path, statement=False)
    statement = a_statement_file(tmp_path, issued_at=int((NOW - timedelta(days=1)).timestamp()))

    assert verify(file).exit_code == Outcome.MISSING
    assert verify(file, statement, "--fingerprint", fingerprint()).exit_code == 0


def test_any_changed_byte_of_a_printed_paper_is_found(tmp_path: Path) -> None:
    file = a_printed_file(tmp_path)
    whole = file.read_bytes()

    for at in range(10, len(whole) - 1, len(whole) // 40):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verify(file, "--fingerprint", fingerprint()).exit_code in {
            Outcome.BROKEN, Outcome.MISSING, Outcome.OTHER_ANCHOR,
        }, at  # fmt: skip
    file.write_bytes(whole + b"\n")
    assert verify(file, "--fingerprint", fingerprint()).exit_code == Outcome.BROKEN


def test_a_pdf_of_somebody_else_is_no_paper_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "other.pdf"
    file.write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")

    found = verify(file)

    assert found.exit_code == Outcome.STRANGE
    assert "carries no proof" in found.output


def test_the_proof_of_one_paper_does_not_fit_another(tmp_path: Path) -> None:
    """A token of a true paper behind other bytes: the file is in the right form, and what it signs is not this."""
    from core.papers.issuing import _plain
    from core.papers.press import the_press
    from core.papers.proof import read_proof, with_proof
    from tests.builders.papers import ADDRESS, AT, a_paper

    proof = read_proof(a_printed_file(tmp_path).read_bytes())
    assert proof is not None
    forged = a_paper(title="Another decision")
    printed = the_press().typeset("paper", _plain(forged, "ABCDEFGHJKLM", ADDRESS), at=AT)
    file = tmp_path / "forged.pdf"
    file.write_bytes(with_proof(printed, proof.token, proof.statement))

    found = verify(file, "--fingerprint", fingerprint())

    assert found.exit_code == Outcome.BROKEN
    assert "changed after it was issued" in found.output
