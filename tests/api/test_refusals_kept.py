"""Who was refused what is in the log, although nothing of the act itself was kept."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.dependencies import signed_in
from core.accounts.authenticate import Signed
from core.actors import Role
from core.db import Database
from core.ids import new_id
from tests.builders.cases import a_person


@pytest.mark.rule("R50")
def test_a_refused_look_at_a_file_is_logged_with_who_and_where(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    person = a_person(Role.CASEWORKER)
    app.dependency_overrides[signed_in] = lambda: Signed(person, None, None)

    answer = client.get(f"/cases/{new_id()}")

    assert answer.status_code == 404
    with database.engine.connect() as connection:
        row = connection.execute(sa.text("SELECT action, person_id, detail FROM audit")).one()
    assert (row[0], row[1]) == ("request.refused", person.person_id)
    assert "/cases/{case_id}" in row[2]
