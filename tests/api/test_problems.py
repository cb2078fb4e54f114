"""Every refusal has words, every missing thing has a sentence, and neither tells what it must not."""

import ast
import importlib
import pkgutil
from pathlib import Path

from api.desk.reading import CODES, OTHERWISE
from api.problems.catalogue import detail_of, gap_words, problems, rule_words
from api.problems.values import VALUES
from core.errors import BadInput, DomainError, NotAllowed, WrongState

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "cases", "panels", "transfers")


def _refusals() -> set[type[DomainError]]:
    for folder in FOLDERS:
        package = importlib.import_module(folder)
        for module in pkgutil.walk_packages(package.__path__, f"{folder}."):
            importlib.import_module(module.name)
    return _below(DomainError)


def _below(kind: type[DomainError]) -> set[type[DomainError]]:
    direct = set(kind.__subclasses__())
    return direct | {found for child in direct for found in _below(child)}


def _gap_codes() -> set[str]:
    found: set[str] = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Gap":
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        found.add(first.value)
    return found


def _rule_codes() -> set[str]:
    """Codes with which a refusal is raised whose words leave room for the rule."""
    speak = {kind.__name__ for kind, words in problems().items() if "{rule}" in words.detail}
    found: set[str] = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in speak:
                    given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "rule")]
                    found |= {str(one.value) for one in given if isinstance(one, ast.Constant)}
    return found


def test_every_rule_about_people_has_a_sentence() -> None:
    codes = _rule_codes() | {"outside_term", "undertaking_missing"}  # these two are computed

    assert len(codes) > 20
    assert codes - set(rule_words()) == set()


def test_no_code_of_a_rule_reaches_a_reader() -> None:
    for code, sentence in rule_words().items():
        assert sentence in detail_of(NotAllowed(code))
        assert sentence.endswith(".")
        assert "_" not in sentence
    assert "made_up" not in detail_of(NotAllowed("made_up"))


def test_every_refusal_has_words_of_its_own() -> None:
    ours = {r for r in _refusals() if r.__module__.split(".")[0] in FOLDERS}

    missing = {r.__qualname__ for r in ours if r not in problems()}

    assert ours
    assert missing == set()


def test_every_gap_has_a_sentence() -> None:
    codes = _gap_codes()

    assert len(codes) > 50
    assert codes | {"called_outside_term", "called_undertaking_missing"} <= set(gap_words())


def _value_codes() -> set[str]:
    found: set[str] = set()
    inside = [path for folder in (*FOLDERS, "api/desk") for path in (ROOT / folder).rglob("*.py")]
    for path in (*inside, *(ROOT / "api").glob("desk_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "BadInput":
                given = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "code")]
                found |= {str(one.value) for code in given for one in _constants(code)}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "CalendarRefused":
                given = node.args  # passed on as the code of a value
                found |= {str(one.value) for code in given for one in _constants(code)}
    return found | {*CODES.values(), OTHERWISE}


def _constants(code: ast.expr) -> list[ast.Constant]:
    """A code is written out, or one of two that are; a code of the form library is neither."""
    if isinstance(code, ast.IfExp):
        return [*_constants(code.body), *_constants(code.orelse)]
    return [code] if isinstance(code, ast.Constant) else []


def test_every_value_that_cannot_be_used_has_a_sentence() -> None:
    codes = _value_codes()

    assert len(codes) > 40
    assert codes ^ set(VALUES) == set()
    for code in codes:
        said = detail_of(BadInput("/somewhere", code))
        assert "_" not in said
        assert VALUES[code] in said


def test_words_say_what_to_do_next_and_blame_nobody() -> None:
    for words in problems().values():
        assert words.detail.endswith(".")
        assert "invalid" not in words.detail.lower()
        assert words.status in {400, 401, 403, 404, 409, 413, 415, 422, 429}


def test_one_slug_means_one_status() -> None:
    by_slug: dict[str, set[int]] = {}
    for words in problems().values():
        by_slug.setdefault(words.slug, set()).add(words.status)

    assert {slug for slug, statuses in by_slug.items() if len(statuses) > 1} == set()


def test_what_is_not_possible_now_is_said_in_words_not_in_names_of_the_code() -> None:
    said = detail_of(WrongState("agenda_item", "bid_ready", "record_attendance"))

    assert said.startswith("This agenda item is bid ready; record attendance is not possible now.")
