"""`bid serve` as it is started by an office: Prefect's database lost between two acts, and a clean stop."""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from cases.tables.case_file import CaseRow
from core.wakeups import WakeupRow
from tests.builders.procedure import CHILD
from tests.workflows.killing import Site, a_site, at_rest, bring_in, free_port, wait_until
from tests.workflows.under_fire import Child, found_after, second_act, undisturbed

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(300)]

MARKER = "Nyamwezikazi"
NAMED = {**CHILD, "names": {"given": MARKER}}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Site]:
    """An office whose one process is named but not started."""
    site = a_site(tmp_path / "office")
    site.add("serve", "serve", "--port", str(free_port()))
    yield site
    site.close()


def kept_by_prefect(office: Site) -> bytes:
    """Everything in the files of Prefect's server and client."""
    folder = office.folder / "prefect"
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def is_known_to_prefect(office: Site, case_id: str, seconds: float = 10) -> bool:
    """Whether a run of this case is in Prefect's database."""
    return wait_until(lambda: case_id.encode() in kept_by_prefect(office), seconds)


def a_case_moved_by_prefect(office: Site) -> Child:
    """Bring cases in until one goes through Prefect: until it is up, they move without it."""
    for _ in range(12):
        child = Child(1, bring_in(office, 1, restricted=NAMED))
        assert wait_until(lambda: at_rest(office), 60)
        if is_known_to_prefect(office, child.team.case_id, 8):
            return child
    raise AssertionError("Prefect never came up")


def state_of(office: Site, case_id: str) -> str:
    with office.database.unit_of_work() as session:
        return session.exec(select(CaseRow.state).where(CaseRow.id == case_id)).one()


@pytest.mark.rule("R34")
@pytest.mark.rule("R50")
def test_loss_of_prefects_own_database_loses_nothing_and_it_never_held_a_name(
    office: Site, tmp_path: Path
) -> None:
    wanted = undisturbed(a_site(tmp_path / "undisturbed"))
    (serve,) = office.processes
    serve.start()
    child = a_case_moved_by_prefect(office)
    assert state_of(office, child.team.case_id) == "bid_required"
    serve.stop()
    time.sleep(1)
    assert MARKER.encode() not in kept_by_prefect(office)

    shutil.rmtree(office.folder / "prefect")
    serve.start()
    a_case_moved_by_prefect(office)
    assert child.team.case_id.encode() not in kept_by_prefect(office)  # it is a new, empty one
    second_act(office.database, child)

    assert wait_until(lambda: at_rest(office), 60)
    assert is_known_to_prefect(office, child.team.case_id)
    found = found_after(office, [child], wanted)
    assert (found.stuck, found.repeated, found.chain_holds) == (0, 0, True)
    assert MARKER.encode() not in kept_by_prefect(office)


def held(office: Site) -> int:
    with office.database.unit_of_work() as session:
        query = select(WakeupRow.subject).where(col(WakeupRow.claimed_by).is_not(None))
        return len(session.exec(query).all())


def test_a_clean_stop_in_the_middle_of_work_gives_back_what_is_held(office: Site) -> None:
    for number in range(30):
        bring_in(office, number)
    (serve,) = office.processes
    serve.start()
    assert wait_until(lambda: held(office) > 0, 90)

    assert serve.running is not None
    serve.running.send_signal(signal.SIGTERM)
    code = serve.running.wait(40)

    assert code == 0
    assert held(office) == 0
    assert not at_rest(office)  # it stopped with work left, and left it to whoever comes next
