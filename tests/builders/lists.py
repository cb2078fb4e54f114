"""Lists of cases as other systems give them, and taking them in."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cases.service.imports.mappings import FOLDER, mapping_for
from cases.service.imports.reading import is_json, rows_of
from cases.service.imports.taking import Outcome, Plan, take_rows
from core.actors import Actor, Grant, Role, ScopeKind
from core.db import Database
from core.packs.lookup import pack_of

OFFICE = "ZM-01-SES"
WORKER = Actor(
    "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000ab", "ZM",
    frozenset({Grant(Role.CASEWORKER, ScopeKind.OFFICE, OFFICE)}),
)  # fmt: skip


def a_primero_case(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A case as Primero's API gives it."""
    return {
        "id": f"b3222e84-a5d7-4692-a643-{number:012d}",
        "enabled": True,
        "case_id_display": f"f15a{number:04d}",
        "short_id": f"f15a{number:04d}",
        "name_first": "Chanda",
        "name_last": "Mwila",
        "age": 14,
        "sex": "female",
        "nationality": ["congo,_the_democratic_republic_of_the"],
        "protection_concerns": ["unaccompanied"],
        "language": ["swahili"],
        "owned_by": "primero",
        "registration_date": "2026-02-20",
        "status": "open",
        **changes,
    }


def a_mapped_case(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A case whose codes all map."""
    return a_primero_case(number, **{"nationality": ["cod"], "language": ["sw"], **changes})


def a_json_list(folder: Path, content: Any) -> Path:
    """Write a list as JSON."""
    path = folder / "cases.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def take(database: Database, path: Path, now: datetime, **options: Any) -> list[Outcome]:
    """Take a list in."""
    data = "primero_2.toml" if is_json(path) else "template_1.toml"
    plan = Plan(mapping_for(FOLDER / data, pack_of("ZM")), OFFICE, **options)
    return list(take_rows(database, WORKER, rows_of(path), plan, clock=lambda: now))


def count(database: Database, table: str = "case_file") -> int:
    """Return how many rows a table has."""
    with database.engine.connect() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())
