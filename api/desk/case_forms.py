"""What is asked for each act on a case; the words and the rules of each value are elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.desk.fields import Field, Kind
from api.desk.registering import CONSENT as REGISTERED
from cases.rules.followup import Aspect
from cases.service.possible import Act

TELL: Final = "tell"
APPEAL: Final = "appeal"
WAIVE: Final = "waive"
BEGIN: Final = "begin"
ANSWER: Final = "answer_question"


@dataclass(frozen=True)
class CaseForm:
    """The form of one act.

    Args:
        fields: what is asked.
        optional: parts left out when nothing stands in them.
    """

    fields: tuple[Field, ...] = ()
    optional: tuple[str, ...] = ()


_CONSENT: Final = tuple(
    Field(one.name.removeprefix("consent."), one.kind, one.of)
    for one in REGISTERED
    if one.name.startswith("consent.")
)
_WITHHELD: Final = (
    Field("item", Kind.CHOICE, "withheld_item"),
    Field("from_whom", Kind.CHOICE, "withheld_from"),
    Field("reason", Kind.CHOICE, "withhold"),
    Field("words"),
)
_VISIT: Final = (
    Field("done_on", Kind.DAY),
    Field("method", Kind.CHOICE, "visit_method"),
    Field("seen_alone", Kind.YES_NO),
    Field("not_alone_because"),
    Field("views"),
    Field("no_views_because"),
    *(
        field
        for one in Aspect
        for field in (Field(f"scales.{one}", Kind.CHOICE, "scale"), Field(f"notes.{one}"))
    ),
    Field("concern", Kind.CHOICE, "concern"),
    Field("recommend", Kind.CHOICE, "recommend"),
    Field("new_harm"),
    Field("placement_broken", Kind.TICK),
)

FORMS: Final[Mapping[str, CaseForm]] = {
    Act.EMERGENCY: CaseForm(
        (
            Field("danger", Kind.CHOICE, "danger"),
            Field("measure", Kind.CHOICE, "measure_here"),
            Field("acted_at", Kind.MOMENT),
            Field("words"),
        )
    ),
    Act.RELEASE: CaseForm(
        (
            Field("released_at", Kind.MOMENT),
            Field("released_to", Kind.CHOICE, "released_to"),
            Field("order"),
        )
    ),
    Act.DETENTION: CaseForm(
        (
            Field("since", Kind.MOMENT),
            Field("place_type", Kind.CHOICE, "detention_place"),
            Field("details"),
        )
    ),
    Act.ALLOCATE: CaseForm((Field("owner_person", Kind.CHOICE, "caseworker"),)),
    Act.BEGIN_ASSESSMENT: CaseForm((Field("kind", Kind.CHOICE, "assessment_kind"),)),
    Act.NAME_ASSESSOR: CaseForm((Field("person_id", Kind.CHOICE, "assessor"),)),
    Act.AGREE_PLAN: CaseForm(
        (
            Field("voice", Kind.CHOICE, "plan_voice"),
            Field("child_words"),
            Field("review_on", Kind.DAY),
        )
    ),
    Act.ADD_ACTION: CaseForm(
        (
            Field("kind", Kind.CHOICE, "action"),
            Field("what"),
            Field("owner", Kind.CHOICE, "owner"),
            Field("due_on", Kind.DAY),
        )
    ),
    Act.ACTION_DONE: CaseForm((Field("result"),)),
    Act.VISIT: CaseForm(_VISIT),
    Act.MISS_VISIT: CaseForm((Field("reason", Kind.CHOICE, "missed"), Field("words"))),
    Act.FOLLOW_UP_REPORT: CaseForm((Field("text"),)),
    Act.RECORD_CONSENT: CaseForm(_CONSENT),
    Act.WITHDRAW_CONSENT: CaseForm(),
    Act.WITHHOLD: CaseForm(_WITHHELD),
    Act.PROTECTION: CaseForm(
        (
            Field("asylum_claim", Kind.CHOICE, "asylum_claim"),
            Field("fear_of_return", Kind.CHOICE, "tri"),
        )
    ),
    Act.UNWILLING: CaseForm(),
    Act.GUARDIAN: CaseForm(
        (
            Field("kind", Kind.CHOICE, "guardian_kind"),
            Field("name", Kind.LINE),
            Field("contact", Kind.LINE),
            Field("from_on", Kind.DAY),
            Field("independent", Kind.YES_NO),
            Field("independence_note"),
        )
    ),
    Act.INTERPRETER: CaseForm(
        (
            Field("name", Kind.LINE),
            Field("contact", Kind.LINE),
            Field("languages", Kind.NAMED, "languages"),
            Field("undertaking_on", Kind.DAY),
            Field("undertaking_until", Kind.DAY),
            Field("is_tied", Kind.YES_NO),
            Field("child_aware", Kind.TICK),
        )
    ),
    Act.CONTACT: CaseForm(
        (
            Field("tried_at", Kind.MOMENT),
            Field("method", Kind.CHOICE, "contact"),
            Field("reached", Kind.YES_NO),
            Field("words"),
        )
    ),
    Act.HOLD: CaseForm(
        (
            Field("reason", Kind.CHOICE, "hold"),
            Field("review_on", Kind.DAY),
            Field("words"),
            Field("missing.missing_since", Kind.MOMENT),
            Field("missing.reported_to_police", Kind.YES_NO),
            Field("missing.guardian_told", Kind.YES_NO),
        ),
        optional=("missing",),
    ),
    Act.RESUME: CaseForm((Field("ended_as", Kind.CHOICE, "hold_end"),)),
    Act.ASK_TO_CLOSE: CaseForm(
        (
            Field("reason", Kind.CHOICE, "closure"),
            Field("words"),
            Field("last_visit_on", Kind.DAY),
            Field("last_contact_on", Kind.DAY),
            Field("child_view"),
            Field("no_view_reason", Kind.CHOICE, "no_views"),
        )
    ),
    Act.ANSWER_CLOSING: CaseForm((Field("close", Kind.YES_NO), Field("words"))),
    Act.REOPEN: CaseForm((Field("reason", Kind.CHOICE, "reopening"), Field("what_is_new"))),
    Act.SET_ASIDE: CaseForm(),
    TELL: CaseForm(
        (
            Field("told_at", Kind.MOMENT),
            Field("language", Kind.CHOICE, "childs_languages"),
            Field("explained_by", Kind.CHOICE, "teller"),
            Field("interpreter", Kind.CHOICE, "interpreter"),
            Field("present", Kind.LINES),
            Field("reaction", Kind.CHOICE, "reaction"),
            Field("reaction_words"),
            Field("note"),
            Field("complaint_route_explained", Kind.TICK),
            Field("appeal_route_explained", Kind.TICK),
        )
    ),
    APPEAL: CaseForm(
        (
            Field("by", Kind.CHOICE, "appeal_by"),
            Field("received_at", Kind.MOMENT),
            Field("grounds"),
            Field("reason_for_lateness"),
        )
    ),
    WAIVE: CaseForm((Field("child_was_asked", Kind.TICK),)),
    BEGIN: CaseForm(),
    ANSWER: CaseForm((Field("answer"),)),
    Act.HOME_STUDY: CaseForm(
        (
            Field("carer", Kind.LINE),
            Field("studied_on", Kind.DAY),
            Field("findings"),
            Field("result", Kind.CHOICE, "study"),
            Field("conditions"),
            Field("valid_until", Kind.DAY),
        )
    ),
    Act.PLACEMENT: CaseForm(
        (
            Field("care", Kind.CHOICE, "care_type"),
            Field("started_on", Kind.DAY),
            Field("carer", Kind.LINE),
            Field("address"),
            Field("facility_id", Kind.CHOICE, "facility"),
            Field("home_study_id", Kind.CHOICE, "home_study"),
            Field("background", Kind.CHOICE, "background"),
            Field("check_reason"),
            Field("no_family_care", Kind.CHOICE, "no_family_care"),
            Field("family_care_words"),
            Field("sibling_reason"),
            Field("legal_order", Kind.LINE),
            Field("legal_order_until", Kind.DAY),
            Field("decision_id", Kind.CHOICE, "decision"),
            Field("review_due", Kind.DAY),
        )
    ),
    Act.END_PLACEMENT: CaseForm(
        (Field("ended_on", Kind.DAY), Field("reason", Kind.CHOICE, "end_reason"), Field("words"))
    ),
    Act.CHECK_DESTINATION: CaseForm(
        (
            Field("destination", Kind.CHOICE, "country"),
            Field("result", Kind.CHOICE, "refoulement"),
            Field("basis"),
            Field("qualification", Kind.CHOICE, "qualification"),
            Field("checked_on", Kind.DAY),
        )
    ),
    Act.LEGAL_OFFER: CaseForm(
        (
            Field("procedure", Kind.CHOICE, "legal_procedure"),
            Field("offered_on", Kind.DAY),
            Field("answer", Kind.CHOICE, "offer_answer"),
            Field("person_id", Kind.CHOICE, "lawyer"),
            Field("words"),
        )
    ),
}
