"""What the rules of a country say, as people read them: words, lists, lengths, and how sure we are."""

from collections.abc import Mapping

from api.fields import View
from core.packs.models import Pack
from core.packs.sections import CodeLists, LimitRule, Place, Section
from core.worktime import Limit


class SourceView(View):
    """How sure we are of a part of the rules: cited, recalled or inferred, and from where."""

    basis: str
    source: str


class BodiesView(View):
    """Who does what in this country, in the words people there use."""

    lead: str
    secretariat: str
    cross_border_signatory: str
    review_panel: str
    decider: str
    decider_kind: str
    appoints_guardians: str
    hears_appeals: str
    data_protection_authority: str
    notes: tuple[str, ...]


class HelplineView(View):
    """A number a child or a neighbour can call."""

    number: str
    name: str


class LanguagesView(View):
    """What screens, dates and the child's own note are written in."""

    default: str
    screens: tuple[str, ...]
    child_notes: tuple[str, ...]
    locales: tuple[str, ...]


class LimitView(View):
    """A time limit: from which event, and how long it is by priority."""

    starts: str
    emergency: str
    high: str
    medium: str
    low: str
    later: str | None
    source: SourceView

    @classmethod
    def of(cls, rule: LimitRule) -> "LimitView":
        """Show one limit; ``later`` is its length from the second time on."""
        return cls(
            starts=rule.starts,
            emergency=_length(rule.emergency),
            high=_length(rule.high),
            medium=_length(rule.medium),
            low=_length(rule.low),
            later=_length(rule.then) if rule.then is not None else None,
            source=_source(rule),
        )


class PlaceView(View):
    """A place where offices are."""

    name: str
    kind: str
    parent: str

    @classmethod
    def of(cls, place: Place) -> "PlaceView":
        """Show one place."""
        return cls(name=place.name, kind=place.kind, parent=place.parent)


class CountryPanelView(View):
    """How panels are made up, as far as it is wished and not enforced."""

    members_planned: int
    balance_of_women_and_men_expected: bool


class LawView(View):
    """What officers should know of the law."""

    detention: str
    detention_text: str
    data_protection: str
    data_stays_in_country: bool
    abuse_data_sensitive: bool


class ReleaseView(View):
    """What is done to have a detained child released, in order."""

    title: str
    steps: tuple[str, ...]


class CountryView(View):
    """The rules of a country in one version, for people who fill in forms and people who check them."""

    country: str
    version: int
    title: str
    notes: tuple[str, ...]
    bodies: BodiesView
    helplines: tuple[HelplineView, ...]
    languages: LanguagesView
    limits: Mapping[str, LimitView]
    triggers: Mapping[str, str]
    panels: CountryPanelView
    law: LawView
    release_of_detained: ReleaseView
    codes: Mapping[str, Mapping[str, str]]
    places: Mapping[str, PlaceView]
    sources: Mapping[str, SourceView]

    @classmethod
    def of(cls, pack: Pack) -> "CountryView":
        """Show a pack."""
        parts = {name: getattr(pack, name) for name in Pack.model_fields}
        return cls(
            country=pack.country,
            version=pack.version,
            title=pack.title,
            notes=pack.notes,
            bodies=_bodies(pack),
            helplines=tuple(HelplineView(number=h.number, name=h.name) for h in pack.helplines),
            languages=_languages(pack),
            limits={code: LimitView.of(rule) for code, rule in pack.limits.items()},
            triggers={code: trigger.text for code, trigger in pack.triggers.items()},
            panels=CountryPanelView(
                members_planned=pack.panel.default_roster,
                balance_of_women_and_men_expected=pack.panel.gender_balanced,
            ),
            law=_law(pack),
            release_of_detained=ReleaseView(
                title=pack.detention.release_task.title, steps=pack.detention.release_task.steps
            ),
            codes=_codes(pack.codes),
            places={code: PlaceView.of(place) for code, place in pack.places.items()},
            sources={
                name: _source(part) for name, part in parts.items() if isinstance(part, Section)
            },
        )


def _length(limit: Limit) -> str:
    return f"{limit.amount} {limit.unit}"


def _bodies(pack: Pack) -> BodiesView:
    return BodiesView(
        lead=pack.bodies.lead,
        secretariat=pack.bodies.secretariat,
        cross_border_signatory=pack.bodies.cross_border_signatory,
        review_panel=pack.bodies.review_panel,
        decider=pack.decider.name,
        decider_kind=pack.decider.kind,
        appoints_guardians=pack.guardianship.appointed_by,
        hears_appeals=pack.appeal.body,
        data_protection_authority=pack.data_protection.authority,
        notes=pack.bodies.notes,
    )


def _languages(pack: Pack) -> LanguagesView:
    return LanguagesView(
        default=pack.languages.default,
        screens=pack.languages.screens,
        child_notes=pack.languages.child_notes,
        locales=pack.languages.locales,
    )


def _law(pack: Pack) -> LawView:
    return LawView(
        detention=pack.detention.law,
        detention_text=pack.detention.text,
        data_protection=pack.data_protection.law,
        data_stays_in_country=pack.data_protection.in_country,
        abuse_data_sensitive=pack.data_protection.abuse_data_sensitive,
    )


def _codes(lists: CodeLists) -> dict[str, Mapping[str, str]]:
    return {
        "closure_reasons": lists.closure_reasons,
        "reopening_reasons": lists.reopening_reasons,
        "separation_causes": lists.separation_causes,
        "conflict_grounds": lists.conflict_grounds,
        "protection_concerns": lists.protection_concerns,
        "care_end_reasons": lists.care_end_reasons,
        "decline_reasons": lists.decline_reasons,
        "withdrawal_reasons": lists.withdrawal_reasons,
        "disruption_reasons": lists.disruption_reasons,
        "guardian_kinds": lists.guardian_kinds,
        "funding_lines": lists.funding_lines,
    }


def _source(part: Section) -> SourceView:
    return SourceView(basis=part.basis, source=part.source)
