"""A broken pack is refused with the file and the key, so that an officer can put it right."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from core.packs.codes import CareType, LimitCode
from core.packs.errors import NoPack, PackError
from core.packs.lookup import BUILT_IN, countries, pack_of, use_folder, versions
from core.packs.reading import load_pack

TEN_IS_MISSING = """
[ages]
participation = [
    { code = "0-9", start = 0, to = 9, methods = ["play"], signs_plan = false },
    { code = "11-17", start = 11, to = 17, methods = ["play"], signs_plan = true },
]
"""


@pytest.fixture
def folder(tmp_path):
    """A copy of the built-in packs that a test may spoil."""
    return Path(shutil.copytree(BUILT_IN, tmp_path / "packs"))


@pytest.fixture
def own_folder(folder):
    """The operator's own folder in use, and out of use again afterwards."""
    use_folder(folder)
    yield folder
    use_folder(None)


def problems_of(folder: Path, pack: str = "ZM/1.toml") -> list[str]:
    with pytest.raises(PackError) as refusal:
        load_pack(folder / pack)
    return list(refusal.value.problems)


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def add(folder: Path, text: str, file: str = "ZM/3.toml") -> str:
    head = 'extends = "ZM/1.toml"\nversion = 3\n'
    (folder / file).write_text(head + text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('timezone = "Africa/Atlantis"', "ZM/3.toml: timezone: is not a time zone"),
        ("timezone = 2", "ZM/3.toml: timezone: "),
        ("working_week = [1, 2, 9]", "ZM/3.toml: working_week: has a day"),
        ("working_week = [1, 2, 2]", "ZM/3.toml: working_week: names 2 twice"),
        ("working_week = []", "ZM/3.toml: working_week: "),
        ('country = "Zambia"', "ZM/3.toml: country: must be two capital letters"),
        ('country = "NA"', "ZM/3.toml: country: is NA in folder ZM"),
        ('valid_from = "soon"', "ZM/3.toml: valid_from: is not a date; write YYYY-MM-DD"),
        ("holiday_list = []", "ZM/3.toml: holiday_list: is not known here; allowed: country"),
        ("[panel]\nquorom = 3", "ZM/3.toml: panel.quorom: is not known here; allowed: basis"),
        ('[panel]\nsize_min = "three"', "ZM/3.toml: panel.size_min: "),
        ("[panel]\nsize_min = 6", "ZM/3.toml: panel.size_min: is larger than size_max (5)"),
        ("[panel]\ndefault_roster = 9", "ZM/3.toml: panel.default_roster: must lie between"),
        ("[panel]\nmax_deferrals = 3", "ZM/3.toml: panel.max_deferrals: "),
        ("[panel]\nmax_deferrals = true", "ZM/3.toml: panel.max_deferrals: "),
        ('[panel]\ntie = "chair"', "ZM/3.toml: panel.tie: is not allowed; allowed: 'refer_to"),
        (
            "[panel]\ncasting_vote = true\nno_casting_vote_on = []",
            "ZM/3.toml: panel.no_casting_vote_on: must name",
        ),
        (
            "[panel.quorum]\nmin_present = 6",
            "ZM/3.toml: panel.quorum.min_present: is larger than the smallest panel (size_min 3)",
        ),
        ("[panel.quorum]\nmin_present = 0", "ZM/3.toml: panel.quorum.min_present: "),
        (
            "[panel.quorum]\nmin_agencies = 4",
            "ZM/3.toml: panel.quorum.min_agencies: is larger than min_present",
        ),
        (
            "[panel.quorum]\nrequire = [{ min = 1 }]",
            "ZM/3.toml: panel.quorum.require.0: must name roles, sectors or countries",
        ),
        (
            '[panel.quorum]\nrequire = [{ sectors = ["astrology"], min = 1 }]',
            "ZM/3.toml: panel.quorum.require.0.sectors: astrology is not one of panel.seats",
        ),
        (
            '[panel.quorum]\nrequire = [{ roles = ["driver"], min = 1 }]',
            "ZM/3.toml: panel.quorum.require.0.roles.0: is not allowed; allowed: 'chair'",
        ),
        (
            '[panel.quorum]\nrequire = [{ sectors = ["health"], min = 4 }]',
            "ZM/3.toml: panel.quorum.require.0.min: is larger than min_present",
        ),
        (
            "[panel.emergency_quorum]\nmin_present = 4\nmin_agencies = 1\nrequire = []",
            "ZM/3.toml: panel.emergency_quorum.min_present: is larger than the smallest panel",
        ),
        ('[limits.D7]\nhigh = "-3 days"', "ZM/3.toml: limits.D7.high: is not a length of time"),
        ('[limits.D7]\nhigh = "3 moons"', "ZM/3.toml: limits.D7.high: is not a length of time"),
        ("[limits.D7]\nhigh = 3", "ZM/3.toml: limits.D7.high: is not a length of time"),
        ('[limits.D7]\nhig = "3 days"', "ZM/3.toml: limits.D7.hig: is not known here; allowed"),
        ('[limits.D7]\nbasis = "cited"\nsource = ""', "ZM/3.toml: limits.D7.source: must name"),
        ('[limits.D7]\nstarts = "full_moon"', "ZM/3.toml: limits.D7.starts: is not allowed"),
        ('[limits.D8]\ndirection = "after"', "ZM/3.toml: limits.D8.direction: must be before"),
        ('[limits.D9]\ndirection = "before"', "ZM/3.toml: limits.D9.direction: must be before"),
        ('[limits.D26]\nhigh = "3 days"', "ZM/3.toml: limits.D26: is not allowed; allowed: 'D1'"),
        ("[triggers.B9]\nmandatory = true", "ZM/3.toml: triggers.B9: is not allowed; allowed"),
        ("[triggers.B5]\nmandatory = false", "ZM/3.toml: triggers.B5.mandatory: must be true"),
        (
            '[[escalation]]\npercent = 75\nto = ["owner"]',
            "ZM/3.toml: escalation: needs a step at 100 percent",
        ),
        (
            '[[escalation]]\npercent = 100\nto = ["owner"]\n[[escalation]]\npercent = 75\nto = ["owner"]',
            "ZM/3.toml: escalation: the percentages must grow",
        ),
        ('[[escalation]]\npercent = 100\nto = ["press"]', "ZM/3.toml: escalation.0.to.0: is not"),
        ("[pause]\nmax_days = 0", "ZM/3.toml: pause.max_days: "),
        (
            "[simplified]\nallowed = true",
            "base/1.toml: simplified.triggers: must name the triggers it is allowed for (read for ZM/3.toml)",
        ),
        ("[simplified]\nsignatures = 1", "ZM/3.toml: simplified.signatures: "),
        ("[ages]\nchild_under = 19", "base/1.toml: ages.participation: must reach every child"),
        (TEN_IS_MISSING, "ZM/3.toml: ages.participation.1: must start at 10"),
        (
            'statistics.bands = [{ code = "0-18", start = 0, to = 12 }]',
            "ZM/3.toml: statistics.bands: must reach every child",
        ),
        ("[statistics]\nsuppress_below = 1", "ZM/3.toml: statistics.suppress_below: "),
        ("[care]\nresidential = []", "ZM/3.toml: care.residential: must name residential_large"),
        (
            '[care]\nallowed = ["foster", "foster"]',
            "ZM/3.toml: care.allowed: names foster twice",
        ),
        (
            '[care]\nallowed = ["foster", "kafala"]\nonly_after_tracing = []',
            "ZM/3.toml: care.only_after_tracing: must name kafala",
        ),
        (
            '[limits.D1]\nstarts = "registration"',
            "ZM/3.toml: limits.D1.starts: must be alert: the engine counts from there",
        ),
        (
            "[decider]\ncourt_reference_for = []",
            "ZM/3.toml: decider.court_reference_for: must name SEPARATION_FROM_CARER",
        ),
        (
            '[outcomes]\nallowed = ["ADOPTION"]',
            "ZM/3.toml: outcomes.allowed.0: is not allowed; allowed: 'FAMILY_REUNIFICATION'",
        ),
        ('[priorities]\norder = ["high", "low"]', "ZM/3.toml: priorities.order: must be emergency"),
        ('[languages]\ndefault = "fr"', "ZM/3.toml: languages.default: must be one of"),
        ('[holidays]\ncalendar = "XX"', "ZM/3.toml: holidays.calendar: no published calendar"),
        (
            '[holidays.added]\n"2026-02-30" = "A day"',
            "ZM/3.toml: holidays.added.2026-02-30: is not a date; write YYYY-MM-DD",
        ),
        (
            '[holidays]\nadded = { "2026-03-02" = "A" }\nremoved = { "2026-03-02" = "B" }',
            "ZM/3.toml: holidays.removed.2026-03-02: is also under holidays.added",
        ),
        (
            '[places]\n"ZM-99-XX" = { name = "Nowhere", parent = "ZM-99", kind = "district" }',
            "ZM/3.toml: places.ZM-99-XX.parent: ZM-99 is not a place of this pack",
        ),
        (
            '[places]\n"ZM-01-XX" = { name = "Wrong", parent = "ZM-02", kind = "district" }',
            "ZM/3.toml: places.ZM-01-XX.parent: must be the first part of ZM-01-XX",
        ),
        (
            '[places]\n"NA-CA" = { name = "Zambezi", parent = "ZM", kind = "province" }',
            "ZM/3.toml: places.NA-CA: must start with ZM-",
        ),
        (
            '[places]\n"ZM-01-XX" = { name = "sesheke", parent = "ZM-01", kind = "district" }',
            "ZM/3.toml: places.ZM-01-XX.name: is also the name of ZM-01-SES",
        ),
        (
            '[places]\n"somewhere" = { name = "Here", parent = "ZM", kind = "province" }',
            "ZM/3.toml: places.somewhere: must be a place code such as",
        ),
        (
            '[codes.closure_reasons]\n"not a code" = "Words"',
            "ZM/3.toml: codes.closure_reasons.not a code: must be a code of letters",
        ),
    ],
)
def test_a_broken_pack_is_refused_with_file_and_key(folder, text, problem):
    file = add(folder, text)

    problems = problems_of(folder, file)

    assert any(line.startswith(problem) for line in problems), problems


@pytest.mark.rule("R27")
@pytest.mark.parametrize(
    "kind", ["detention", "immigration_detention", "police_cell", "closed_shelter", "prison"]
)
def test_no_pack_can_make_detention_a_kind_of_care(folder, kind):
    file = add(folder, f'[care]\nallowed = ["foster", "{kind}"]')

    (problem,) = problems_of(folder, file)

    assert problem.startswith("ZM/3.toml: care.allowed.1: detention is never care for a child")
    assert CareType.FOSTER in problem


def test_a_care_type_nobody_knows_is_refused_with_the_list(folder):
    file = add(folder, '[care]\nallowed = ["hotel"]')

    (problem,) = problems_of(folder, file)

    assert problem.startswith("ZM/3.toml: care.allowed.0: is not allowed; allowed: 'parent'")


def test_a_missing_limit_is_named(folder):
    text = (folder / "base/1.toml").read_text(encoding="utf-8")
    start, end = text.index("[limits.D7]"), text.index("[limits.D8]")
    (folder / "base/1.toml").write_text(text[:start] + text[end:], encoding="utf-8")

    assert problems_of(folder) == ["ZM/1.toml: limits.D7: is missing"]


def test_a_missing_priority_of_a_limit_is_named(folder):
    spoil(folder, "base/1.toml", 'emergency = "72 hours"\nhigh = "14 days"\n', 'high = "14 days"\n')

    assert problems_of(folder) == [
        "base/1.toml: limits.D7.emergency: is missing (read for ZM/1.toml)"
    ]


def test_an_error_in_the_shared_base_names_the_base_and_not_the_country(folder):
    spoil(folder, "base/1.toml", "max_days = 30", 'max_days = "long"')

    (problem,) = problems_of(folder)

    assert problem.startswith("base/1.toml: pause.max_days: ")


def test_every_error_is_reported_at_once(folder):
    file = add(folder, '[pause]\nmax_days = 0\n[appeal]\nbodies = "x"\n[limits.D1]\nlow = "soon"')

    keys = {line.split(": ")[1] for line in problems_of(folder, file)}

    assert keys == {"pause.max_days", "appeal.bodies", "limits.D1.low"}


def test_a_place_code_written_twice_is_refused_with_its_line(folder):
    twice = '"ZM-07-LIV" = { name = "Livingstone", parent = "ZM-07", kind = "district" }'
    file = add(folder, f"[places]\n{twice}\n{twice}")

    assert problems_of(folder, file) == ["ZM/3.toml: ZM-07-LIV: is written twice (line 5)"]


def test_a_decreed_holiday_that_is_not_a_date_is_refused_in_its_own_file(folder):
    (folder / "ZM/holidays.toml").write_text('[added]\n"next Monday" = "Decreed"\n')

    (problem,) = problems_of(folder)

    where = "ZM/holidays.toml: holidays.added.next Monday: "
    assert problem == f"{where}is not a date; write YYYY-MM-DD (read for ZM/1.toml)"


@pytest.mark.parametrize(
    "base", ['"ZM/9.toml"', '"../../secrets.toml"', '"/etc/hostname"', '"ZM/3.toml"', "4"]
)
def test_a_pack_may_only_extend_another_file_of_the_folder(folder, base):
    (folder / "ZM/3.toml").write_text(f"extends = {base}\n")

    (problem,) = problems_of(folder, "ZM/3.toml")

    assert problem.startswith("ZM/3.toml: extends: must name a file")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"country = ", "ZM/3.toml: country: "),
        (b"\xff\xfe", "ZM/3.toml: : cannot be read as UTF-8"),
        (b"", "ZM/3.toml: country: is missing"),
        (b"x = " + b"[" * 5000, "ZM/3.toml: "),
        (b"#" * 2_000_001, "ZM/3.toml: : is larger than"),
    ],
)
def test_a_file_that_is_no_pack_at_all_is_refused_by_name(folder, content, problem):
    (folder / "ZM/3.toml").write_bytes(content)

    assert problems_of(folder, "ZM/3.toml")[0].startswith(problem)


def test_a_version_must_match_its_file_name(folder):
    (folder / "ZM/4.toml").write_text('extends = "ZM/1.toml"\nversion = 3\n')

    assert problems_of(folder, "ZM/4.toml") == ["ZM/4.toml: version: is 3 in file 4.toml"]


def test_a_refusal_shows_every_problem_on_its_own_line(folder):
    file = add(folder, "[pause]\nmax_days = 0\n[panel]\nmax_deferrals = 9")

    with pytest.raises(PackError) as refusal:
        load_pack(folder / file)

    assert len(str(refusal.value).splitlines()) == 2


def test_a_later_version_says_only_what_is_different(folder):
    file = add(folder, '[limits.D7]\nhigh = "10 days"')

    pack = load_pack(folder / file)

    assert pack.reference == "ZM/3"
    assert pack.limits[LimitCode.D7].high.amount == 10
    assert pack.limits[LimitCode.D7].medium.amount == 30


def test_a_pack_cannot_be_changed_in_memory():
    pack = pack_of("ZM", 1)

    with pytest.raises(ValueError, match="frozen"):
        pack.version = 9  # type: ignore[misc]


def test_the_newest_version_in_force_on_the_day_is_found():
    assert pack_of("ZM", on=date(2026, 6, 30)).version == 1
    assert pack_of("ZM", on=date(2026, 7, 1)).version == 2
    assert pack_of("ZM").version == 2


def test_an_older_version_stays_available_for_the_cases_pinned_to_it():
    assert pack_of("ZM", 1, on=date(2030, 1, 1)).version == 1


@pytest.mark.parametrize(("country", "version"), [("FR", None), ("ZM", 99), ("../..", 1), ("", 1)])
def test_a_country_or_version_without_a_pack_is_refused(country, version):
    with pytest.raises(NoPack):
        pack_of(country, version)


def test_before_the_first_version_came_into_force_there_is_no_pack():
    with pytest.raises(NoPack, match="ZM/in force"):
        pack_of("ZM", on=date(2000, 1, 1))


def test_a_pack_is_read_once():
    assert pack_of("ZM", 1) is pack_of("ZM", 1)


def test_the_operators_own_version_comes_before_the_built_in_one(tmp_path):
    (tmp_path / "ZM").mkdir()
    (tmp_path / "ZM/3.toml").write_text(
        'extends = "ZM/2.toml"\nversion = 3\nvalid_from = 2026-08-01\n[pause]\nmax_days = 14\n'
    )

    use_folder(tmp_path)
    try:
        assert versions("ZM") == (1, 2, 3)
        assert pack_of("ZM", on=date(2026, 9, 1)).pause.max_days == 14
        assert "NA" in countries()
    finally:
        use_folder(None)
    assert versions("ZM") == (1, 2)


@pytest.mark.rule("R59")
def test_a_day_decreed_by_the_operator_counts_for_every_version_of_that_country_only(tmp_path):
    (tmp_path / "ZM").mkdir()
    (tmp_path / "ZM/holidays.toml").write_text(
        '[added]\n"2026-03-02" = "Decreed"\n[removed]\n"2026-03-12" = "Moved"\n'
    )

    use_folder(tmp_path)
    try:
        decreed, cancelled = date(2026, 3, 2), date(2026, 3, 12)
        for version in versions("ZM"):
            holidays = pack_of("ZM", version).calendar().holidays
            assert holidays(decreed)
            assert not holidays(cancelled)
        assert not pack_of("NA").calendar().holidays(decreed)
    finally:
        use_folder(None)
    assert not pack_of("ZM", 1).calendar().holidays(decreed)


def test_a_broken_pack_of_one_country_leaves_the_others_usable(own_folder):
    spoil(own_folder, "MX/1.toml", 'law = "barred"', 'law = "maybe"')

    with pytest.raises(PackError, match=r"MX/1\.toml: detention\.law"):
        pack_of("MX")
    assert pack_of("ZM").country == "ZM"
