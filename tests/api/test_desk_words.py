"""Words of the pages for people with accounts, and where a form may lead."""

import ast
import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from api.desk import frame
from api.desk.choices import RULES
from api.desk.draft_forms import REPORT, Section, assessment_sections
from api.desk.fields import Field, Kind
from api.desk.partner_page import REASONS
from api.desk.planning import NUMBERS
from api.desk.preparing import CALLED_OFF, TAKEN_OFF
from api.desk.registering import ALERT_ONLY, ITEMS, NEW
from api.desk.traces import SAID
from api.desk.words import FOLDER, MIRRORED, spoken
from cases.rules.assessments import AssessmentKind, AssessmentStatus, ImmediateConcern
from cases.rules.attachments import FileKind
from cases.rules.children import ExternalIdKind, Priority, Sex
from cases.rules.clocks import ClockCode
from cases.rules.closing import ReopeningReason
from cases.rules.detention import DetentionPlace, ReleasedTo
from cases.rules.duplicates import Signal
from cases.rules.emergency import Duty
from cases.rules.holding import HoldEnd, HoldReason
from cases.rules.machine import CaseState, Step
from cases.rules.participation import NoViewsReason
from cases.rules.placements import CareType
from cases.rules.plans import ActionKind
from cases.rules.reports import FactorGroup, Outcome
from cases.rules.triggers import Trigger
from cases.rules.waiting import _BY_ASSESSMENT, _BY_STATE
from cases.service.broken_glass import Finding
from cases.service.erasure import ErasureGround
from cases.service.files import Purpose
from cases.service.guardians import GuardianKind
from core.accounts.tables import ACTIVE, INVITED, SUSPENDED
from core.actors import Role
from core.audit_search import KindOfAct
from core.carrier import CarrierState
from core.exchange.receipts import DECLINING
from core.exchange.statements import Status
from core.worktime import Unit
from panels.planning.world.closed import Code
from panels.rules.conflicts import Ground as ConflictGround
from panels.rules.determination import ViewsWeight
from panels.rules.items import Invited, ItemState
from panels.rules.mass import Apart
from panels.rules.minutes import MinutesState
from panels.rules.planning import BusyKind, FixedKind, PlanState
from panels.rules.planning import Cause as PlanCause
from panels.rules.review import Ground
from panels.rules.roster import SeatRole, Sector
from panels.rules.sittings import SittingMode, SittingState, SittingType
from panels.rules.voting import RuleUsed
from panels.service.decision_rows import RECORDED, REPLACED, SEALED, SET_ASIDE, TAKEN_BACK
from panels.service.panel_work import Kind as PanelWork
from panels.service.panels import PanelKind
from transfers.rules.answer_sheets import Fault, PaperAnswer
from transfers.rules.codes import (
    Connectivity,
    ConsentOrder,
    CorridorStatus,
    DeclineReason,
    DisruptionReason,
    Incident,
    MessageType,
    ResponsibilityModel,
    Round,
    TransferKind,
    TransferReason,
    WithdrawalReason,
)
from transfers.rules.counter_terms import Verdict
from transfers.rules.delivery import InState, OutState
from transfers.rules.disagreement import End, Rung, Told
from transfers.rules.guests import Carrier, Ended, GuestState, ReplyState, SetAside, Verified
from transfers.rules.machine import Step as TransferStep
from transfers.rules.machine import TransferState
from transfers.rules.partnership import Act, Channel, State
from transfers.service.alerts import Cause
from transfers.service.installation import ENC, SIG
from transfers.service.ladder import Entry
from transfers.service.receipt_ladder import Rung as Reached
from transfers.service.saying import ADMITTED, CROSSED, DISCARDED, KEPT, SIGNED, WRITTEN
from transfers.service.summary_views import Standing
from transfers.service.travel import Fact

ROOT = Path(__file__).resolve().parents[2]


@given(
    st.text(max_size=60)
    | st.sampled_from(
        ["//evil.example/desk", "/desk\\@evil", "/desk/../x", "https:/desk", "/deskx"]
    )
)
def test_nobody_is_led_away_from_our_pages(path: str) -> None:
    goal = frame.goal(path)

    assert goal == "/desk" or goal.startswith("/desk/")
    assert "//" not in goal
    assert "\\" not in goal


def test_every_language_has_the_same_words_with_the_same_facts() -> None:
    tables = {code: words.table for code, words in spoken().items()}
    facts = {
        code: {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in table.items()}
        for code, table in tables.items()
    }

    assert "en" in facts
    assert {code: found for code, found in facts.items() if found != facts["en"]} == {}


def test_every_code_a_page_may_show_has_words() -> None:
    waiting = {one.name for one in (*_BY_STATE.values(), *_BY_ASSESSMENT.values())}
    codes = {
        "state": {*CaseState}, "step": {*Step}, "limit": {*ClockCode}, "role": {*Role},
        "transfer": {*TransferState}, "transfer_step": {*TransferStep},
        "transfer_taken": {*TransferStep}, "round": {*Round},
        "kind": {*TransferKind}, "travel_fact": {*Fact}, "item": {*ItemState},
        "sitting": {*SittingState}, "sitting_type": {*SittingType}, "seat_role": {*SeatRole},
        "outcome": {*Outcome}, "ground": {*ConflictGround}, "no_views": {*NoViewsReason},
        "result": {*RuleUsed}, "weight": {*ViewsWeight}, "factor": {*FactorGroup},
        "action": {*ActionKind}, "priority": {*Priority}, "sex": {*Sex}, "detention_place": {*DetentionPlace},
        "released_to": {*ReleasedTo}, "waiting": waiting,
        **{kind: set(codes) for kind, codes in RULES.items()},
        "hold_reason": {*HoldReason}, "hold_end": {*HoldEnd} - {HoldEnd.CLOSED}, "reopening": {*ReopeningReason},
        "guardian_kind": {*GuardianKind}, "withheld_item": set(ITEMS), "signal": {*Signal}, "external_id": {*ExternalIdKind},
        "assessment_kind": {*AssessmentKind}, "assess_status": {*AssessmentStatus},
        "report_status": {"draft", "submitted", "ready"},
        "account": {ACTIVE, INVITED, SUSPENDED}, "panel_kind": {*PanelKind}, "sector": {*Sector},
        "corridor": {*CorridorStatus}, "key_use": {"sig", "enc"}, "key_status": {*Status},
        "carrier": {*CarrierState}, "kind_of_act": {*KindOfAct}, "finding": {*Finding},
        "erasure": {*ErasureGround}, "fact_name": SAID, "rules": {f"{one}.{many}" for one in Unit for many in ("one", "many")},
        "nav": {"work", "cases", *frame.FOR_ROLES}, "language": {*spoken(), MIRRORED},
        "paper_answer": {*PaperAnswer}, "paper_state": {*ReplyState}, "paper_aside": {*SetAside},
        "paper_doubt": {*Fault},
        "task": {*Duty, *(f"review_{one}" for one in Ground), *(f"immediate_concern_{one}" for one in ImmediateConcern)},
    }  # fmt: skip

    holes = {
        f"{kind}.{code}"
        for words in spoken().values()
        for kind, found in codes.items()
        for code in found
        if not words.knows(kind, str(code))
    }

    assert holes == set()


def test_every_field_and_every_page_of_a_longer_form_has_words() -> None:
    drafts = [("assess", one) for one in assessment_sections("comprehensive")]
    drafts += [("report", one) for one in REPORT]
    asked = [key for spec, one in drafts for key in _keys(spec, one)]
    asked += [f"register.{key}" for one in (*NEW, *ALERT_ONLY) for key in _named(one.fields)]
    asked += [f"register.step.{one.code}" for one in NEW]

    words = spoken()["en"]
    holes = {key for key in asked if not words.knows(*key.split(".", 1))}

    assert len(asked) > 100
    assert holes == set()


def _keys(spec: str, section: Section) -> list[str]:
    page = [f"{spec}.section.{section.code}"]
    if section.entries is not None:
        page += [f"{spec}.{kind}.{section.code}" for kind in ("entry", "none", "add")]
        page += [f"{section.entries.name}.{key}" for key in _named(section.entries.fields)]
    return page + [f"{spec}.{key}" for key in _named(section.fields)]


def _named(fields: tuple[Field, ...]) -> list[str]:
    return [
        key
        for one in fields
        for key in (
            one.name,
            *(f"{one.name}.{part.name}" for part in one.parts if one.kind is Kind.ROWS),
        )
    ]


def test_every_code_of_pages_between_countries_has_words() -> None:
    codes: dict[str, set[str]] = {
        "message": {*MessageType},
        "message_standing": {WRITTEN, SIGNED, DISCARDED, KEPT, ADMITTED, CROSSED, "draft"},
        "rung_ours": {*Reached}, "proves_ours": {*Reached}, "rung_theirs": {*Reached},
        "proves_theirs": {*Reached}, "delivery": {*OutState}, "delivery_in": {*InState},
        "recall": {"sent", "received", "waiting", "blocked", "recalled", "declined"},
        "kept_for": {*DECLINING}, "alert": {*Cause}, "alert_do": {*Cause}, "alike": {*Signal},
        "grant_state": {"proposed", "issued", "refused", "revoked"},
        "held_state": {"held", "asked", "redeemed", "refused"}, "verdict": {*Verdict},
        "dispute_rung": {*Rung}, "dispute_end": {*End}, "dispute_entry": {*Entry},
        "summary_standing": {*Standing, "none"}, "transfer_reason": {*TransferReason},
        "trigger": {*Trigger}, "partner_state": {*State}, "partner_waits": {*Act},
        "partner_reason": {*REASONS}, "channel": {*Channel}, "corridor_is": {*CorridorStatus},
        "connectivity": {*Connectivity}, "consent_order": {*ConsentOrder},
        "own_key_use": {SIG, ENC}, "own_key_status": {*Status}, "guest_state": {*GuestState},
        "verified": {*Verified}, "carrier": {*Carrier}, "link": {*Ended, "live"},
        "aside": {*SetAside}, "reply_state": {*ReplyState}, "file_kind": {*FileKind},
        "file_purpose": {*Purpose}, "paper_in": {*Round},
        "say.code": {*Told, *Rung, *End, *Incident, *ResponsibilityModel, *DeclineReason, *DisruptionReason, *WithdrawalReason},
    }  # fmt: skip

    holes = {
        f"{kind}.{code}"
        for words in spoken().values()
        for kind, found in codes.items()
        for code in found
        if not words.knows(kind, str(code))
    }

    assert holes == set()


def test_every_task_the_services_ask_for_has_words() -> None:
    codes = _task_codes()

    holes = {code for code in codes if not spoken()["en"].knows("task", code)}

    assert len(codes) > 12
    assert holes == set()


def _task_codes() -> set[str]:
    """Codes of tasks as they are written in the services: as text, or as a constant of the same module."""
    found: set[str] = set()
    for folder in ("cases", "panels", "transfers"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text())
            constants = {
                node.target.id: node.value.value
                for node in ast.walk(tree)
                if isinstance(node, ast.AnnAssign)
                and isinstance(node.target, ast.Name)
                and isinstance(node.value, ast.Constant)
            }
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                code = call.args[2] if name == "open_task" and len(call.args) > 2 else None
                if isinstance(code, ast.Constant):
                    found.add(str(code.value))
                if isinstance(code, ast.Name) and code.id in constants:
                    found.add(str(constants[code.id]))
    return found


def test_every_act_that_is_put_on_record_has_words() -> None:
    things, done = _acts_on_record()

    holes = {
        f"{kind}.{code}"
        for words in spoken().values()
        for kind, found in (("act", things), ("did", done))
        for code in found
        if not words.knows(kind, code)
    }

    assert len(things) > 60
    assert len(done) > 120
    assert holes == set()


def _acts_on_record() -> tuple[set[str], set[str]]:
    """What acts are about and what was done, from the calls that put them on record."""
    found: set[str] = set()
    for folder in ("core", "cases", "panels", "transfers", "cli", "api"):
        for path in (ROOT / folder).rglob("*.py"):
            for call in (
                n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)
            ):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                if "note" not in name and "record" not in name:
                    continue
                given = [*call.args, *(one.value for one in call.keywords)]
                texts = [
                    str(one.value)
                    for part in given
                    for one in ast.walk(part)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                found |= {one for one in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", one)}
                if name == "note_read":
                    found |= {f"{one}.read" for one in texts if re.fullmatch(r"[a-z_]+", one)}
    acts = {one for one in found if not one.endswith((".id", ".html"))}
    return {one.partition(".")[0] for one in acts}, {one.partition(".")[2] for one in acts}


def test_no_word_stands_in_two_files_of_a_language() -> None:
    folders = [one for one in FOLDER.iterdir() if one.is_dir()]
    keys = {
        folder.name: [
            key for file in folder.glob("*.json") for key in json.loads(file.read_text("utf-8"))
        ]
        for folder in folders
    }

    assert {
        code: [key for key in found if found.count(key) > 1] for code, found in keys.items()
    } == {code: [] for code in keys}


def test_every_code_of_pages_around_a_sitting_has_words() -> None:
    codes: dict[str, set[str]] = {
        "care": {*CareType}, "invited": {*Invited}, "sector": {*Sector}, "busy": {*BusyKind},
        "sitting_mode": {*SittingMode}, "cause": {*PlanCause}, "plan_state": {*PlanState},
        "fixed": {*FixedKind}, "fixed.said": {*FixedKind}, "plan_code": {*Code},
        "plan_number": {*NUMBERS}, "apart": {*Apart}, "work.panel": {*PanelWork},
        "taken_off": {*TAKEN_OFF}, "called_off": {*CALLED_OFF}, "minutes": {*MinutesState},
        "out": {"declared", "behind_report", "declined", "away", "outside_term", "undertaking_missing"},
        "decision": {RECORDED, SEALED, REPLACED, TAKEN_BACK, SET_ASIDE},
    }  # fmt: skip

    holes = {
        f"{kind}.{code}"
        for words in spoken().values()
        for kind, found in codes.items()
        for code in found
        if not words.knows(kind, str(code))
    }

    assert holes == set()


def test_no_file_of_words_says_one_thing_twice() -> None:
    """Of two lines for one key the last counts unseen, so branches that met leave one behind."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), sorted(key for key in set(keys) if keys.count(key) > 1)
        return dict(pairs)

    for path in sorted(ROOT.joinpath("templates").rglob("words/**/*.json")):
        json.loads(path.read_text(), object_pairs_hook=once)
