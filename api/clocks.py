"""Time limits and work that waits: those of a case, what is late and who holds it, my own tasks."""

from datetime import date, datetime

from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep, VersionDep
from api.fields import IdPath, View
from api.routing import Reach, feature_router, reach
from cases.service import clock_views, tasks

router = feature_router("", "clocks and tasks")
CASE = reach(Reach.CASE)


class MomentView(View):
    """A moment in UTC and on the clock of the acting office."""

    utc: datetime
    local: str
    timezone: str


class ClockView(View):
    """One time limit."""

    id: str
    case_id: str
    code: str
    occurrence: int
    status: str
    percent: int
    level: int
    started: MomentView
    due: MomentView
    met: MomentView | None
    closed: MomentView | None
    paused: MomentView | None
    pause_reason: str
    pause_review_on: date | None
    priority: str
    pack_version: int
    holder_role: str
    holder_person: str | None
    version: int


class LateView(View):
    """One page of what is late."""

    items: list[ClockView]
    cursor: str | None


class TaskView(View):
    """One piece of work."""

    id: str
    case_id: str
    code: str
    role: str
    person_id: str | None
    ref: str
    due_at: datetime | None
    opened_at: datetime
    done_at: datetime | None
    done_by: str | None
    outcome: str
    version: int


class TaskPageView(View):
    """One page of work that waits."""

    items: list[TaskView]
    cursor: str | None


@router.get("/cases/{case_id}/clocks", openapi_extra=CASE)
def list_clocks(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[ClockView]:
    """Read every time limit of a case, in UTC and local time."""
    found = clock_views.clocks_of(session, actor, case_id, now=now)
    return [ClockView.model_validate(view) for view in found]


@router.get("/late", openapi_extra=CASE)
def list_late(session: SessionDep, actor: ActorDep, now: NowDep, paging: PagingDep) -> LateView:
    """Read what is late in the cases you see and who holds it, longest overdue first."""
    page = clock_views.late(session, actor, now=now, limit=paging.limit, cursor=paging.cursor)
    items = [ClockView.model_validate(view) for view in page.clocks]
    return LateView(items=items, cursor=page.cursor)


@router.get("/cases/{case_id}/tasks", openapi_extra=CASE)
def list_case_tasks(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[TaskView]:
    """Read the tasks of a case."""
    found = tasks.tasks_of(session, actor, case_id, now=now)
    return [TaskView.model_validate(view) for view in found]


@router.get("/tasks", openapi_extra=reach(Reach.SELF))
def list_my_tasks(
    session: SessionDep, actor: ActorDep, now: NowDep, paging: PagingDep
) -> TaskPageView:
    """Read the work that waits for you and your roles, oldest first."""
    page = tasks.my_tasks(session, actor, now=now, limit=paging.limit, cursor=paging.cursor)
    items = [TaskView.model_validate(view) for view in page.tasks]
    return TaskPageView(items=items, cursor=page.cursor)


@router.post("/tasks/{task_id}/completion", openapi_extra=CASE)
def finish_task(
    task_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> TaskView:
    """Say that a piece of work is done."""
    done = tasks.finish_my_task(session, actor, task_id, now=now, expected_version=version)
    return TaskView.model_validate(done)
