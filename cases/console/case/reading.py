"""All that the page of a case shows, in a fixed number of queries however long the case is.

What belongs to a row and is small (who an act is against, what a mission answered) comes with the
row, as an array: one query for each noun, none for what joins two of them.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject

from cases.models import (
    Act,
    Action,
    Assignment,
    Case,
    Communication,
    Consent,
    Cooperation,
    Deadline,
    EvidenceAttachment,
    Extension,
    Hold,
    IdentityRequest,
    Perpetrator,
    Person,
    Recusal,
    Reply,
    Signatory,
    Source,
    Transfer,
)
from cases.models.package import ExtensionDecision


def with_what_is_rare(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Whether there is any of it, so that the page asks for what most cases never have."""
    of_case = {"case": OuterRef("pk")}
    return cases.annotate(
        has_recusals=Exists(Recusal.objects.in_force().filter(**of_case)),
        has_offer=Exists(Transfer.objects.open().filter(**of_case)),
        has_holds=Exists(Hold.objects.in_force().filter(**of_case)),
        has_requests=Exists(IdentityRequest.objects.filter(**of_case)),
    )


def read_whole(case: Case) -> Case:
    """Fill the case with its parts; gates and the matrix then ask the database nothing."""
    prefetch_related_objects(
        [case],
        Prefetch("persons", _with_identity(Person.objects.all())),
        Prefetch("acts", _acts()),
        Prefetch("cooperations", _cooperations()),
        Prefetch("sources", _with_identity(Source.objects.all())),
        "sources__independent_of",
        Prefetch("consents", _answers()),
        "risks",
        "elements",
        "corroborations",
        "evidence",
        Prefetch("evidence__attachments", EvidenceAttachment.objects.select_related("clean_copy")),
        "outcomes",
        "measures",
        Prefetch("actions", Action.objects.select_related("office")),
        Prefetch("communications", _letters()),
        Prefetch("deadlines", Deadline.objects.open()),
        Prefetch("assignments", Assignment.objects.in_force().select_related("office", "user")),
    )
    return case


def _with_identity(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`identity_key` says that an identity is kept, never what it holds."""
    return rows.annotate(identity_key=F("identity__id"), keeper_id=F("identity__kept_by"))


def _joined(through: Any, near: str) -> ArraySubquery:
    rows = through.objects.filter(**{near: OuterRef("pk")}).order_by("person__number")
    return ArraySubquery(rows.values("person_id"))


def _acts() -> QuerySet[Act]:
    blamed = Perpetrator.objects.filter(act=OuterRef("pk"))
    shape = JSONObject(kind="kind", attribution="attribution", involvement="involvement")
    return Act.objects.annotate(
        person_ids=_joined(Act.persons.through, "act"),
        blamed=ArraySubquery(blamed.values(row=shape)),
    )


def _cooperations() -> QuerySet[Cooperation]:
    joined = _joined(Cooperation.persons.through, "cooperation")
    return Cooperation.objects.select_related("mechanism").annotate(person_ids=joined)


def _answers() -> QuerySet[Consent]:
    """With how much had left when it was given, and how much of that is not closed."""
    return Consent.objects.annotate(
        tasks=Count("containments"),
        open_tasks=Count("containments", filter=Q(containments__closed_at=None)),
    )


def _letters() -> QuerySet[Communication]:
    """A reply is known here once it is submitted, never before."""
    signed = Signatory.objects.filter(communication=OuterRef("pk"))
    replies = Reply.objects.submitted().filter(package__communication=OuterRef("pk"))
    shape = JSONObject(id="id", edition="edition", at="submitted_at", grade="assessment__grade")
    asked = Extension.objects.filter(
        package__communication=OuterRef("pk"), decision=ExtensionDecision.ASKED
    )
    return Communication.objects.select_related("lead", "package").annotate(
        signed=ArraySubquery(signed.values("answer")),
        answers=ArraySubquery(replies.values(row=shape)),
        asks_time=Exists(asked),
    )
