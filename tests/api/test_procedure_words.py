"""Every gap from assessment to follow-up has words, and every field of a body has its place in a form."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from api.bodies.assessments import AssessmentChanges, OptionBody, ReportChanges
from api.problems.procedure import GAPS, PROBLEMS
from cases.rules.assessment_form import AssessmentForm
from cases.rules.report_form import OptionNote, ReportForm

CASES = Path(__file__).resolve().parents[2] / "cases"
SUBJECTS = (
    "rules/assessments.py", "rules/reports.py", "rules/participation.py", "rules/plans.py",
    "rules/placements.py", "rules/facilities.py", "rules/followup.py", "rules/tracing.py",
    "service/assessments.py", "service/reports.py", "service/plans.py", "service/placements.py",
    "service/home_studies.py", "service/plan_actions.py", "service/followup.py",
)  # fmt: skip


def codes_used() -> set[str]:
    files = [CASES / name for name in SUBJECTS if (CASES / name).exists()]
    return {
        code
        for file in files
        for code in re.findall(r'Gap\(\s*"([a-z_]+)"', file.read_text("utf-8"))
    }


def test_every_gap_has_words():
    used = codes_used()

    assert len(used) > 60
    assert used - set(GAPS) == set()


def test_no_words_are_left_without_a_gap():
    assert set(GAPS) - codes_used() == set()


def test_words_are_sentences_that_a_tired_worker_understands():
    assert all(re.match(r"[A-Z{].*\.$", text, re.DOTALL) for text in GAPS.values())
    assert all(problem.status == 403 for problem in PROBLEMS.values())


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("body", "form"),
    [(AssessmentChanges, AssessmentForm), (ReportChanges, ReportForm), (OptionBody, OptionNote)],
)
def test_what_comes_in_is_exactly_what_the_form_holds(body, form):
    names = set(body.model_fields)

    assert names == {item.name for item in fields(form)}
    assert body.model_config["extra"] == "forbid"
    assert not [name for name in names if "score" in name or "rank" in name or "weight" in name]
