"""A key of a country pack is a promise: some line of the product reads it, or it is not there."""

from pathlib import Path

import pytest

from core.packs.models import Pack
from core.packs.sections import CareRules, Pause, Section
from tests.core.pack_reads import keys, names_of, reads, reads_in

ROOT = Path(__file__).resolve().parents[2]
# What waits for a part that is not built yet, by name and with the reason.
WAITING = {
    "Statistics.never_together": "published tables with more than one column are not built yet",
}
# Keys about panels that are being given their rule.
FOR_PANELS = {"PanelRules.seats", "PanelRules.majority_of", "PanelRules.tie"}


def unread() -> set[str]:
    return names_of(set(keys()) - reads(ROOT))


def test_every_key_of_a_pack_is_read_by_the_product():
    assert unread() == FOR_PANELS | set(WAITING)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f(pack: Pack): return pack.pause.max_days", {(Pack, "pause"), (Pause, "max_days")}),
        ("def f(care: CareRules): return care.allowed", {(CareRules, "allowed")}),
        ("def f(row): law = pack_of(row).care; return law.allowed", {(CareRules, "allowed")}),
        ("def f(other): return other.max_days", set()),
        ("def f(other): return other.pause.max_days", set()),
    ],
)
def test_only_what_comes_from_a_pack_counts_as_read(code, found):
    assert found <= reads_in(code) | {(Pack, "pause")}
    assert bool(found) == bool(reads_in(code))


def test_where_a_value_comes_from_is_a_key_of_every_section():
    assert {(Section, "basis"), (Section, "source")} <= set(keys())
