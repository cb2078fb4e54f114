"""Lists from elsewhere: every row whole or not at all, told about, taken once, never guessed."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from cases.errors import ImportFileUnusable, MappingUnusable
from cases.service.imports.mappings import FOLDER, mapping_for
from cases.service.imports.reading import columns_of, rows_of
from cases.service.imports.taking import Result, Tally
from core import audit
from core.db import Database
from core.packs.lookup import pack_of
from tests.builders.lists import (
    a_json_list,
    a_mapped_case,
    a_primero_case,
    count,
    take,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _csv(folder: Path, text: str | bytes) -> Path:
    path = folder / "cases.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "wrap",
    [
        lambda case: {"data": [case], "metadata": {"total": 1, "per": 20, "page": 1}},
        lambda case: [case],
        lambda case: [{"id": case["id"], "data": {k: v for k, v in case.items() if k != "id"}}],
    ],
    ids=["page of the API", "exported array", "exported array with nested fields"],
)
def test_a_case_of_primero_becomes_a_registered_child(
    database: Database, folder: Path, now: datetime, wrap: Any
) -> None:
    (outcome,) = take(database, a_json_list(folder, wrap(a_mapped_case())), now)

    assert outcome.result is Result.TAKEN
    assert outcome.child_code
    with database.engine.connect() as connection:
        row = connection.execute(sa.text("SELECT * FROM case_file")).mappings().one()
    assert (row["sex"], row["accompaniment"], row["nationality_code"]) == (
        "female",
        "unaccompanied",
        "CD",
    )
    assert row["state"] == "registered"


def test_a_second_import_of_the_same_file_changes_nothing(
    database: Database, folder: Path, now: datetime
) -> None:
    path = a_json_list(folder, [a_mapped_case(1), a_mapped_case(2)])
    take(database, path, now)

    again = take(database, path, now)

    assert [o.result for o in again] == [Result.KNOWN, Result.KNOWN]
    assert count(database) == 2


def test_a_row_that_changed_at_the_source_is_told_and_not_overwritten(
    database: Database, folder: Path, now: datetime
) -> None:
    take(database, a_json_list(folder, [a_mapped_case(1)]), now)

    (outcome,) = take(database, a_json_list(folder, [a_mapped_case(1, age=15)]), now)

    assert outcome.result is Result.CHANGED


def test_a_code_that_does_not_map_holds_the_row_back_and_is_named(
    database: Database, folder: Path, now: datetime
) -> None:
    path = a_json_list(folder, [a_primero_case(1, language=["language7"], nationality=["cod"])])

    (outcome,) = take(database, path, now)

    assert outcome.result is Result.HELD
    assert [(c.field, c.code, c.value) for c in outcome.complaints] == [
        ("languages", "unmapped", "language7")
    ]
    assert count(database) == 0


def test_the_importer_may_take_unmapped_codes_as_unknown_and_is_told(
    database: Database, folder: Path, now: datetime
) -> None:
    path = a_json_list(folder, [a_primero_case(1, nationality=["nationality3"], language=["sw"])])
    tally = Tally()

    for outcome in take(database, path, now, accept_unknown=True):
        tally.add(outcome)

    assert tally.results[Result.TAKEN] == 1
    assert tally.unmapped == {("nationalities", "nationality3"): 1}
    with database.engine.connect() as connection:
        assert (
            connection.execute(sa.text("SELECT nationality_code FROM case_file")).scalar()
            == "undetermined"
        )


def test_a_dry_run_stores_nothing_at_all(database: Database, folder: Path, now: datetime) -> None:
    (outcome,) = take(database, a_json_list(folder, [a_mapped_case()]), now, dry_run=True)

    assert (outcome.result, outcome.child_code) == (Result.TAKEN, "")
    assert count(database) == count(database, "audit") == count(database, "wakeup") == 0


def test_one_bad_row_costs_no_other_row(database: Database, folder: Path, now: datetime) -> None:
    path = a_json_list(
        folder,
        [
            a_mapped_case(1),
            a_mapped_case(2, date_of_birth="2011-02-31"),
            "no case",
            a_mapped_case(3),
        ],
    )

    results = [o.result for o in take(database, path, now)]

    assert results == [Result.TAKEN, Result.HELD, Result.HELD, Result.TAKEN]
    assert count(database) == 2


def test_a_grown_up_is_refused_by_our_rule_and_leaves_no_trace_of_a_case(
    database: Database, folder: Path, now: datetime
) -> None:
    (outcome,) = take(database, a_json_list(folder, [a_mapped_case(1, age=45)]), now)

    assert outcome.result is Result.REFUSED
    assert outcome.complaints[0].code == "age_not_possible"
    assert count(database) == count(database, "data_key") - 1 == 0
    with database.unit_of_work() as session:
        assert audit.verify_database(session).holds


def test_closed_cases_of_the_source_stay_there(
    database: Database, folder: Path, now: datetime
) -> None:
    path = a_json_list(folder, [a_mapped_case(1, status="closed"), a_mapped_case(2, enabled=False)])

    assert {o.result for o in take(database, path, now)} == {Result.CLOSED}


@pytest.mark.rule("R27")
def test_a_detained_child_of_a_list_becomes_an_emergency(
    database: Database, folder: Path, now: datetime
) -> None:
    take(
        database,
        a_json_list(folder, [a_mapped_case(1, protection_concerns=["arrested_detained"])]),
        now,
    )

    with database.engine.connect() as connection:
        row = connection.execute(sa.text("SELECT priority, detained FROM case_file")).one()
    assert (row[0], bool(row[1])) == ("emergency", True)


@pytest.mark.rule("R49")
def test_no_word_about_a_child_is_left_in_clear(
    database: Database, folder: Path, now: datetime
) -> None:
    path = a_json_list(
        folder,
        [a_mapped_case(1, name_first="Zyxwv", name_last="Qrstu", case_id_display="PRIM-777")],
    )

    (outcome,) = take(database, path, now)

    assert outcome.result is Result.TAKEN
    dump = _everything(database)
    assert "Zyxwv" not in dump
    assert "Qrstu" not in dump
    assert "PRIM-777" not in dump


def test_json_that_breaks_off_keeps_the_rows_before_and_names_the_one_that_broke(
    database: Database, folder: Path, now: datetime
) -> None:
    path = folder / "cases.json"
    path.write_text(json.dumps([a_mapped_case(1), a_mapped_case(2)])[:-30])

    outcomes = take(database, path, now)

    assert [(o.number, o.result) for o in outcomes] == [(1, Result.TAKEN), (2, Result.HELD)]
    assert outcomes[1].complaints[0].code == "broken_json"


@pytest.mark.parametrize("digits", [4_301, 100_001, 10_000_000])
def test_a_number_without_end_is_named_and_the_rows_before_it_are_read(
    folder: Path, digits: int
) -> None:
    path = folder / "long.json"
    path.write_bytes(b'[{"case_id":"a"},' + b" " * 70_000 + b'{"age":' + b"9" * digits + b"}]")

    rows = list(rows_of(path))

    assert [(row.number, row.fault) for row in rows] == [(1, ""), (2, "broken_json")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name_first": "x" * 10_000_000}, "too_long"),
        ({"name_first": {"a": 1}}, "not_text"),
        ({"name_first": "=HYPERLINK(1)"}, "formula"),
        ({"date_of_birth": "31/02/2011"}, "not_a_date"),
        ({"date_of_birth": "2011-13-01"}, "not_a_date"),
        ({"date_of_birth": "2050-01-01"}, "in_the_future"),
        ({"age": -1}, "not_an_age"),
        ({"age": 14.5}, "not_an_age"),
        ({"age": "9" * 5000}, "not_an_age"),
        ({"sex": "unknown_code"}, "unmapped"),
        ({"nationality": ["cod"] * 1000}, "too_many"),
        ({"id": None}, ""),
    ],
)
def test_values_that_cannot_be_used_hold_the_row_back(
    database: Database, folder: Path, now: datetime, changes: dict[str, Any], code: str
) -> None:
    row = a_mapped_case(1, **changes)
    if "id" in changes:
        del row["id"]

    (outcome,) = take(database, a_json_list(folder, [row]), now)

    assert outcome.result is Result.HELD
    assert outcome.complaints[0].code == (code or "missing")


TEMPLATE = "source_id;given_name;family_name;sex;birth_date;accompaniment;nationality;languages\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_a_row_of_the_template_becomes_a_registered_child(
    database: Database, folder: Path, now: datetime, mark: bytes
) -> None:
    line = "A-1;José;N'gombe;male;2012-05-30;separated;Angola;pt;\n".replace("pt;\n", "pt\n")
    path = _csv(folder, mark + (TEMPLATE + line).encode())

    (outcome,) = take(database, path, now)

    assert (outcome.number, outcome.result) == (2, Result.TAKEN)


def test_a_row_in_another_encoding_is_named_and_the_others_are_taken(
    database: Database, folder: Path, now: datetime
) -> None:
    good = b"A-1;Ana;Sousa;female;2012-05-30;separated;AO;pt\n"
    bad = "A-2;José;Sousa;male;2012-05-30;separated;AO;pt\n".encode("latin-1")
    path = _csv(folder, TEMPLATE.encode() + bad + good)

    outcomes = take(database, path, now)

    assert [(o.number, o.result) for o in outcomes] == [(2, Result.HELD), (3, Result.TAKEN)]
    assert outcomes[0].complaints[0].code == "encoding"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        ("source_id;given_name\nA;B\n".encode("utf-16"), "encoding"),
        (b"source_id," + b",".join(b"c%d" % n for n in range(5000)) + b"\nA\n", "too_many_columns"),
        (b"name,sex\nAna,female\n", "no_source_id_column"),
        (b"source_id,sex,sex\nA,female,male\n", "column_twice"),
        (b'{"metadata":{}}', "no_data"),
        (b"PK\x03\x04 not really", "not_a_spreadsheet"),
    ],
)
def test_a_file_that_is_no_case_list_is_refused_whole(
    database: Database, folder: Path, now: datetime, content: bytes, reason: str
) -> None:
    path = _csv(folder, content)

    with pytest.raises(ImportFileUnusable) as refusal:
        take(database, path, now)

    assert refusal.value.reason == reason
    assert count(database) == 0


def _sheet(folder: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    path = folder / "cases.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet_is_read_and_a_formula_is_never_computed(
    database: Database, folder: Path, now: datetime
) -> None:
    names = ["source_id", "given_name", "birth_date", "sex"]
    path = _sheet(
        folder,
        [names, ["A-1", "Ana", datetime(2012, 5, 30), "female"], ["A-2", "=1+1", None, "male"]],
    )

    outcomes = take(database, path, now)

    assert [(o.number, o.result) for o in outcomes] == [(2, Result.TAKEN), (3, Result.HELD)]
    assert outcomes[1].complaints[0].code == "formula"


def test_a_zip_bomb_with_a_spreadsheets_name_is_not_opened(
    database: Database, folder: Path, now: datetime
) -> None:
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)

    with pytest.raises(ImportFileUnusable) as refusal:
        take(database, path, now)

    assert refusal.value.reason == "too_large_inside"


def test_a_mapping_with_unknown_parts_is_refused(folder: Path) -> None:
    path = folder / "mine.toml"
    path.write_text('name = "x"\nsystem = "y"\nfilds = {}\n')

    with pytest.raises(MappingUnusable):
        mapping_for(path, pack_of("ZM"))


def test_every_code_of_the_built_in_mappings_is_one_the_country_knows() -> None:
    pack = pack_of("ZM")

    for name in ("primero_2.toml", "template_1.toml"):
        mapping = mapping_for(FOLDER / name, pack)
        assert set(mapping.values["concerns"].values()) - {""} <= mapping.concerns
        assert set(mapping.values["separation_cause"].values()) <= mapping.causes


def _everything(database: Database) -> str:
    return "\n".join(_rows(database))


def _rows(database: Database) -> Iterator[str]:
    inspector = sa.inspect(database.engine)
    with database.engine.connect() as connection:
        for table in inspector.get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
                yield str([bytes(v) if isinstance(v, memoryview) else v for v in row])


def test_the_columns_of_a_table_are_known_before_its_rows_are_taken(folder: Path) -> None:
    path = folder / "list.csv"
    path.write_text("source_id,Colour,given_name\n1,blue,Amani\n", encoding="utf-8")

    assert columns_of(path) == ("source_id", "colour", "given_name")
    (folder / "list.json").write_text("[]")
    assert columns_of(folder / "list.json") == ()
