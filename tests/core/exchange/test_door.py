"""python-jose has one door, and the process does not start on a fallback of it."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from jose import jwe, jwk, jws
from jose.backends.cryptography_backend import CryptographyECKey as ECKey

from core.exchange import door, tokens
from core.exchange.errors import CannotMake, CannotOpen, Reason, TokenRefused, UnsafeBackend
from core.exchange.kinds import Kind
from tests.builders.exchange import (
    NAMIBIA,
    NOW,
    ZAMBIA,
    a_token,
    opening_key_of,
    pinned_keys_of,
    signing_key_of,
)

ROOT = Path(__file__).resolve().parents[3]
PRODUCT = (
    "api",
    "benchmarks",
    "cases",
    "cli",
    "core",
    "migrations",
    "panels",
    "transfers",
    "workflows",
)
START = """
import sys
sys.modules["jose.backends.cryptography_backend"] = None  # as when it cannot be imported
from cli.__main__ import main
sys.argv = ["bid", *sys.argv[1:]]
main()
"""


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Constant) and node.value == "jose":
            found.add("jose")
    return found


def test_nothing_else_in_the_product_imports_the_token_library() -> None:
    paths = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")]

    libraries = {"jose", "ecdsa", "rsa"}
    named = [path for path in paths if any(name in path.read_text() for name in libraries)]
    users = {str(path.relative_to(ROOT)) for path in named if libraries & _imports(path)}

    assert len(paths) > 100
    assert users == {"core/exchange/door.py"}


def test_the_contract_on_imports_knows_the_one_door() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract = next(
        one for one in contracts["contracts"] if one.get("forbidden_modules") == ["jose"]
    )

    assert set(contract["source_modules"]) == set(contracts["root_packages"])
    assert contract["ignore_imports"] == ["core.exchange.door -> jose"]


def test_no_helper_of_the_library_that_decides_is_used() -> None:
    source = (ROOT / "core" / "exchange" / "door.py").read_text()

    for name in ("jwt", "get_unverified", "algorithms=None", "except JWSError", "except JWEError"):
        assert name not in source


@pytest.mark.threat("TT25")
@pytest.mark.parametrize("command", [("serve",), ("worker",)], ids=lambda c: c[0])
def test_the_service_does_not_start_on_another_implementation(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "BID_DATA_DIR": str(tmp_path / "var"),
        "BID_PREFECT_API_URL": "http://127.0.0.1:9/api",
        "BID_PREFECT_AUTH": "user:password",
        "DO_NOT_TRACK": "1",
    }

    ended = subprocess.run(
        [sys.executable, "-c", START, *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert ended.returncode == 2, ended.stderr
    assert "encryption software for EC keys" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.threat("TT25")
@pytest.mark.parametrize(
    ("algorithm", "what"), [("ES256", "EC"), ("RSA-OAEP-256", "RSA"), ("A256GCM", "AES")]
)
def test_each_of_the_three_implementations_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, algorithm: str, what: str
) -> None:
    door.require_backend()
    get_key = jwk.get_key

    for other in (None, type("Fallback", (), {"__module__": "jose.backends.ecdsa_backend"})):
        with monkeypatch.context() as patch:
            patch.setattr(
                jwk,
                "get_key",
                lambda name, other=other: other if name == algorithm else get_key(name),
            )
            with pytest.raises(UnsafeBackend) as caught:
                door.require_backend()
            assert caught.value.what == what


@pytest.mark.parametrize(
    "error", [ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError]
)
def test_whatever_the_library_raises_is_one_refusal(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fails(*_args: object, **_named: object) -> None:
        raise error

    token = a_token()
    box = door.seal(b"x", opening_key_of(NAMIBIA).public)
    for module, name in (
        (jws, "sign"),
        (ECKey, "verify"),
        (jwe, "encrypt"),
        (jwe, "decrypt"),
    ):
        monkeypatch.setattr(module, name, fails)

    with pytest.raises(TokenRefused) as caught:
        tokens.read(token, Kind.REQUEST, pinned_keys_of(ZAMBIA), audience=NAMIBIA, now=NOW)
    assert caught.value.reason is Reason.SIGNATURE
    with pytest.raises(CannotOpen):
        door.unseal(box, [opening_key_of(NAMIBIA)])
    with pytest.raises(CannotMake):
        door.seal(b"x", opening_key_of(NAMIBIA).public)
    with pytest.raises(CannotMake):
        door.sign("x", b"{}", signing_key_of(ZAMBIA))


def test_nothing_where_bytes_were_promised_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    token = a_token()
    box = door.seal(b"x", opening_key_of(NAMIBIA).public)
    monkeypatch.setattr(jwe, "decrypt", lambda *_: None)
    monkeypatch.setattr(ECKey, "verify", lambda *_: 1)

    with pytest.raises(CannotOpen):
        door.unseal(box, [opening_key_of(NAMIBIA)])
    with pytest.raises(TokenRefused):
        tokens.read(token, Kind.REQUEST, pinned_keys_of(ZAMBIA), audience=NAMIBIA, now=NOW)


def test_a_key_is_passed_as_an_object_and_one_algorithm_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = a_token()
    seen: list[tuple[object, object]] = []
    construct = jwk.construct

    def watched(key: object, algorithm: object) -> object:
        seen.append((key, algorithm))
        return construct(key, algorithm)

    monkeypatch.setattr(jwk, "construct", watched)
    monkeypatch.setattr("jose.backends.cryptography_backend.load_pem_public_key", None)
    tokens.read(token, Kind.REQUEST, pinned_keys_of(ZAMBIA), audience=NAMIBIA, now=NOW)

    assert seen == [(signing_key_of(ZAMBIA).public.key, "ES256")]
