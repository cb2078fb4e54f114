"""Every pack that comes with the engine: readable, complete, honest, and different where it should be."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from babel import Locale

from cases.rules.closing import ClosureReason, ReopeningReason
from cases.rules.participation import Method
from cases.rules.placements import CareType, EndReason
from cases.rules.reports import Outcome
from core.packs.codes import Basis, LimitCode, Priority, TriggerCode
from core.packs.differences import Change, difference
from core.packs.lookup import countries, pack_of, versions
from core.packs.sections import Section
from core.worktime import Limit, Unit, due_at
from panels.rules.conflicts import Ground
from panels.rules.roster import Sector

ALL = [(country, version) for country in countries() for version in versions(country)]
every_pack = pytest.mark.parametrize(("country", "version"), ALL)


def test_the_countries_of_the_field_have_packs():
    assert set(countries()) >= {"ZM", "NA", "CD", "MX", "US", "ZA", "SV"}


@every_pack
def test_every_pack_is_read_without_a_problem_and_says_what_is_not_confirmed(country, version):
    pack = pack_of(country, version)

    assert pack.reference == f"{country}/{version}"
    assert any("confirm" in note for note in pack.notes)


@every_pack
def test_every_cited_value_names_its_source(country, version):
    pack = pack_of(country, version)
    sections = [value for _, value in pack if isinstance(value, Section)]

    cited = [one for one in (*sections, *pack.triggers.values()) if one.basis is Basis.CITED]

    assert cited
    assert all(one.source for one in cited)


@every_pack
def test_what_is_more_urgent_is_never_due_later(country, version):
    pack = pack_of(country, version)
    calendar = pack.calendar()
    start = datetime(2026, 5, 4, 8, tzinfo=UTC)  # a Monday without holidays around it

    # D21 is the other way round: a minimum, and the more serious the longer.
    for code, rule in ((code, rule) for code, rule in pack.limits.items() if code != "D21"):
        ordered = [due_at(start, rule.for_priority(level), calendar) for level in Priority]
        assert all(first <= second for first, second in pairwise(ordered)), code


@every_pack
def test_the_codes_of_a_pack_are_those_the_rules_know(country, version):
    pack = pack_of(country, version)

    assert set(pack.codes.closure_reasons) == {one.value for one in ClosureReason}
    assert set(pack.codes.reopening_reasons) == {one.value for one in ReopeningReason}
    assert set(pack.codes.conflict_grounds) == {one.value for one in Ground}
    assert set(pack.outcomes.allowed) <= {one.value for one in Outcome}
    assert set(pack.care.allowed) <= {one.value for one in CareType}
    assert set(pack.codes.care_end_reasons) == {one.value for one in EndReason}
    assert set(pack.panel.seats) <= {one.value for one in Sector}
    methods = {method for band in pack.ages.participation for method in band.methods}
    assert methods <= {one.value for one in Method}


@every_pack
def test_languages_and_locales_are_real(country, version):
    pack = pack_of(country, version)

    territories = {Locale.parse(locale).territory for locale in pack.languages.locales}

    assert country in territories
    assert territories <= {country, None}


@every_pack
@pytest.mark.rule("R59")
def test_christmas_is_no_working_day_and_the_first_monday_of_june_2026_is_one(country, version):
    calendar = pack_of(country, version).calendar()

    assert calendar.holidays(date(2026, 12, 25))
    assert not calendar.holidays(date(2026, 6, 1))


@every_pack
@pytest.mark.rule("R27")
def test_a_detained_child_is_an_emergency_in_every_country(country, version):
    pack = pack_of(country, version)

    assert pack.detention.release_task.steps


@every_pack
@pytest.mark.rule("R3")
def test_state_arranged_movement_abroad_always_needs_a_determination(country, version):
    assert pack_of(country, version).triggers[TriggerCode.B5].mandatory


@every_pack
def test_the_other_country_hears_only_of_the_limits_that_concern_it(country, version):
    told = {code for code, rule in pack_of(country, version).limits.items() if rule.counterpart}

    assert told == {"D13", "D14", "D15", "D17", "D20"}


@every_pack
@pytest.mark.rule("R17")
def test_a_panel_decides_with_three_from_two_agencies_led_and_with_social_welfare(country, version):
    quorum = pack_of(country, version).panel.quorum

    assert (quorum.min_present, quorum.min_agencies) == (3, 2)
    assert [(one.roles, one.sectors, one.min) for one in quorum.require] == [
        (("chair", "deputy"), (), 1),
        ((), ("social_welfare",), 1),
    ]


@every_pack
@pytest.mark.rule("R60")
def test_no_country_publishes_cells_under_five(country, version):
    assert pack_of(country, version).statistics.suppress_below >= 5


@every_pack
@pytest.mark.rule("R29")
def test_residential_care_is_reviewed_at_least_every_three_months(country, version):
    assert pack_of(country, version).care.residential_review_months <= 3


@pytest.mark.rule("R52")
def test_zambia_keeps_personal_data_in_the_country_and_reports_a_breach_within_a_day():
    pack = pack_of("ZM")

    assert pack.data_protection.in_country
    assert pack.limits[LimitCode.D25].basis is Basis.CITED
    assert {pack.limits[LimitCode.D25].for_priority(level) for level in Priority} == {
        Limit(24, Unit.HOURS)
    }


def test_a_child_in_zambia_can_call_116_and_933():
    assert {line.number for line in pack_of("ZM").helplines} == {"116", "933"}


def test_zambia_has_its_provinces_and_districts():
    kinds = [place.kind for place in pack_of("ZM").places.values()]

    assert kinds.count("province") == 10
    assert kinds.count("district") == 116


def test_who_decides_differs_between_countries():
    kinds = {country: pack_of(country).decider.kind for country in countries()}

    assert kinds["ZM"] == "panel"
    assert kinds["MX"] == "procuraduria"
    assert kinds["ZA"] == "childrens_court"
    assert kinds["SV"] == "protection_board"


def test_mexico_bars_detention_and_places_no_child_without_a_protection_measure():
    pack = pack_of("MX")

    assert pack.detention.law == "barred"
    assert pack.care.order_before_shelter


def test_the_congo_speaks_french_first():
    assert pack_of("CD").languages.default == "fr"


def test_the_simplified_procedure_is_off_everywhere():
    assert not any(pack_of(country).simplified.allowed for country in countries())


def test_offices_in_another_time_zone_close_by_their_own_clock():
    mexico, congo = pack_of("MX"), pack_of("CD")

    assert mexico.calendar().timezone == "America/Mexico_City"
    assert mexico.calendar("MX-BCN-TIJ").timezone == "America/Tijuana"
    assert mexico.calendar("MX-CHH-JUA").timezone == "America/Ciudad_Juarez"
    assert congo.calendar("CD-HK-KSB").timezone == "Africa/Lubumbashi"
    assert congo.calendar("nowhere").timezone == "Africa/Kinshasa"


@pytest.mark.rule("R59")
def test_heroes_day_moves_a_limit_in_zambia_and_not_in_namibia():
    friday = datetime(2026, 7, 3, 10, tzinfo=UTC)
    two = Limit(2, Unit.WORKING_DAYS)

    in_zambia = due_at(friday, two, pack_of("ZM").calendar())
    in_namibia = due_at(friday, two, pack_of("NA").calendar())

    assert in_zambia.date() == date(2026, 7, 9)  # Heroes' and Unity Day are not counted
    assert in_namibia.date() == date(2026, 7, 7)


def test_a_holiday_on_a_sunday_is_kept_on_the_monday_where_the_country_does_so():
    assert pack_of("ZM").calendar().holidays(date(2026, 3, 9))


def test_moving_a_case_to_zambias_second_version_shows_what_changes():
    changes = difference(pack_of("ZM", 1), pack_of("ZM", 2))

    assert Change("ages.child_under", 18, 19) in changes
    assert Change("limits.D10.medium", "5 days", "3 days") in changes
    assert Change("panel.batch.min_minutes", 8, 10) in changes
    assert {change.key.split(".")[0] for change in changes} == {
        "ages",
        "limits",
        "panel",
        "statistics",
    }


@every_pack
def test_a_version_does_not_differ_from_itself(country, version):
    pack = pack_of(country, version)

    assert difference(pack, pack) == []


def test_a_place_that_only_the_newer_version_has_is_shown_as_new():
    old, new = pack_of("NA"), pack_of("ZM", 1)

    changes = {change.key: change for change in difference(old, new)}

    assert changes["places.ZM-07.name"] == Change("places.ZM-07.name", None, "Southern")
    assert changes["places.NA-CA.name"].new is None
