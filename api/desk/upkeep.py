"""What an installation goes by and how it is: rules of the country, corridors, keys, queues, the last backup."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from api.desk.visit import Visit
from core import condition
from core.exchange.statements import Status
from core.packs.lookup import pack_of, versions
from core.worktime import Limit, Unit
from transfers.rules import key_life
from transfers.service import corridors, installation, keys
from transfers.service.corridors import CorridorView
from transfers.service.keys import KeyView

URGENCIES: Final = ("emergency", "high", "medium", "low")
LONG_UNSENT: Final = timedelta(hours=1)
LONG_WITHOUT_BACKUP: Final = timedelta(days=2)
STOPPED: Final = "stopped"


@dataclass(frozen=True)
class Line:
    """How one thing is, and whether somebody has to look."""

    what: str
    how: str
    is_bad: bool = False


@dataclass(frozen=True)
class Version:
    """One version of the rules of the country."""

    number: int
    begins: str
    in_force: bool


@dataclass(frozen=True)
class CorridorLine:
    """A corridor: what it is called, how it stands and whose word that is."""

    way: str
    title: str
    version: int
    status: str
    reason: str
    changed: str


@dataclass(frozen=True)
class KeyLine:
    """A key of ours: what it is for, how it stands, and what is due."""

    name: str
    use: str
    status: str
    term: str
    due: str


def rule_lines(visit: Visit) -> list[Line]:
    """Return what the rules of the country say about what people ask most."""
    pack, words = visit.pack, visit.words
    quorum = pack.panel.quorum
    return [
        Line(words("rules.lead"), pack.bodies.lead),
        Line(words("rules.secretariat"), pack.bodies.secretariat),
        Line(words("rules.signatory"), pack.bodies.cross_border_signatory),
        Line(words("rules.review_panel"), pack.bodies.review_panel),
        Line(words("rules.child"), words("rules.child_under", age=pack.ages.child_under)),
        Line(words("rules.size"), words("rules.size_is", least=pack.panel.size_min, most=pack.panel.size_max)),
        Line(words("rules.quorum"), words("rules.quorum_is", members=quorum.min_present, agencies=quorum.min_agencies)),
        Line(words("rules.appeal"), pack.appeal.body),
        Line(words("rules.kept"), _kept(visit)),
        Line(words("rules.law"), pack.data_protection.law),
    ]  # fmt: skip


def limit_lines(visit: Visit) -> list[tuple[str, list[str]]]:
    """Return every time limit with its length for each urgency."""
    return [
        (visit.words.of("limit", code), [_length(visit, getattr(rule, one)) for one in URGENCIES])
        for code, rule in visit.pack.limits.items()
    ]


def version_lines(visit: Visit) -> list[Version]:
    """Return every version of the rules there is, the newest first."""
    country = visit.actor.country
    known = [pack_of(country, number) for number in reversed(versions(country))]
    return [
        Version(one.version, visit.words.day(one.valid_from), one.version == visit.pack.version)
        for one in known
    ]


def corridor_lines(visit: Visit) -> list[CorridorLine]:
    """Return the corridors of the country and how they stand today."""
    found = corridors.list_corridors(visit.session, visit.actor, now=visit.now)
    visit.names([one.changed_by for one in found])
    return [_corridor(visit, one) for one in found]


def key_lines(visit: Visit) -> list[KeyLine]:
    """Return every key of ours, what it is for and what is due, the newest first."""
    found = keys.list_keys(visit.session, visit.actor, now=visit.now)
    newest = {one.use: one.kid for one in found if one.status is Status.ACTIVE}
    return [_key(visit, one, newest.get(one.use) == one.kid) for one in reversed(found)]


def identity(visit: Visit) -> Mapping[str, Any]:
    """Return who we are to other installations, and until when our statement is good."""
    found = installation.identity(visit.session, visit.actor, now=visit.now)
    return {"name": found.installation, "fingerprint": found.fingerprint}


def state_lines(visit: Visit, procedure: Mapping[str, Any]) -> list[Line]:
    """Return how the installation is.

    Args:
        visit: of whoever looks after it.
        procedure: what the runner of this process last said about itself.
    """
    found, words = condition.condition_of(visit.session, visit.actor, now=visit.now), visit.words
    oldest, backup = found.oldest_unsent, found.backed_up_at
    looked = procedure.get("drained_at")
    runs = str(procedure.get("procedure") or "elsewhere")
    return [
        Line(words("state.now"), words.at(visit.now, visit.zone)),
        Line(words("state.procedure"), words.of("carrier", runs), runs == STOPPED),
        Line(words("state.looked"), _moment(visit, looked) or words("state.not_here")),
        Line(words("state.cases"), words.count("state.waiting", found.waiting_cases)),
        Line(words("state.free"), words.count("state.waiting", found.held_by_nobody)),
        Line(words("state.messages"), words.count("state.unsent", found.unsent)),
        Line(
            words("state.oldest"),
            words("state.none") if oldest is None else words.span(visit.now - oldest),
            oldest is not None and visit.now - oldest > LONG_UNSENT,
        ),
        Line(
            words("state.backup"),
            words("state.never") if backup is None else words.at(backup, visit.zone),
            backup is None or visit.now - backup > LONG_WITHOUT_BACKUP,
        ),
    ]


def _kept(visit: Visit) -> str:
    kept = visit.pack.retention
    return visit.words(
        "rules.kept_is", closing=kept.years_after_closing, majority=kept.years_after_majority
    )


def _moment(visit: Visit, text: object) -> str:
    if not isinstance(text, str):
        return ""
    return visit.words.at(datetime.fromisoformat(text), visit.zone)


def _length(visit: Visit, length: Limit | None) -> str:
    if length is None:
        return "–"
    if length.amount == 0:
        return visit.words(
            "rules.same_day" if length.unit is Unit.WORKING_DAYS else "rules.at_once"
        )
    return visit.words.count(f"rules.{length.unit}", length.amount)


def _corridor(visit: Visit, found: CorridorView) -> CorridorLine:
    words = visit.words
    origin, _, destination = found.name.partition("-")
    changed = ""
    if found.changed_at is not None:
        day = words.at(found.changed_at, visit.zone)
        changed = words("rules.changed", name=visit.name(found.changed_by), day=day)
    return CorridorLine(
        words("way", origin=words.country(origin), to=words.country(destination)),
        found.title, found.version, words.of("corridor", found.status), found.reason, changed,
    )  # fmt: skip


def _key(visit: Visit, found: KeyView, is_newest: bool) -> KeyLine:
    words = visit.words
    since = words("term.since", day=words.day(found.begins_at.date()))
    until = words("term.until", day=words.day((found.retires_at or found.ends_at).date()))
    due = ""
    if is_newest and key_life.is_rotation_due(found.begins_at, visit.now):
        due = words("keys.rotate")
    elif found.held and key_life.may_be_destroyed(found.retires_at, visit.now):
        due = words("keys.destroy")
    use, status = words.of("key_use", found.use), words.of("key_status", found.status)
    return KeyLine(found.kid[:8], use, status, f"{since} {until}", due)
