"""Corridors as data: what two countries agreed, checked when it is read."""

from datetime import date
from pathlib import Path

import pytest

from core.packs.errors import NoPack, PackError
from transfers.rules.codes import ConsentOrder, CorridorStatus
from transfers.rules.summary import ALLOWED, NEEDED
from transfers.service import corridor_packs
from transfers.service.corridor_packs import corridor_names, corridor_of, load_corridor

DAY = date(2026, 11, 1)
MINIMAL = """extends = "base/1.toml"
origin = "ZM"
destination = "NA"
title = "A corridor"
[instrument]
kind = "memorandum"
title = "An arrangement"
basis = "inferred"
source = "to be confirmed"
"""


def a_file(folder: Path, text: str, name: str = "ZM-NA/7.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def with_version(more: str, text: str = MINIMAL) -> str:
    """The keys before the first table of a file."""
    head, table, rest = text.partition("[instrument]")
    return f"{head}version = 7\n{more}\n{table}{rest}"


@pytest.mark.parametrize("name", corridor_names())
def test_every_corridor_that_comes_with_the_engine_can_be_used_both_ways(name: str) -> None:
    origin, _, destination = name.partition("-")

    found = corridor_of(origin, destination, on=DAY)

    assert f"{destination}-{origin}" in corridor_names()
    assert NEEDED <= set(found.summary_fields) <= ALLOWED
    assert set(found.documents) == set(found.kinds)


def test_the_difficult_corridors_begin_as_the_sources_describe_them() -> None:
    assert corridor_of("ZM", "CD", on=DAY).starts_as is CorridorStatus.DEGRADED
    assert corridor_of("ZM", "NA", on=DAY).starts_as is CorridorStatus.ACTIVE
    assert corridor_of("ZM", "ZA", on=DAY).consent_order is ConsentOrder.CONSENT_THEN_DECISION


def test_a_transfer_stays_with_the_version_it_began_under(tmp_path: Path) -> None:
    a_file(tmp_path / "corridors", with_version("valid_from = 2026-06-01"))
    corridor_packs.use_folder(tmp_path)
    try:
        assert corridor_of("ZM", "NA", on=date(2026, 5, 31)).version == 1
        assert corridor_of("ZM", "NA", on=date(2026, 6, 1)).version == 7
        assert corridor_of("ZM", "NA", 1, on=date(2026, 6, 1)).version == 1
        with pytest.raises(NoPack):
            corridor_of("ZM", "NA", 8, on=DAY)
    finally:
        corridor_packs.use_folder(None)
    assert corridor_of("ZM", "NA", on=DAY).version == 1


@pytest.mark.parametrize("name", ["ZM-XX", "../..", "ZM", "zm-na", "", "ZM-NA-ZM"])
def test_what_is_no_corridor_has_no_pack(name: str) -> None:
    origin, _, destination = name.partition("-")

    with pytest.raises(NoPack):
        corridor_of(origin, destination, on=DAY)


@pytest.mark.rule("R44")
@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('summary_fields = ["child.name"]', "child.name is never shared"),
        ('summary_fields = ["child.name"]', "needs child.sex"),
        ('destination2 = "NA"', "destination2: is not known here"),
        ('kinds = ["resettlement_handover"]', "resettlement_handover: is missing"),
        ("valid_from = 2026-13-01", "ZM-NA/7.toml"),
        ('responsibility = "moves_on_acceptance"', "is not allowed"),
        ("retain_days = 0", "retain_days"),
        ('media = ["image/svg+xml"]', "media.0"),
        ('[maps."care.type"]\nfoster = "foster"\nkinship = "foster"', "stands for two local codes"),
        ('[maps."child.name"]\nxx = "y"', "is not a field of the summary"),
        (
            (
                '[limits.D4]\nstarts = "registration"\ncounterpart = false\nbasis = "inferred"\nsource = "s"\n'
                'emergency = "1 days"\nhigh = "1 days"\nmedium = "1 days"\nlow = "1 days"'
            ),
            "runs inside one country",
        ),
    ],
)
def test_a_corridor_that_cannot_be_used_is_refused_by_file_and_key(
    tmp_path: Path, more: str, says: str
) -> None:
    path = a_file(tmp_path, with_version(more))

    with pytest.raises(PackError) as refused:
        load_corridor(path)

    assert "ZM-NA/7.toml" in str(refused.value)
    assert says in str(refused.value)


def test_a_corridor_in_the_wrong_place_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, with_version(""), "NA-ZM/8.toml")

    with pytest.raises(PackError) as refused:
        load_corridor(path)

    assert "is ZM-NA in folder NA-ZM" in str(refused.value)
    assert "is 7 in file 8.toml" in str(refused.value)
