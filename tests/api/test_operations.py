"""What the installation tells those who keep it running."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

TOKEN = "counted-by-nobody-else"


def _with_token(app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}"])
def test_metrics_are_not_there_for_strangers(app: FastAPI, client: TestClient, sent: str) -> None:
    _with_token(app)

    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_metrics_are_not_there_without_a_token_in_the_settings(client: TestClient) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_count_requests_for_who_knows_the_token(app: FastAPI, client: TestClient) -> None:
    _with_token(app)
    client.get("/healthz")

    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert 'bid_requests_total{method="GET",route="/healthz",status="200"}' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_request_that_is_too_large_is_refused_with_its_number(client: TestClient) -> None:
    answer = client.post("/sign-in", content=b"x", headers={"content-length": str(10**9)})

    assert answer.status_code == 413
    assert answer.json()["instance"].startswith("urn:uuid:")


def test_null_characters_are_refused_with_the_number_of_the_request(client: TestClient) -> None:
    answer = client.get("/cases?after=%00")

    assert answer.status_code == 422
    assert answer.json()["instance"].startswith("urn:uuid:")
