"""Assessments of risk, each with an end."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases import deadlines, gates
from cases.models import Case, RiskAssessment
from cases.models.deadline import DeadlineKind
from cases.policy import May
from cases.services import records


@transaction.atomic
def assess_risk(case: Case, *, by: User, **fields: Any) -> RiskAssessment:
    """Write an assessment of one person or source; the next look is owed before it ends."""
    fields = {**fields, "assessed_by": by}
    risk = records.record(RiskAssessment, case, by=by, may=May.ASSESS_RISK, fields=fields)
    _review(risk.case)
    return risk


@transaction.atomic
def edit_risk(risk: RiskAssessment, *, by: User, version: int, **fields: Any) -> RiskAssessment:
    fields = {**fields, "assessed_by": by}
    risk = records.edit(risk, by=by, version=version, may=May.ASSESS_RISK, fields=fields)
    _review(risk.case)
    return risk


@transaction.atomic
def remove_risk(risk: RiskAssessment, *, by: User) -> None:
    case = risk.case
    records.remove(risk, by=by, may=May.ASSESS_RISK)
    _review(case)


def _review(case: Case) -> None:
    """One deadline stands for the assessment that ends first, of those in force."""
    latest: dict[object, RiskAssessment] = {}
    for risk in RiskAssessment.objects.filter(case=case):  # newest first
        latest.setdefault(risk.person_id or risk.source_id, risk)
    deadlines.cancel(case, DeadlineKind.RISK_REVIEW)
    if latest:
        day = min(gates.risk_ends(risk) for risk in latest.values())
        end = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        deadlines.open_deadline(case, DeadlineKind.RISK_REVIEW, due_at=end)
