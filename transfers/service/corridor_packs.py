"""Corridor packs: what two countries agreed about children who go from one to the other, as data.

A corridor has a direction: ``ZM-NA`` is about children who would go from Zambia to Namibia; the way back has
its own pack, because papers, law and habits differ. Packs lie in ``countries/corridors/<from>-<to>/`` and are
written and checked like country packs; a version that was ever used is not edited, a transfer stays pinned to it.
Whether a corridor is open today is not in the file: officers change that, and the change is on record.

Source: DOM-5.1, DOM-5.2, DOM-5.6, DOM-5.9, DOM-9.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from core.packs.codes import Basis, Code, Country, LimitCode, Model, Words
from core.packs.errors import NoPack
from core.packs.explaining import Problem
from core.packs.reading import load_model
from core.packs.sections import LimitRule
from transfers.rules.code_maps import CodeMap, collisions
from transfers.rules.codes import (
    Connectivity,
    ConsentOrder,
    CorridorStatus,
    Redaction,
    ResponsibilityModel,
    TransferKind,
)
from transfers.rules.summary import ALLOWED, NEEDED

BUILT_IN: Final = Path(__file__).resolve().parents[2] / "countries" / "corridors"
ACROSS: Final = frozenset({LimitCode(f"D{number}") for number in (*range(13, 23),)})
"""Limits that run between two countries; all others belong to one country's own pack."""
NAME: Final = re.compile(r"[A-Z]{2}-[A-Z]{2}", re.ASCII)
_folders: list[Path] = [BUILT_IN]

FieldName = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_0-9]+)?$")]
Common = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_.-]{1,60}$")]
MediaType = Annotated[
    str, Field(pattern=r"^application/vnd\.openxmlformats-officedocument\.[a-z.]+$")
]


class Instrument(Model):
    """What the corridor rests on. Source: DOM-9."""

    kind: Annotated[str, Field(pattern=r"^(treaty|memorandum|practice)$")]
    title: Words
    valid_from: date | None = None
    valid_until: date | None = None
    basis: Basis
    source: Words


class Corridor(Model):
    """What two countries agreed, for children who go one way. Source: DOM-9.

    Args:
        origin, destination: ISO 3166-1 alpha-2.
        starts_as: the status before any officer changed it.
        consent_order: whether decision or consent comes first.
        responsibility: when the duty for the child passes.
        kinds: what may be asked.
        summary_fields: fields of the summary that are shared here.
        highest_redaction: the fullest message that may cross.
        request_terms: what a request holds besides report and reasons (DOM-R35).
        documents: papers needed by kind of transfer, codes.
        home_study_for: kinds for which a home study is needed before travel.
        limits: limits that differ from the acting country's own pack.
        maps: local codes to common ones, by field of the summary; no entry: the codes are common already.
        media: media types allowed besides those of the protocol.
        retain_days: how long the receiver may keep a package.
        consulate: whether the consulate may be contacted: never, or where guardian agrees and nothing is feared.
    """

    origin: Country
    destination: Country
    version: int = Field(ge=1, le=9999)
    valid_from: date
    title: Words
    notes: tuple[Words, ...] = ()
    starts_as: CorridorStatus
    connectivity: Connectivity
    instrument: Instrument
    consent_order: ConsentOrder
    responsibility: ResponsibilityModel
    kinds: tuple[TransferKind, ...] = Field(min_length=1)
    summary_fields: tuple[FieldName, ...] = Field(min_length=1)
    highest_redaction: Redaction
    request_terms: tuple[Code, ...] = ()
    documents: Mapping[TransferKind, tuple[Code, ...]]
    home_study_for: tuple[TransferKind, ...] = ()
    limits: Mapping[LimitCode, LimitRule] = Field(default_factory=dict)
    maps: Mapping[FieldName, Mapping[Code, Common]] = Field(default_factory=dict)
    media: tuple[MediaType, ...] = ()
    retain_days: int = Field(ge=1, le=3660)
    consulate: Annotated[str, Field(pattern=r"^(never|if_guardian_agrees)$")]

    @property
    def name(self) -> str:
        """From and to, for example ``ZM-NA``."""
        return f"{self.origin}-{self.destination}"

    @property
    def code_maps(self) -> dict[str, CodeMap]:
        """The maps as the rules read them, by field."""
        return {field: CodeMap(field, pairs) for field, pairs in self.maps.items()}


def use_folder(folder: Path | None) -> None:
    """Look for corridors below a folder of the operator's own first; ``None`` goes back to the built-in."""
    _folders[:] = [BUILT_IN] if folder is None else [folder.resolve() / "corridors", BUILT_IN]
    _read_once.cache_clear()
    _paths.cache_clear()


def corridor_names() -> tuple[str, ...]:
    """Return the names of all corridors that have a pack, in alphabetical order."""
    found = {
        path.parent.name
        for folder in _folders
        for path in folder.glob("[A-Z][A-Z]-[A-Z][A-Z]/*.toml")
    }
    return tuple(sorted(name for name in found if versions(name)))


def versions(name: str) -> tuple[int, ...]:
    """Return the versions of a corridor, oldest first; empty when there is none."""
    return tuple(sorted(_paths(name, tuple(_folders))))


def corridor_of(origin: str, destination: str, version: int | None = None, *, on: date) -> Corridor:
    """Return a corridor: the version a transfer is pinned to, or the newest in force on a day.

    Raises:
        NoPack: no such corridor, no such version, or none in force yet.
        PackError: the file cannot be used; every error is named.
    """
    name = f"{origin}-{destination}"
    paths = _paths(name, tuple(_folders))
    if version is not None:
        if version not in paths:
            raise NoPack(name, version)
        return _read_once(paths[version])
    for number in sorted(paths, reverse=True):
        found = _read_once(paths[number])
        if found.valid_from <= on:
            return found
    raise NoPack(name, None)


def load_corridor(path: Path) -> Corridor:
    """Read and check one corridor.

    Raises:
        PackError: with every error found, each as ``file: key: what is wrong, what is allowed``.
    """
    return load_model(
        path, _folders, Corridor, lambda found: [*_inconsistencies(found), *_misplaced(found, path)]
    )


def _inconsistencies(found: Corridor) -> Iterator[Problem]:
    if found.origin == found.destination:
        yield Problem(("destination",), "is the country the child is in")
    period = found.instrument
    if period.valid_from and period.valid_until and period.valid_until < period.valid_from:
        yield Problem(("instrument", "valid_until"), "lies before valid_from")
    for code in sorted(set(found.limits) - ACROSS):
        yield Problem(("limits", code), "runs inside one country; write it in its country pack")
    yield from _shared(found)
    yield from _kinds(found)


def _shared(found: Corridor) -> Iterator[Problem]:
    for field in sorted(set(found.summary_fields) - ALLOWED):
        yield Problem(("summary_fields",), f"{field} is never shared (DOM-R44)")
    for field in sorted(NEEDED - set(found.summary_fields)):
        yield Problem(("summary_fields",), f"needs {field}: no summary does without")
    for field, code_map in found.code_maps.items():
        if field not in ALLOWED:
            yield Problem(("maps", field), "is not a field of the summary")
        for common in collisions(code_map):
            what = f"{common} stands for two local codes: what is said is lost"
            yield Problem(("maps", field), what)


def _kinds(found: Corridor) -> Iterator[Problem]:
    for kind in found.kinds:
        if kind not in found.documents:
            yield Problem(("documents", kind), "is missing; write [] if no paper is needed")
    for kind in sorted({*found.documents, *found.home_study_for} - set(found.kinds)):
        yield Problem(("documents", kind), "is not one of the kinds of this corridor")


def _misplaced(found: Corridor, path: Path) -> Iterator[Problem]:
    if path.resolve().parent.name != found.name:
        yield Problem(("origin",), f"is {found.name} in folder {path.resolve().parent.name}")
    if path.stem != str(found.version):
        yield Problem(("version",), f"is {found.version} in file {path.name}")


@lru_cache(maxsize=256)
def _read_once(path: Path) -> Corridor:
    return load_corridor(path)


@lru_cache(maxsize=256)
def _paths(name: str, folders: tuple[Path, ...]) -> dict[int, Path]:
    found: dict[int, Path] = {}
    if NAME.fullmatch(name) is None:
        return found
    for folder in reversed(folders):
        for path in (folder / name).glob("*.toml"):
            if path.stem.isdigit():
                found[int(path.stem)] = path
    return found
