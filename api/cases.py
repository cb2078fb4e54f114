"""Cases: alert, registration, opening, listing, finding, allocation, merging, grants, erasure."""

from typing import Annotated

from fastapi import Query

from api.bodies.case_views import (
    CaseIdView,
    CodedView,
    FileView,
    GrantRequestView,
    HintsView,
    HistoryView,
    MadeView,
    MergeView,
    OpenedView,
    PageView,
    RegisteredView,
    VersionView,
)
from api.bodies.children import (
    AlertBody,
    AllocationBody,
    AnswerBody,
    ChildChanges,
    DangerBody,
    ErasureAnswerBody,
    ErasureBody,
    GlassBody,
    HintBody,
    MergeBody,
    NewCaseBody,
    RegistrationBody,
    SearchBody,
    SensitiveRequestBody,
)
from api.dependencies import ActorDep, NowDep, PagingDep, SessionDep, VersionDep
from api.fields import CodePath, IdPath
from api.routing import Reach, feature_router, reach
from cases.rules.children import ExternalId, Priority
from cases.rules.machine import CaseState
from cases.service import (
    allocation,
    details,
    erasure,
    files,
    grants,
    history,
    merging,
    registration,
    search,
)
from cases.service.files import Purpose, wanted

router = feature_router("/cases", "cases")
CASE = reach(Reach.CASE)
OFFICE = reach(Reach.OFFICE)


@router.post("", status_code=201, openapi_extra=OFFICE)
def raise_alert(body: AlertBody, session: SessionDep, actor: ActorDep, now: NowDep) -> OpenedView:
    """Open a case for a child somebody is worried about; unknown values are welcome."""
    return OpenedView.model_validate(
        registration.raise_alert(session, actor, body.value(), now=now)
    )


@router.post("/registered", status_code=201, openapi_extra=OFFICE)
def register_new_case(
    body: NewCaseBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> RegisteredView:
    """Open and register a case in one act."""
    done = registration.register_new(
        session, actor, body.alert.value(), body.child.value(now.date()),
        consent=body.consent.value() if body.consent else None,
        not_asked=body.consent_not_asked, priority=body.priority, now=now,
    )  # fmt: skip
    return RegisteredView.model_validate(done)


@router.post("/duplicate-hints", openapi_extra=OFFICE)
def hint_duplicates(body: HintBody, session: SessionDep, actor: ActorDep, now: NowDep) -> HintsView:
    """Say which files may be about this child, before anything is saved."""
    found = search.duplicate_hints(
        session, actor, body.child.value(now.date()), district=body.district or "", now=now
    )
    return HintsView.model_validate(found)


@router.post("/search", openapi_extra=OFFICE)
def search_cases(
    body: SearchBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[CodedView]:
    """Find children by name or by a number of another system, among the cases you may know of."""
    rows: list[files.CodedRow] = []
    if body.number is not None:
        number = ExternalId(body.number.kind, body.number.value)
        rows += search.find_by_number(session, actor, number, now=now)
    if body.name is not None or body.number is None:
        rows += search.find_by_name(
            session, actor, body.name or "", by_sound=body.by_sound, now=now
        )
    return [CodedView.model_validate(row) for row in rows]


@router.get("", openapi_extra=CASE)
def list_cases(
    *,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    paging: PagingDep,
    state: CaseState | None = None,
    priority: Priority | None = None,
    mine: Annotated[bool, Query()] = False,
    detained: Annotated[bool, Query()] = False,
    ended: Annotated[bool, Query()] = False,
) -> PageView:
    """List the cases you may know of: most urgent first, then longest waiting."""
    page = files.list_files(
        session, actor,
        wanted(state=state, priority=priority, mine=mine, detained=detained, ended=ended),
        limit=paging.limit, cursor=paging.cursor, now=now,
    )  # fmt: skip
    return PageView(items=[CodedView.model_validate(row) for row in page.rows], cursor=page.cursor)


@router.get("/by-code/{child_code}", openapi_extra=CASE)
def find_case(
    child_code: CodePath, session: SessionDep, actor: ActorDep, now: NowDep
) -> CaseIdView:
    """Return the case a child code belongs to; codes of merged cases still resolve."""
    return CaseIdView(case_id=files.id_of_code(session, actor, child_code, now=now))


@router.post("/break-glass", openapi_extra=OFFICE)
def break_glass(body: GlassBody, session: SessionDep, actor: ActorDep, now: NowDep) -> CaseIdView:
    """Open a whole file for 24 hours because a life is at risk. The data protection officer is told."""
    return CaseIdView(
        case_id=grants.break_glass(session, actor, body.child_code, reason=body.reason, now=now)
    )


@router.post("/erasures", status_code=201, openapi_extra=OFFICE)
def ask_erasure(body: ErasureBody, session: SessionDep, actor: ActorDep, now: NowDep) -> MadeView:
    """Ask that a closed file be erased; somebody else answers."""
    made = erasure.ask_erasure(session, actor, body.child_code, body.ground, now=now)
    return MadeView(id=made)


@router.post("/erasures/answer", status_code=204, openapi_extra=OFFICE)
def answer_erasure(
    body: ErasureAnswerBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Approve or refuse an erasure; approval cannot be undone."""
    erasure.answer_erasure(session, actor, body.child_code, approve=body.approve, now=now)


@router.post("/merges/{merge_id}/answer", status_code=204, openapi_extra=CASE)
def answer_merge(
    merge_id: IdPath, body: AnswerBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> None:
    """Confirm or refuse that two files are one child; never by the person who proposed it."""
    merging.answer_merge(session, actor, merge_id, confirm=body.approve, now=now)


@router.get("/{case_id}", openapi_extra=CASE)
def open_case(
    case_id: IdPath,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    purpose: Purpose | None = None,
) -> FileView:
    """Open a child's file as far as you may see it. Every opening is on record."""
    return FileView.model_validate(
        files.open_file(session, actor, case_id, purpose=purpose, now=now)
    )


@router.patch("/{case_id}", openapi_extra=CASE)
def amend_case(
    *,
    case_id: IdPath,
    body: ChildChanges,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> VersionView:
    """Change what is on file about a child; send ``If-Match`` with the version you read."""
    changed = details.amend_child(
        session, actor, case_id, body.changes(), expected_version=version, now=now
    )
    return VersionView(version=changed)


@router.post("/{case_id}/registration", openapi_extra=CASE)
def register_case(
    *,
    case_id: IdPath,
    body: RegistrationBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> RegisteredView:
    """Register an identified child with what is known."""
    done = registration.register_child(
        session, actor, case_id, body.child.value(now.date()),
        consent=body.consent.value() if body.consent else None,
        not_asked=body.consent_not_asked, priority=body.priority,
        expected_version=version, now=now,
    )  # fmt: skip
    return RegisteredView.model_validate(done)


@router.post("/{case_id}/not-a-child", status_code=204, openapi_extra=CASE)
def set_case_aside(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Note that an alert was not about a child."""
    registration.set_aside(session, actor, case_id, expected_version=version, now=now)


@router.post("/{case_id}/allocation", openapi_extra=CASE)
def allocate_case(
    *,
    case_id: IdPath,
    body: AllocationBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> VersionView:
    """Give a registered or reopened case to a worker; the assessment begins."""
    changed = allocation.allocate(
        session, actor, case_id, owner_person=body.owner_person, expected_version=version, now=now
    )
    return VersionView(version=changed)


@router.post("/{case_id}/reassignment", openapi_extra=CASE)
def reassign_case(
    *,
    case_id: IdPath,
    body: AllocationBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> VersionView:
    """Pass a case to another worker."""
    changed = allocation.reassign(
        session, actor, case_id, owner_person=body.owner_person, expected_version=version, now=now
    )
    return VersionView(version=changed)


@router.put("/{case_id}/danger-flag", status_code=204, openapi_extra=CASE)
def flag_danger(
    *,
    case_id: IdPath,
    body: DangerBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    version: VersionDep,
) -> None:
    """Block every sending of information because it could endanger somebody."""
    details.flag_danger(
        session, actor, case_id, reason=body.reason, expected_version=version, now=now
    )


@router.delete("/{case_id}/danger-flag", status_code=204, openapi_extra=CASE)
def clear_danger(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep, version: VersionDep
) -> None:
    """Lift the danger flag."""
    details.clear_danger(session, actor, case_id, expected_version=version, now=now)


@router.get("/{case_id}/history", openapi_extra=CASE)
def show_history(case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep) -> HistoryView:
    """Show the steps a case has taken."""
    return HistoryView.model_validate(history.history_of(session, actor, case_id, now=now))


@router.post("/{case_id}/merges", status_code=201, openapi_extra=CASE)
def propose_merge(
    case_id: IdPath, body: MergeBody, session: SessionDep, actor: ActorDep, now: NowDep
) -> MadeView:
    """Say that this file and another are one child; the other is kept. Nothing changes yet."""
    made = merging.propose_merge(
        session, actor, case_id, kept_id=body.kept_case_id, signals=tuple(body.signals), now=now
    )
    return MadeView(id=made)


@router.get("/{case_id}/merges", openapi_extra=CASE)
def show_merges(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[MergeView]:
    """Show the proposals to merge that concern a case."""
    return [
        MergeView.model_validate(row) for row in merging.merges_of(session, actor, case_id, now=now)
    ]


@router.post("/{case_id}/sensitive-requests", status_code=201, openapi_extra=CASE)
def ask_sensitive(
    case_id: IdPath,
    body: SensitiveRequestBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> MadeView:
    """Ask for named highly sensitive parts; somebody else answers."""
    made = grants.ask_sensitive(
        session, actor, case_id,
        sections=body.sections, purpose=body.purpose, reason=body.reason, until=body.until,
        person_id=body.person_id, ref=body.ref or "", now=now,
    )  # fmt: skip
    return MadeView(id=made)


@router.get("/{case_id}/sensitive-requests", openapi_extra=CASE)
def show_sensitive_requests(
    case_id: IdPath, session: SessionDep, actor: ActorDep, now: NowDep
) -> list[GrantRequestView]:
    """Show the requests for highly sensitive parts."""
    return [
        GrantRequestView.model_validate(row)
        for row in grants.sensitive_requests(session, actor, case_id, now=now)
    ]


@router.post(
    "/{case_id}/sensitive-requests/{request_id}/answer", status_code=204, openapi_extra=CASE
)
def answer_sensitive(
    *,
    case_id: IdPath,
    request_id: IdPath,
    body: AnswerBody,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
) -> None:
    """Grant or refuse highly sensitive parts; never by the person who asked."""
    grants.answer_sensitive(session, actor, case_id, request_id, approve=body.approve, now=now)
