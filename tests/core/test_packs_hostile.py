"""Whatever is written into a pack: it is read, or refused by name. Never a crash, never half a pack."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.packs.errors import PackError
from core.packs.lookup import BUILT_IN, pack_of
from core.packs.models import Pack
from core.packs.reading import load_pack


def paths_in(values: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in values.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from paths_in(value, (*above, key))


PATHS = sorted(
    path for path in paths_in(pack_of("ZM", 1).model_dump(mode="json")) if path[0] != "version"
)
WORDS = st.sampled_from(["", "high", "ZM", "3 days", "detention", "2026-02-30", "\x00", "é" * 700])
JUNK = st.recursive(
    st.one_of(WORDS, st.integers(-(2**70), 2**70), st.booleans(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["min", "high", "D1", "x y", "to"]), inner, max_size=3),
    ),
    max_leaves=4,
)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value)


@settings(max_examples=200, deadline=None)
@given(path=st.sampled_from(PATHS), extra=st.sampled_from([(), ("x",), ("min",)]), value=JUNK)
def test_junk_under_any_key_is_refused_by_name_or_leaves_a_whole_pack(path, extra, value):
    with TemporaryDirectory() as name:
        file = Path(name) / "ZM" / "3.toml"
        file.parent.mkdir()
        key = ".".join(json.dumps(part) for part in (*path, *extra))
        file.write_text(f'extends = "ZM/1.toml"\nversion = 3\n{key} = {toml(value)}\n', "utf-8")

        try:
            outcome: Pack | PackError = load_pack(file, (BUILT_IN,))
        except PackError as refusal:
            outcome = refusal

        if isinstance(outcome, PackError):
            assert all(len(line.split(": ", 2)) == 3 for line in outcome.problems)
        else:
            assert outcome.calendar().weekdays
