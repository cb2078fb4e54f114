"""What Prefect is told before it is imported; asked in a process of its own, as it is read only once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json
from core.settings import Settings
from workflows import prefect_settings
prefect_settings.prepare(Settings())
from prefect.settings import get_current_settings
found = get_current_settings()
print(json.dumps({
    "analytics": found.server.analytics_enabled,
    "logs": found.logging.to_api.enabled,
    "results": found.results.persist_by_default,
    "ephemeral": found.server.ephemeral.enabled,
    "retries": found.client.max_retries,
    "guarded": bool(found.server.api.auth_string),
    "origins": found.server.cors_allowed_origins if hasattr(found.server, "cors_allowed_origins") else found.server.api.cors_allowed_origins,
    "home": str(found.home),
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("site")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "BID_"))}
    environment |= {"BID_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    return {**json.loads(done.stdout), "folder": str(folder)}


def test_nothing_is_sent_to_anybody_and_no_log_or_result_is_kept(told: dict[str, object]) -> None:
    assert not told["analytics"]
    assert not told["logs"]
    assert not told["results"]


def test_no_server_is_started_behind_our_back(told: dict[str, object]) -> None:
    assert not told["ephemeral"]


def test_embedded_server_asks_for_a_secret_and_answers_no_foreign_page(
    told: dict[str, object],
) -> None:
    assert told["guarded"]
    assert told["origins"] != "*"


def test_prefect_lives_in_the_folder_of_the_installation(told: dict[str, object]) -> None:
    assert str(told["home"]).startswith(str(told["folder"]))
