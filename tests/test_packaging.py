"""Our folder names are generic: nothing installed may bring a package of the same name."""

import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = {
    "api",
    "cases",
    "cli",
    "core",
    "countries",
    "panels",
    "transfers",
    "workflows",
    "templates",
    "migrations",
}


def test_no_dependency_ships_one_of_our_package_names() -> None:
    clashes = {
        name: found
        for name, found in packages_distributions().items()
        if name in OURS and set(found) != {"bid-panels"}
    }

    assert clashes == {}


def test_no_folder_of_ours_hides_a_standard_module() -> None:
    assert OURS.isdisjoint(sys.stdlib_module_names)


def test_the_wheel_contains_every_folder_of_the_product() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]

    assert set(included) == OURS
    assert all((ROOT / name).is_dir() for name in OURS)


def test_every_package_init_holds_a_docstring_and_nothing_else() -> None:
    inits = [p for name in OURS for p in (ROOT / name).rglob("__init__.py")]
    too_long = [p for p in inits if not _is_docstring_only(p.read_text())]

    assert inits
    assert too_long == []


def test_lock_files_name_no_address() -> None:
    npm = ("kit/package-lock.json", "tests/partner/package-lock.json")
    for name in ("requirements.lock", "requirements-dev.lock", *npm):
        assert "://" not in (ROOT / name).read_text()


def test_the_wheel_brings_the_design_kit_which_the_repository_does_not() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    ignored = (ROOT / ".gitignore").read_text().splitlines()

    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["artifacts"] == [
        "templates/assets/kit/*"
    ]
    assert "/templates/assets/kit/" in ignored


def _is_docstring_only(text: str) -> bool:
    import ast

    body = ast.parse(text).body
    return len(body) <= 1 and all(
        isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant) for n in body
    )
