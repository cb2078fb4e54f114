"""Finding a child by name, hints of duplicates, merging by two, erasing by two."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from cases.errors import OnePersonErases, OnePersonMerges, RoleMayNot, SearchNotForEnforcement
from cases.rules.children import (
    AgeBasis,
    Alert,
    Child,
    ExternalId,
    ExternalIdKind,
    Names,
    Sex,
)
from cases.rules.consent import NotAskedReason
from cases.rules.duplicates import (
    Likeness,
    Signal,
    asked_under,
    could_be,
    kept_under,
    signals,
)
from cases.rules.machine import CaseState
from cases.service import clock_views, clocks, erasure, files, merging, registration, search, tasks
from cases.service.access import bar
from cases.service.erasure import ErasureGround
from cases.service.history import history_of
from cases.service.steps import lock
from cases.tables.case_file import CaseRow
from cases.tables.names import NameKeyRow
from core.actors import Role
from core.errors import BadInput, Incomplete, NotThere, WrongState
from core.vault import vault_of
from tests.builders.cases import (
    OFFICE,
    OTHER_OFFICE,
    a_caseworker,
    a_person,
    a_person_of_the_country,
    a_registered_case,
    a_supervisor,
)
from tests.conftest import NOON

GIRL = Child(
    names=Names(given="Yvonne", family="Mutombo"),
    sex=Sex.FEMALE,
    age_years=13,
    age_stated_on=NOON.date(),
    age_basis=AgeBasis.STATED,
    nationalities=("CD",),
)


def on_file(
    session: Any, now: Any, child: Any = GIRL, office: Any = OFFICE, worker: Any = None
) -> Any:
    return registration.register_new(
        session, worker or a_caseworker(office), Alert(office=office), child,
        not_asked=NotAskedReason.UNWELL, now=now,
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Yvonne Mutombo", "mutombo", "Ivonne Moutombo", "MUTOMBO,  yvonne"]
)
def test_a_child_is_found_by_spellings_that_sound_alike(session, now, name):
    known = on_file(session, now)

    found = search.find_by_name(session, a_caseworker(), name, now=now)

    assert [row.child_code for row in found] == [known.child_code]


def test_an_exact_search_takes_the_name_as_written(session, now):
    on_file(session, now)

    assert not search.find_by_name(session, a_caseworker(), "Moutombo", by_sound=False, now=now)
    assert search.find_by_name(session, a_caseworker(), "Mutombo", by_sound=False, now=now)


def test_no_name_stands_in_the_search_table(session, now):
    on_file(session, now)

    keys = session.exec(select(NameKeyRow.key)).all()

    assert len(keys) == 5  # two words as written, two as they sound, and the pair of them
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)


@pytest.mark.rule("R46")
@pytest.mark.parametrize("roles", [(Role.IMMIGRATION,), (Role.IMMIGRATION, Role.CASEWORKER)])
def test_police_and_immigration_do_not_search_whatever_other_role_they_hold(session, now, roles):
    on_file(session, now)
    officer = a_person(*roles)

    with pytest.raises(SearchNotForEnforcement):
        search.find_by_name(session, officer, "Mutombo", now=now)
    with pytest.raises(SearchNotForEnforcement):
        search.duplicate_hints(session, officer, GIRL, now=now)
    number = ExternalId(ExternalIdKind.PASSPORT, "OP1")
    with pytest.raises(SearchNotForEnforcement):
        search.find_by_number(session, officer, number, now=now)


@pytest.mark.rule("R46")
def test_police_have_no_list_by_office_or_date_either(session, now):
    on_file(session, now)

    assert files.list_files(session, a_person(Role.IMMIGRATION), files.wanted(), now=now).rows == ()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ADMINISTRATOR, Role.GUARDIAN, Role.FIRST_LINE])
def test_roles_outside_casework_do_not_search(session, now, role):
    with pytest.raises(RoleMayNot):
        search.find_by_name(session, a_person(role), "Mutombo", now=now)


@pytest.mark.rule("R14")
def test_a_barred_person_finds_nothing_by_name(session, now):
    known = on_file(session, now)
    barred = a_supervisor()
    bar(session, a_supervisor(), case_id=known.case_id, person_id=barred.person_id, ref="item",
        ground="relative", now=now)  # fmt: skip

    assert search.find_by_name(session, barred, "Mutombo", now=now) == ()


def test_a_child_of_another_office_is_not_found_by_name(session, now):
    on_file(session, now, office=OTHER_OFFICE)

    assert search.find_by_name(session, a_caseworker(), "Mutombo", now=now) == ()


def test_namesakes_all_over_the_country_do_not_hide_the_child_of_ones_own_office(session, now):
    for _ in range(5):
        on_file(session, now, office=OTHER_OFFICE)
    mine = on_file(session, now)

    found = search.find_by_name(session, a_caseworker(), "Mutombo", limit=1, now=now)

    assert [row.child_code for row in found] == [mine.child_code]


@pytest.mark.rule("R53")
def test_a_worker_is_shown_a_possible_duplicate_before_anything_is_saved(session, now):
    known = on_file(session, now)

    hints = search.duplicate_hints(
        session, a_caseworker(), replace(GIRL, names=Names("Ivonne", "Mutombo")),
        district=OFFICE, now=now,
    )  # fmt: skip

    assert [hint.row.child_code for hint in hints.seen] == [known.child_code]
    assert {Signal.NAME_SOUNDS_ALIKE, Signal.AGE_ALIKE, Signal.SAME_SEX} <= set(
        hints.seen[0].signals
    )
    assert len(session.exec(select(CaseRow)).all()) == 1


def test_a_possible_duplicate_in_another_office_is_counted_and_not_shown(session, now):
    on_file(session, now, office=OTHER_OFFICE)

    hints = search.duplicate_hints(session, a_caseworker(), GIRL, now=now)

    assert (hints.seen, hints.elsewhere) == ((), 1)


WORDS = [f"{n:016x}" * 2 for n in range(12)]
ALIKE: Any = {"age": 13, "sex": "female", "nationality": "CD"}
A = Likeness(frozenset("ab"), frozenset("AB"), age=13, sex="female", nationality="CD", district="X")


@pytest.mark.parametrize(
    ("known", "alike"),
    [
        (A, True),
        (replace(A, exact=frozenset("xb")), True),
        (replace(A, sex="male"), False),
        (replace(A, age=17), False),
        (replace(A, age=15), True),
        (replace(A, sound=frozenset("CD"), exact=frozenset("cd")), False),
        (replace(A, sex="not_stated", age=None, nationality="undetermined", district=""), False),
        (replace(A, sound=frozenset(), exact=frozenset()), False),
    ],
)
def test_two_files_may_be_one_child_when_the_name_meets_and_nothing_contradicts(known, alike):
    assert bool(signals(A, known)) is alike


def test_the_same_number_of_another_system_is_enough():
    new, known = Likeness(numbers=frozenset({"p|1"})), replace(A, numbers=frozenset({"p|1"}))

    assert signals(new, known) == (Signal.SAME_NUMBER,)


@given(
    st.builds(
        Likeness,
        st.frozensets(st.sampled_from("abc")), st.frozensets(st.sampled_from("ABC")),
        st.just(frozenset()), st.none() | st.integers(0, 18),
        st.sampled_from(["female", "male", "not_stated"]), st.sampled_from(["CD", "undetermined"]),
    )
)  # fmt: skip
def test_likeness_is_the_same_seen_from_either_side(known):
    assert set(signals(A, known)) == set(signals(known, A))
    assert could_be(A, known) or not signals(A, known)


@given(st.frozensets(st.sampled_from(WORDS)), st.frozensets(st.sampled_from(WORDS)))
def test_two_names_that_meet_are_found_by_the_keys_they_are_kept_under(one, other):
    asked = asked_under(one)

    if signals(Likeness(sound=one, **ALIKE), Likeness(sound=other, **ALIKE)):
        assert asked is None or asked & kept_under(other)


def test_a_common_word_alone_leads_to_nobody():
    assert not asked_under({"a", "b"}) & kept_under({"a", "c"})
    assert asked_under({"a"}) is None  # looked for word by word


def two_files(session: Any, worker: Any = None) -> Any:
    first = a_registered_case(session, owner=worker)
    return first, a_registered_case(session, owner=worker)


@pytest.mark.rule("R53")
def test_one_person_cannot_merge_two_files(session, now):
    losing, kept = two_files(session)
    supervisor = a_supervisor()
    other_account = a_supervisor(person_id=supervisor.person_id)
    proposed = merging.propose_merge(session, supervisor, losing.id, kept_id=kept.id, now=now)

    with pytest.raises(OnePersonMerges):
        merging.answer_merge(session, other_account, proposed, confirm=True, now=now)

    assert lock(session, losing.id).state == CaseState.REGISTERED


@pytest.mark.rule("R53")
def test_after_a_merge_both_codes_still_open_and_both_histories_are_kept(session, now):
    losing, kept = two_files(session)
    first, second = a_supervisor(), a_supervisor()
    proposed = merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=now)

    merging.answer_merge(session, second, proposed, confirm=True, now=now)

    opened = files.open_file(session, first, losing.id, now=now)
    assert (opened.row.state, opened.row.merged_into) == ("duplicate", kept.id)
    for row in (losing, kept):
        assert files.id_of_code(session, first, row.child_code, now=now) == row.id
    assert [s.transition for s in history_of(session, first, losing.id, now=now).steps] == [
        "T1",
        "MERGED",
    ]
    kept_history = history_of(session, first, kept.id, now=now)
    assert kept_history.merged_from == (losing.id,)
    assert [s.transition for s in kept_history.steps] == ["T1"]


@pytest.mark.rule("R14")
def test_whoever_is_barred_from_one_file_is_barred_from_the_other_after_a_merge(session, now):
    first, second, of_kept, of_losing = (a_supervisor() for _ in range(4))
    losing, kept = two_files(session)
    ground = {"ref": "item", "ground": "relative", "now": now}
    bar(session, first, case_id=losing.id, person_id=of_losing.person_id, **ground)
    bar(session, first, case_id=kept.id, person_id=of_kept.person_id, **ground)
    proposed = merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=now)

    merging.answer_merge(session, second, proposed, confirm=True, now=now)

    for person in (of_losing, of_kept):
        for row in (losing, kept):
            with pytest.raises(NotThere):
                files.open_file(session, person, row.id, now=now)
    assert files.open_file(session, second, kept.id, now=now)


def test_a_file_that_was_merged_away_reminds_nobody_any_more(session, now):
    losing, kept = two_files(session)
    first, second = a_supervisor(), a_supervisor()
    clocks.open_clock(session, losing.id, "D4", started_at=now)
    tasks.open_task(session, losing.id, "assess", key="assess", actor=first, now=now)
    proposed = merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=now)

    merging.answer_merge(session, second, proposed, confirm=True, now=now)

    assert [one.status for one in clock_views.clocks_of(session, first, losing.id, now=now)] == [
        "closed"
    ]
    assert [one.outcome for one in tasks.tasks_of(session, first, losing.id, now=now)] == [
        "withdrawn"
    ]


def test_a_refused_merge_changes_nothing_and_may_be_proposed_again(session, now):
    losing, kept = two_files(session)
    first, second = a_supervisor(), a_supervisor()
    proposed = merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=now)
    with pytest.raises(WrongState):
        merging.propose_merge(session, second, kept.id, kept_id=losing.id, now=now)
    merging.answer_merge(session, second, proposed, confirm=False, now=now)

    with pytest.raises(WrongState):
        merging.answer_merge(session, second, proposed, confirm=True, now=now)
    again = merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=now)
    merging.answer_merge(session, second, again, confirm=True, now=now)

    assert [m.confirmed for m in merging.merges_of(session, first, kept.id, now=now)].count(
        True
    ) == 1


def test_a_file_is_not_merged_with_itself_nor_twice(session, now):
    losing, kept = two_files(session)
    first, second = a_supervisor(), a_supervisor()
    with pytest.raises(BadInput):
        merging.propose_merge(session, first, kept.id, kept_id=kept.id, now=now)
    proposed = merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=now)
    merging.answer_merge(session, second, proposed, confirm=True, now=now)

    with pytest.raises(WrongState):
        merging.propose_merge(session, first, losing.id, kept_id=kept.id, now=now)


OFFICER, HEAD = (
    a_person_of_the_country(Role.DATA_PROTECTION),
    a_person_of_the_country(Role.SECRETARIAT_HEAD),
)


def a_closed_case(session: Any, **changes: Any) -> Any:
    return a_registered_case(
        session, state=CaseState.CLOSED, retain_until=date(2026, 1, 1), **changes
    )


@pytest.mark.rule("R54")
def test_erasure_leaves_a_stub_that_still_counts_and_says_nothing(session, now):
    supervisor = a_supervisor()
    row = a_closed_case(session, sensitive={"hiv_status": "known"}, local_number="X/1")
    search.index_names(session, row.id, ["Amani"], now=now)
    before = len(session.exec(select(CaseRow)).all())
    sealed = row.restricted

    erasure.ask_erasure(session, OFFICER, row.child_code, ErasureGround.RETENTION_OVER, now=now)
    erasure.answer_erasure(session, HEAD, row.child_code, approve=True, now=now)

    opened = files.open_file(session, supervisor, row.id, now=now)
    assert opened.row.is_erased
    assert (opened.facts, opened.sensitive, opened.local_number) == ({}, {}, None)
    assert (opened.row.sex, opened.row.age_band) == ("female", "12-14")
    assert len(session.exec(select(CaseRow)).all()) == before
    assert session.exec(select(NameKeyRow)).all() == []
    assert vault_of(session).is_erased(session, row.id)
    assert sealed


@pytest.mark.rule("R54")
def test_one_person_does_not_erase_a_file(session, now):
    row = a_closed_case(session)
    erasure.ask_erasure(session, OFFICER, row.child_code, ErasureGround.RETENTION_OVER, now=now)

    with pytest.raises(OnePersonErases):
        erasure.answer_erasure(session, OFFICER, row.child_code, approve=True, now=now)

    assert not vault_of(session).is_erased(session, row.id)


@pytest.mark.rule("R54")
@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"state": CaseState.FOLLOW_UP, "retain_until": date(2026, 1, 1)}, "case_still_open"),
        (
            {"state": CaseState.CLOSED, "retain_until": NOON.date() + timedelta(days=1)},
            "retention_runs",
        ),
        ({"state": CaseState.CLOSED}, "retention_runs"),
    ],
)
def test_an_open_file_or_one_that_must_be_kept_is_not_erased(session, now, changes, gap):
    row = a_registered_case(session, **changes)

    with pytest.raises(Incomplete) as refusal:
        erasure.ask_erasure(session, OFFICER, row.child_code, ErasureGround.RETENTION_OVER, now=now)

    assert [found.code for found in refusal.value.gaps] == [gap]


def test_only_data_protection_and_the_head_of_the_secretariat_erase(session, now):
    row = a_closed_case(session)

    with pytest.raises(RoleMayNot):
        erasure.ask_erasure(
            session, a_supervisor(), row.child_code, ErasureGround.RETENTION_OVER, now=now
        )
    with pytest.raises(NotThere):
        erasure.answer_erasure(session, HEAD, row.child_code, approve=True, now=now)


def test_files_past_their_retention_are_listed_longest_first(session, now):
    old = a_closed_case(session)
    older = a_registered_case(session, state=CaseState.CLOSED, retain_until=date(2025, 1, 1))
    a_registered_case(session, state=CaseState.CLOSED, retain_until=date(2030, 1, 1))

    assert erasure.cases_past_retention(session, today=now.date()) == [older.id, old.id]
