"""How long a closed case is kept, what would go with it, and what is left: a tombstone.

The times are a first proposal, to be decided by the organisation (UN Principles on Personal Data
Protection, retention). Nothing here acts by itself: two reviewers sign, then a worker carries out.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cases import audit, files
from cases.models import (
    Act,
    Action,
    Alias,
    Assignment,
    Case,
    CaseGroupObjectPermission,
    CaseUserObjectPermission,
    CleanCopy,
    Communication,
    Consent,
    Containment,
    Cooperation,
    Corroboration,
    Deadline,
    Disposal,
    Draft,
    Element,
    Evidence,
    EvidenceAttachment,
    Fulfilment,
    Hold,
    Identity,
    IdentityRequest,
    Measure,
    NameIndex,
    Naming,
    Outcome,
    Perpetrator,
    Person,
    Recusal,
    RiskAssessment,
    Source,
    TextIndex,
    Tombstone,
    Transfer,
)
from cases.models.retention import Deed
from cases.vocabulary import Stage, Verification


class Rule(NamedTuple):
    """How long after anything last happened to the closed case, and how it ends then."""

    after: timedelta
    deed: Deed


YEAR = timedelta(days=365)
OTHERS = Rule(5 * YEAR, Deed.ANONYMISE)
RULES: Mapping[str, Rule] = {
    Verification.OOS: Rule(YEAR / 2, Deed.SHRED),
    Verification.UNF: Rule(YEAR, Deed.SHRED),
    Verification.INC: Rule(2 * YEAR, Deed.SHRED),
    Verification.UNV: Rule(2 * YEAR, Deed.SHRED),
    Verification.PAR: Rule(5 * YEAR, Deed.ANONYMISE),
    Verification.COR: Rule(10 * YEAR, Deed.ANONYMISE),
    Verification.RGB: Rule(10 * YEAR, Deed.ANONYMISE),
}
BATCH = 100

# All that hangs on a case and goes with it, leaves first: the noun, and the ways to its case.
# What was said to a State, with packages, replies and their assessment, is a record of both sides
# and stays with an anonymised case; one of which a letter left is never shredded.
GOES: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Naming, ("communication__case",)),
    (Alias, ("case",)),
    (Corroboration, ("case",)),
    (Containment, ("case",)),
    (Fulfilment, ("consent__case",)),
    (Consent, ("case",)),
    (RiskAssessment, ("case",)),
    (Outcome, ("case",)),
    (Measure, ("case",)),
    (Action, ("case",)),
    (Deadline, ("case",)),
    (IdentityRequest, ("case",)),
    (NameIndex, ("case",)),
    (TextIndex, ("case",)),
    (Identity, ("person__case", "source__case")),
    (CleanCopy, ("original__evidence__case",)),
    (EvidenceAttachment, ("evidence__case",)),
    (Evidence, ("case",)),
    (Element, ("case",)),
    (Perpetrator, ("act__case",)),
    (Act, ("case",)),
    (Cooperation, ("case",)),
    (Person, ("case",)),
    (Source, ("case",)),
    (Assignment, ("case",)),
    (Recusal, ("case",)),
    (Transfer, ("case",)),
    (CaseUserObjectPermission, ("content_object",)),
    (CaseGroupObjectPermission, ("content_object",)),
    (Hold, ("case",)),
)
STAYS = frozenset(
    {"communication", "question", "signatory", "package", "receipt", "extension"}
    | {"packageattachment", "reply", "answer", "replyattachment", "assessment", "finding"}
    | {"disposal"}
)


def rule_of(case: Case) -> Rule:
    return RULES.get(case.verification, OTHERS)


def deed_for(case: Case) -> Deed:
    """A case of which a letter left is anonymised at most."""
    told = case.communications.exclude(transmitted_at=None).exists()
    return Deed.ANONYMISE if told else rule_of(case).deed


def due_on(case: Case) -> datetime:
    """Whatever happens to a case starts its time anew, also what came after its end."""
    return case.changed_at + rule_of(case).after


def due(now: datetime) -> QuerySet[Case]:
    """Closed cases whose time is over and that no hold keeps, the oldest first."""
    over = Q(changed_at__lt=now - OTHERS.after)
    over &= ~Q(verification__in=list(RULES))
    for code, rule in RULES.items():
        over |= Q(verification=code, changed_at__lt=now - rule.after)
    held = Hold.objects.in_force().values("case")
    kept = Case.objects.filter(over, stage=Stage.CLOSE, anonymised_at=None)
    return kept.exclude(pk__in=held).order_by("changed_at", "id")


def inventory(case: Case) -> dict[str, int]:
    """What would go, counted: nouns in the plural and how many of each. Opens nothing."""
    counts = {
        str(model._meta.verbose_name_plural): _of(model, ways, case).count()
        for model, ways in GOES
        if model not in UNCOUNTED
    }
    counts[str(Communication._meta.verbose_name_plural)] = _unsent(case).count()
    return {noun: number for noun, number in counts.items() if number}


# Found by nobody but the machine: no one would know what the number means.
UNCOUNTED = frozenset(
    {NameIndex, TextIndex, CaseUserObjectPermission, CaseGroupObjectPermission, Naming, Alias}
)


def waiting() -> list[UUID]:
    """Disposals signed twice that no worker has carried out, one batch."""
    found = Disposal.objects.waiting().order_by("approved_at")
    return list(found.values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def carry_out(disposal_id: UUID) -> bool:
    """End the case as two people signed; said twice, done once. Files go once it is certain.

    A hold placed meanwhile, a case opened again, or content that came later leaves all as it is.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(disposals=disposal_id).first()
    signed = Disposal.objects.select_for_update(of=("self",)).waiting()
    disposal = signed.filter(pk=disposal_id).first()
    if disposal is None or case is None:
        return False
    if not due(timezone.now()).filter(pk=case.pk).exists():
        return False
    deed = Deed(disposal.deed) if deed_for(case) == Deed.SHRED else Deed.ANONYMISE
    _bury(case, deed)
    audit.record("anonymised" if deed == Deed.ANONYMISE else "shredded", case, by=None, case=case)
    _empty(case, deed)
    Disposal.objects.filter(pk=disposal.pk).update(done_at=timezone.now())
    return True


def _bury(case: Case, deed: Deed) -> None:
    persons = case.persons.all()
    people = Counter(f"{one.kind}:{one.sex or '-'}:{one.age or '-'}" for one in persons)
    Tombstone.objects.create(
        state=case.state,
        deed=deed,
        kind=case.kind,
        received_in=case.received_on.year,
        ended_in=max(timezone.localdate().year, case.received_on.year),
        verification=case.verification,
        severity=case.severity,
        acts=sorted({act.kind for act in case.acts.all()}),
        cooperation=sorted({one.actor for one in case.cooperations.all()}),
        people=dict(sorted(people.items())),
        transmitted=case.communications.exclude(transmitted_at=None).exists(),
        answered=case.assessments.exists(),
    )


def _empty(case: Case, deed: Deed) -> None:
    originals = _of(EvidenceAttachment, ("evidence__case",), case)
    copies = _of(CleanCopy, ("original__evidence__case",), case)
    sealed = [(row.pk, type(row).ring) for rows in (originals, copies) for row in rows]
    for model, ways in GOES:
        _of(model, ways, case).delete()
    _unsent(case).delete()
    Draft.objects.filter(path__contains=str(case.pk)).delete()
    _end(case, deed)
    for row, ring in sealed:
        transaction.on_commit(partial(files.remove, row, ring))


def _end(case: Case, deed: Deed) -> None:
    if deed == Deed.SHRED:
        case.delete()
        return
    case.narrative = case.summary = case.entry = case.stop_reason = ""
    case.owner, case.anonymised_at = None, timezone.now()
    case.version += 1
    case.save()


def _of(model: type[models.Model], ways: tuple[str, ...], case: Case) -> QuerySet[Any]:
    where = Q()
    for way in ways:
        where |= Q(**{way: case.pk})
    return model._base_manager.filter(where)


def _unsent(case: Case) -> QuerySet[Communication]:
    return Communication.objects.filter(case=case, transmitted_at=None)
