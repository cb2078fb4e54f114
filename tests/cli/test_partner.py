"""Two installations come to trust each other through files, from their consoles, by script and by hand."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import cli.anchor
from cli import evidence, exchange_keys, partner, user
from core.exchange.anchor_file import Effort
from core.exchange.keys import private_members
from core.exchange.statements import read_first
from tests.builders.accounts import PASSWORD

PASSPHRASE = "six lanterns on the bridge"


@dataclass
class Office:
    """One country's server: its commands, its officers and their one-time codes."""

    country: str
    name: str
    folder: Path
    run: Callable[..., Result]
    codes: dict[str, list[str]]

    @property
    def anchor(self) -> Path:
        """Its anchor on a stick."""
        return self.folder / "anchor.json"

    def ok(self, app: Any, *arguments: str, typed: str = "") -> Any:
        """Run a command for a script; it must succeed."""
        result = self.run(app, *arguments, "--json", typed=typed)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout.splitlines()[-1])

    def officer(self, login: str) -> None:
        """Somebody with the right to trust."""
        made = self.ok(
            user.app, "add", login, "--name", login, "--role", "trust_officer", "--password-stdin",
            typed=f"{PASSWORD}\n",
        )  # fmt: skip
        self.codes[login] = list(made["recovery_codes"])

    def acts(self, login: str, *arguments: str, password: str = PASSWORD) -> Result:
        """Run a command of `bid partner` as an officer who signs in."""
        code = self.codes[login].pop()
        return self.run(
            partner.app, *arguments, "--as", login, "--secrets-stdin", "--json",
            typed=f"{password}\n{code}\n",
        )  # fmt: skip


Found = Callable[[str, str], Office]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Found:
    """Set up an installation with name, keys and two trust officers."""
    monkeypatch.setenv("BID_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setattr(cli.anchor, "EFFORT", Effort(passes=1, memory=64, lanes=1))

    def found(country: str, name: str) -> Office:
        folder = tmp_path / country
        folder.mkdir()

        def run(app: Any, *arguments: str, typed: str = "") -> Result:
            monkeypatch.setenv("BID_DATA_DIR", str(folder / "data"))
            monkeypatch.setenv("BID_COUNTRY", country)
            return CliRunner().invoke(app, list(arguments), input=typed)

        made = Office(country, name, folder, run, {})
        made.ok(
            partner.app, "init", name, "--anchor-file", str(made.anchor), "--passphrase-stdin",
            typed=f"{PASSPHRASE}\n",
        )  # fmt: skip
        for login in ("agnes", "bwalya"):
            made.officer(login)
        return made

    return found


def statement_of(one: Office, number: int = 1) -> Path:
    file = one.folder / f"statement-{number}.jwt"
    one.ok(partner.app, "statement", "--to", str(file))
    return file


def hears(one: Office) -> str:
    shown = one.ok(partner.app, "statement")
    return " ".join(shown["fingerprint"].split()[-2:])


def trusts(one: Office, other: Office) -> None:
    file, heard = statement_of(other), hears(other)
    assert one.acts("agnes", "propose", str(file)).exit_code == 0
    for login, way in (("agnes", "letter"), ("bwalya", "phone")):
        result = one.acts(login, "confirm", other.name, "--channel", way, "--groups", heard)
        assert result.exit_code == 0, result.output


def test_two_countries_trust_each_other_through_files(office: Found) -> None:
    zambia, namibia = office("ZM", "ZM.mcdss"), office("NA", "NA.mgepesw")

    trusts(zambia, namibia)
    trusts(namibia, zambia)

    (known,) = zambia.ok(partner.app, "list")
    assert (known["installation"], known["state"]) == ("NA.mgepesw", "active")
    assert namibia.ok(partner.app, "list")[0]["installation"] == "ZM.mcdss"
    words = zambia.run(partner.app, "list").output
    assert "NA.mgepesw  active" in words


@pytest.mark.threat("TT21")
def test_whoever_holds_the_console_cannot_be_both_officers(office: Found) -> None:
    zambia, namibia = office("ZM", "ZM.mcdss"), office("NA", "NA.mgepesw")
    file, heard = statement_of(namibia), hears(namibia)
    zambia.acts("agnes", "propose", str(file))
    asked = ("confirm", namibia.name, "--channel", "letter", "--groups", heard)

    unknown = zambia.acts("agnes", *asked, password="not the password at all")
    first = zambia.acts("agnes", *asked)
    twice = zambia.acts("agnes", "confirm", namibia.name, "--channel", "phone", "--groups", heard)
    wrong = zambia.acts(
        "bwalya", "confirm", namibia.name, "--channel", "phone", "--groups", "00000 11111"
    )

    assert [unknown.exit_code, first.exit_code, twice.exit_code, wrong.exit_code] == [1, 0, 1, 1]
    assert "did not work" in unknown.output
    assert "two people" in twice.output
    assert "not the end of this fingerprint" in wrong.output
    assert zambia.ok(partner.app, "list")[0]["state"] == "half_confirmed"


def test_a_person_is_asked_for_what_is_missing(office: Found) -> None:
    zambia, namibia = office("ZM", "ZM.mcdss"), office("NA", "NA.mgepesw")
    zambia.acts("agnes", "propose", str(statement_of(namibia)))
    typed = f"{hears(namibia)}\nagnes\n{PASSWORD}\n{zambia.codes['agnes'].pop()}\n"

    result = zambia.run(partner.app, "confirm", namibia.name, "--channel", "video", typed=typed)

    assert result.exit_code == 0, result.output
    assert "state: half confirmed" in result.output
    assert "Next: a second officer" in result.output
    assert "None" not in result.output
    assert PASSWORD not in result.output


def test_one_suspends_and_two_end(office: Found) -> None:
    zambia, namibia = office("ZM", "ZM.mcdss"), office("NA", "NA.mgepesw")
    trusts(zambia, namibia)
    why = (namibia.name, "--reason", "suspicion")

    states = [
        json.loads(zambia.acts(login, *arguments).stdout)["state"]
        for login, arguments in (
            ("agnes", ("suspend", *why)),
            ("agnes", ("resume", namibia.name)),
            ("bwalya", ("resume", namibia.name)),
            ("bwalya", ("suspend", *why)),
            ("bwalya", ("revoke", *why)),
            ("agnes", ("revoke", *why)),
        )
    ]

    assert states == ["suspended", "suspended", "active", "suspended", "suspended", "revoked"]
    assert zambia.acts("agnes", "suspend", *why).exit_code == 1


def test_keys_are_followed_and_the_partner_takes_the_new_statement(office: Found) -> None:
    zambia, namibia = office("ZM", "ZM.mcdss"), office("NA", "NA.mgepesw")
    trusts(zambia, namibia)
    secret = ("--anchor-file", str(namibia.anchor), "--passphrase-stdin")
    wrong = namibia.run(exchange_keys.app, "rotate", "sig", *secret, typed="another passphrase\n")
    early = namibia.run(
        exchange_keys.app, "rotate", "sig", *secret, "--lead-days", "3", typed=f"{PASSPHRASE}\n"
    )
    made = namibia.ok(exchange_keys.app, "rotate", "sig", *secret, typed=f"{PASSPHRASE}\n")

    loaded = zambia.acts("bwalya", "load", namibia.name, str(statement_of(namibia, 2)))
    again = zambia.acts("bwalya", "load", namibia.name, str(namibia.folder / "statement-1.jwt"))

    assert "does not open" in wrong.output
    assert "14 to 90 days" in early.output
    assert json.loads(loaded.stdout)["is_new"]
    assert again.exit_code == 1
    assert "rollback" in again.output
    listed = namibia.ok(exchange_keys.app, "list")
    assert {(one["use"], one["status"]) for one in listed} == {
        ("sig", "retiring"), ("sig", "active"), ("enc", "active"),
    }  # fmt: skip
    assert made["kid"] in {one["kid"] for one in listed}


@pytest.mark.threat("TT22")
def test_a_compromised_key_is_ended_at_once_and_the_partner_reviews(office: Found) -> None:
    zambia, namibia = office("ZM", "ZM.mcdss"), office("NA", "NA.mgepesw")
    trusts(zambia, namibia)
    secret = ("--anchor-file", str(namibia.anchor), "--passphrase-stdin")
    kid = next(one["kid"] for one in namibia.ok(exchange_keys.app, "list") if one["use"] == "sig")
    asked = ("revoke", kid, "--reason", "compromised", *secret)

    assert namibia.run(exchange_keys.app, *asked, typed=f"{PASSPHRASE}\n").exit_code == 1
    namibia.ok(exchange_keys.app, *asked, "--since", "2026-01-01", typed=f"{PASSPHRASE}\n")
    loaded = zambia.acts("agnes", "load", namibia.name, str(statement_of(namibia, 2)))

    assert json.loads(loaded.stdout)["compromised"] == [kid]
    assert zambia.acts("agnes", "review", namibia.name).exit_code == 0
    assert namibia.ok(exchange_keys.app, "destroy-old", "--yes") == {"destroyed": []}


def test_an_anchor_is_followed_by_another_in_two_steps(office: Found) -> None:
    zambia, namibia = office("ZM", "ZM.mcdss"), office("NA", "NA.mgepesw")
    trusts(zambia, namibia)
    new, both = namibia.folder / "anchor-2.json", namibia.folder / "both.jwt"
    told = namibia.ok(
        exchange_keys.app, "announce-anchor", "--anchor-file", str(namibia.anchor),
        "--new-anchor-file", str(new), "--passphrase-stdin", typed=f"{PASSPHRASE}\n{PASSPHRASE} two\n",
    )  # fmt: skip

    taken = namibia.ok(
        exchange_keys.app, "take-anchor", "--new-anchor-file", str(new), "--to", str(both),
        "--passphrase-stdin", typed=f"{PASSPHRASE} two\n",
    )  # fmt: skip
    loaded = zambia.acts("agnes", "load", namibia.name, str(both))

    assert loaded.exit_code == 0, loaded.output
    assert taken["fingerprint"] == told["next_fingerprint"]
    assert zambia.ok(partner.app, "list")[0]["fingerprint"] == told["next_fingerprint"]


@pytest.mark.threat("TT46")
def test_evidence_is_checked_from_files_alone_and_a_cut_log_is_found_by_the_partner(
    office: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zambia = office("ZM", "ZM.mcdss")
    namibia = office("NA", "NA.mgepesw")
    trusts(zambia, namibia)
    file = tmp_path / "zambia.jsonl"
    exported = zambia.run(evidence.app, "export", str(file))
    monkeypatch.setenv("BID_DATA_DIR", str(tmp_path / "nowhere"))

    def verify(path: Path, *more: str) -> Result:
        return CliRunner().invoke(evidence.app, ["verify", str(path), *more])

    whole = verify(file)
    lines = file.read_text().splitlines()
    kept = tmp_path / "kept.txt"
    kept.write_text(
        "\n".join(
            json.loads(line)["token"]["text"]
            for line in lines
            if '"kind":"bidx-checkpoint' in line and line.startswith('{"token"')
        )
    )
    cut_at = next(n for n, line in enumerate(lines) if line.startswith('{"row":{"n":4,'))
    third = next(json.loads(line)["row"] for line in lines if line.startswith('{"row":{"n":3,'))
    restored = tmp_path / "restored.jsonl"
    restored.write_text(
        "\n".join([*lines[:cut_at], json.dumps({"end": {"n": 3, "head": third["hash"]}})])
    )
    edited = tmp_path / "edited.jsonl"
    edited.write_text(file.read_text().replace("partner.confirmed_first", "partner.confirmed", 1))

    assert exported.exit_code == whole.exit_code == 0, whole.output
    assert "ZM.mcdss" in whole.output
    assert "NA.mgepesw" in whole.output
    assert not (tmp_path / "nowhere").exists()
    assert verify(restored).exit_code == 0
    assert verify(restored, "--against", str(kept)).exit_code == 1
    assert "cut" in verify(restored, "--against", str(kept)).output
    assert verify(edited).exit_code == 1
    assert "does not fit: it was changed" in verify(edited).output
    assert verify(tmp_path / "none").exit_code == 1
    assert (file.stat().st_mode & 0o077) == 0


@pytest.mark.threat("TT26")
def test_no_file_that_leaves_holds_a_private_member_and_the_anchor_is_nowhere_else(
    office: Found, tmp_path: Path
) -> None:
    zambia = office("ZM", "ZM.mcdss")
    statement = statement_of(zambia)
    export = tmp_path / "zambia.jsonl"
    zambia.run(evidence.app, "export", str(export))

    assert list(private_members(read_first(statement.read_text().strip()).claims)) == []
    for line in export.read_text().splitlines():
        assert list(private_members(json.loads(line))) == []
    sealed = json.loads(zambia.anchor.read_text())["sealed"]
    assert PASSPHRASE not in zambia.anchor.read_text()
    data = b"".join(
        path.read_bytes() for path in (zambia.folder / "data").rglob("*") if path.is_file()
    )
    assert sealed.encode() not in data
    assert (zambia.anchor.stat().st_mode & 0o077) == 0


def test_setting_up_is_refused_where_it_would_lose_something(office: Found, tmp_path: Path) -> None:
    zambia = office("ZM", "ZM.mcdss")

    def init(name: str, file: Path, passphrase: str = PASSPHRASE) -> Result:
        arguments = ("init", name, "--anchor-file", str(file), "--passphrase-stdin")
        return zambia.run(partner.app, *arguments, typed=f"{passphrase}\n")

    assert init("zm", tmp_path / "a").exit_code == 2
    poor = zambia.run(
        exchange_keys.app, "announce-anchor", "--anchor-file", str(zambia.anchor),
        "--new-anchor-file", str(tmp_path / "a"), "--passphrase-stdin",
        typed=f"{PASSPHRASE}\nPassword2026\n",
    )  # fmt: skip
    assert poor.exit_code == 1
    assert "guesser" in poor.output
    assert "already" in init("ZM.other", tmp_path / "a").output
    assert not (tmp_path / "a").exists()
    assert zambia.run(partner.app, "statement", "--issue").exit_code == 2
    assert zambia.run(partner.app, "propose", str(tmp_path / "none")).exit_code == 1


def test_a_new_statement_is_issued_with_the_anchor_and_says_where_we_are(office: Found) -> None:
    zambia = office("ZM", "ZM.mcdss")
    before = zambia.ok(partner.app, "statement")

    issued = zambia.ok(
        partner.app, "statement", "--issue", "--anchor-file", str(zambia.anchor),
        "--address", "https://exchange.example.org", "--passphrase-stdin", typed=f"{PASSPHRASE}\n",
    )  # fmt: skip

    found = read_first(issued["key_statement"])
    assert found.base_url == "https://exchange.example.org"
    assert found.seq > before["statement_number"]
    assert issued["fingerprint"] == before["fingerprint"]
    assert "sig  active" in zambia.run(exchange_keys.app, "list").output
