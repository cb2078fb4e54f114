"""Read a bundle of evidence line by line: rows that carry their hash, tokens signed by keys stated by then.

A line that is not of the form ends the reading; what does not hold is a finding, and reading goes on.
Source: EXP-8; docs/decisions/0019.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.exchange import statements
from core.exchange.encoding import NotStrict, digest, read_object
from core.exchange.errors import Reason, TokenRefused
from core.exchange.kinds import Kind
from core.exchange.shapes import is_installation, is_reference
from core.exchange.tokens import Token
from transfers.rules.evidence_chain import carried_hash
from transfers.service import proofs
from transfers.service.evidence_bundle import FORMAT
from transfers.service.evidence_check import read_stamp
from transfers.service.proofs import Finding, broken, missing
from transfers.service.witnesses import Side

CONFIRMED: Final = "partner.confirmed"
CANCELLED: Final = "delivery.cancelled"
MOST_LINES: Final = 20_000  # ten years of daily checkpoints, and a transfer that never ends
MOST_STATEMENTS: Final = 500
_FAMILY: Final = FORMAT.partition("/")[0] + "/"


class NotABundle(ValueError):
    """A line is not of the form; ``code`` says how."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True)
class Kept:
    """A genuine token, and its row in the log of whoever made the bundle."""

    token: Token
    n: int
    direction: str
    side: Side


@dataclass(frozen=True)
class Word:
    """What an installation signed about its log, and the row under which the maker of the bundle kept it."""

    n: int
    head: str
    at: int
    kept: int


@dataclass
class Bundle:
    """A bundle whose form holds.

    Args:
        installation: who made it.
        partner: with whom the transfer is.
        ref: the reference both know.
        sides: installations by the id their statements are noted under.
        tokens: genuine ones by their hash, in the order of the log.
        rows: of the log, by number.
        words: about logs, by installation, in the order in which they were kept.
        elsewhere: numbers of a chain that belong to other transfers, says the maker.
        end: length and head of the maker's log as last signed.
        doubtful: how many tokens were kept that nobody vouches for.
        stamps: hashes of stamped tokens, each with what an authority answered; nobody looked at them yet.
        findings: what does not hold.
    """

    installation: str
    partner: str
    ref: str
    sides: dict[str, Side] = field(default_factory=dict)
    tokens: dict[str, Kept] = field(default_factory=dict)
    rows: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    words: dict[str, list[Word]] = field(default_factory=dict)
    elsewhere: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    end: tuple[int, str] | None = None
    doubtful: int = 0
    stamps: list[tuple[str, bytes]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def of_kind(self, kind: Kind) -> list[Kept]:
        """Return the genuine tokens of one kind, in the order of the log."""
        return [one for one in self.tokens.values() if one.token.kind is kind]


def is_bundle(line: str) -> bool:
    """Whether a first line says that this is a bundle, of whatever version."""
    try:
        told = read_object(line.encode("utf-8", "replace")).get("format")
    except NotStrict:
        return False
    return isinstance(told, str) and told.startswith(_FAMILY)


def read(lines: Iterable[str]) -> Bundle:
    """Read a whole bundle.

    Raises:
        NotABundle: a line is not of the form, or the file was made by a newer version (``newer``).
    """
    reading: _Reading | None = None
    for number, line in enumerate(lines, start=1):
        if number > MOST_LINES or len(line) > proofs.LONGEST_LINE:
            raise NotABundle("too_large", number)
        try:
            said = read_object(line.rstrip("\r\n").encode("utf-8", "surrogatepass"))
        except NotStrict as error:
            raise NotABundle("unreadable_line", number) from error
        if reading is None:
            reading = _Reading(_begun(said))
            continue
        if not reading.take(said):
            raise NotABundle("unreadable_line", number)
    if reading is None:
        raise NotABundle("unreadable_line", 1)
    return reading.whole()


def _begun(said: Mapping[str, Any]) -> Bundle:
    told = said.get("format")
    if told != FORMAT:
        is_newer = isinstance(told, str) and told.removeprefix(_FAMILY).isdecimal()
        raise NotABundle("newer" if is_newer else "unreadable_line", 1)
    name, partner, ref = (said.get(member) for member in ("installation", "partner", "ref"))
    if not is_installation(name) or not (is_installation(partner) or partner == ""):
        raise NotABundle("unreadable_line", 1)
    if not is_reference(ref) or said.keys() != {"format", "installation", "partner", "ref"}:
        raise NotABundle("unreadable_line", 1)
    return Bundle(str(name), str(partner), str(ref))


def _is_of(row: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """Whether what stands beside a token is what its row says of it."""
    try:
        said = read_object(row["detail"].encode())
    except (NotStrict, UnicodeEncodeError):
        return False
    is_refused = row["type"] == "token.refused"
    told = {
        "n": row["n"], "sha256": row["obj"], "kind": said.get("kind"), "issuer": said.get("issuer"),
        "subject": row["subject"], "text": kept["text"],
        "direction": "received" if is_refused else row["type"].removeprefix("token."),
        "standing": "unverified" if is_refused else "verified",
    }  # fmt: skip
    return dict(kept) == told


class _Reading:
    """What is remembered between two lines."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.last = 0
        self.row: Mapping[str, Any] | None = None  # whose token is to follow

    def take(self, said: Mapping[str, Any]) -> bool:
        """Take one line; False when it has no place here."""
        if len(said) != 1 or self.bundle.end is not None:
            return False
        kind, value = next(iter(said.items()))
        known = {
            "row": self._row,
            "token": self._token,
            "stamp": self._stamp,
            "elsewhere": self._elsewhere,
            "end": self._end,
        }
        return kind in known and isinstance(value, dict) and known[kind](value)

    def whole(self) -> Bundle:
        """Return the bundle after its last line."""
        self._require_token()
        if self.bundle.end is None:
            self.bundle.findings.append(missing("end_missing"))
        return self.bundle

    def _row(self, row: Mapping[str, Any]) -> bool:
        self._require_token()
        n = row.get("n")
        if type(n) is not int or n <= self.last:
            return False
        self.last = n
        carried = carried_hash(row)
        if carried is None:
            self._broken("row_changed", n=n)
            return True
        before = self.bundle.rows.get(n - 1)
        if before is not None and before["hash"] != row["prev"]:
            self._broken("row_does_not_follow", n=n)
        self.bundle.rows[n] = row
        if row["type"].startswith("token."):
            self.row = row
        if row["type"] == CONFIRMED and row["subject"] in self.bundle.sides:
            self.bundle.sides[row["subject"]].trust()
        return True

    def _require_token(self) -> None:
        if self.row is not None:
            self.bundle.findings.append(missing("token_missing", n=self.row["n"]))
            self.row = None

    def _token(self, kept: Mapping[str, Any]) -> bool:
        row, self.row = self.row, None
        text, sha256 = kept.get("text"), kept.get("sha256")
        if not isinstance(text, str) or not text.isascii() or not isinstance(sha256, str):
            return False
        if row is None:
            self._broken("token_without_row", sha256=sha256)
            return True
        if digest(text.encode()) != sha256 or not _is_of(row, kept):
            self._broken("token_changed", n=row["n"])
        elif row["type"] == "token.refused":
            self.bundle.doubtful += 1
        else:
            self._genuine(row, text, sha256)
        return True

    def _genuine(self, row: Mapping[str, Any], text: str, sha256: str) -> None:
        try:
            said = read_object(row["detail"].encode())
            kind, issuer = Kind(said["kind"]), str(said["issuer"])
            side, token = self._read(kind, issuer, row["subject"], text)
        except (TokenRefused, NotStrict, ValueError, KeyError, TypeError):
            self._broken("not_genuine", n=row["n"])
            return
        direction = row["type"].removeprefix("token.")
        self.bundle.tokens[sha256] = Kept(token, row["n"], direction, side)
        log = token.claims if kind is Kind.CHECKPOINT else token.claims.get("log")
        if log is not None and kind in {Kind.CHECKPOINT, Kind.RECEIPT}:
            word = Word(log["n"], log["head"], token.claims["iat"], row["n"])
            self.bundle.words.setdefault(token.issuer, []).append(word)

    def _read(self, kind: Kind, issuer: str, subject: str, text: str) -> tuple[Side, Token]:
        if kind is Kind.KEYS:
            return self._listen(issuer, subject, text)
        for side in self.bundle.sides.values():
            if side.issuer == issuer:
                try:
                    return side, side.read_kept(text, kind)
                except TokenRefused:
                    continue
        raise TokenRefused(Reason.KEY)

    def _listen(self, issuer: str, subject: str, text: str) -> tuple[Side, Token]:
        sides = self.bundle.sides
        side = sides.get(subject)
        if sum(len(one.statements) for one in sides.values()) >= MOST_STATEMENTS:
            raise TokenRefused(Reason.TEXT)
        if side is None:
            found = statements.read_first(text)
            if found.issuer != issuer:
                raise TokenRefused(Reason.ISSUER)
            is_own = issuer == subject == self.bundle.installation
            side = sides[subject] = Side(found, is_trusted=is_own)
        else:
            found = side.hear(text)
        return side, Token(Kind.KEYS, found.signed_by, found.claims, text)

    def _stamp(self, said: Mapping[str, Any]) -> bool:
        found = read_stamp(said)
        if found is None or found[0] not in self.bundle.tokens:
            return False
        self.bundle.stamps.append(found)
        return True

    def _elsewhere(self, said: Mapping[str, Any]) -> bool:
        issuer, chain, numbers = (said.get(name) for name in ("issuer", "chain", "numbers"))
        if not isinstance(issuer, str) or not isinstance(chain, str):
            return False
        if not isinstance(numbers, list) or any(type(one) is not int for one in numbers):
            return False
        self.bundle.elsewhere.setdefault((issuer, chain), set()).update(numbers)
        return True

    def _end(self, said: Mapping[str, Any]) -> bool:
        n, head = said.get("n"), said.get("head")
        if type(n) is not int or not isinstance(head, str):
            return False
        self.bundle.end = (n, head)
        return True

    def _broken(self, code: str, **facts: proofs.Fact) -> None:
        self.bundle.findings.append(broken(code, **facts))
