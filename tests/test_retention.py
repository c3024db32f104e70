"""Cases end in their time: what is due, what goes, what stays, what forbids it."""

import datetime as dt
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Role
from cases import retention, tasks
from cases.database.rights import CONSOLE
from cases.lifecycles import CaseMove
from cases.models import (
    AuditEvent,
    Case,
    Disposal,
    Evidence,
    EvidenceAttachment,
    Hold,
    Identity,
    Package,
    Person,
    Tombstone,
)
from cases.models.retention import Deed
from cases.policy import May, powers
from cases.refusals import Refused
from cases.services import cases, evidence, identity_requests, people, shredding
from cases.services import retention as services
from cases.vocabulary import ShredReason
from tests.factories import journey, member
from tests.samples import pdf, upload
from tests.test_races import at_once

pytestmark = pytest.mark.django_db
CANARY = "Quillfeather"


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def second(who):
    return member(journey.office_of(who.reviewer), Role.REVIEWER)


def closed(who, *, verification="OOS", months=120) -> Case:
    """A case that came to this end so long ago, with a name, a text and a file in it."""
    case = journey.recorded(who, name=CANARY)
    case = cases.edit_case(case, by=who.focal, version=case.version, narrative=f"Of {CANARY}")
    evidence.record_evidence(case, by=who.focal, kind="OTH", upload=upload(pdf(), "a.pdf"))
    case = cases.file_case(case, by=who.focal)
    case = cases.move_case(case, CaseMove.CLOSE, by=who.reviewer)
    return aged(case, verification, months)


def aged(case, verification="OOS", months=120) -> Case:
    long_ago = timezone.now() - dt.timedelta(days=31 * months)
    Case.objects.filter(pk=case.pk).update(verification=verification, changed_at=long_ago)
    return Case.objects.get(pk=case.pk)


def sent(who) -> Case:
    """A closed case of which a letter left."""
    package = journey.transmitted(who)
    case = package.communication.case
    Case.objects.filter(pk=case.pk).update(stage="CLOSE", closed_at=timezone.now())
    return aged(case, "RGB", 200)


def signed(case, who, second) -> Disposal:
    disposal = services.ask_disposal(case, by=who.reviewer)
    return services.approve_disposal(disposal, by=second)


@contextmanager
def as_worker():
    """A worker has the rights of the console's role and no others."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {CONSOLE}")
        yield
        cursor.execute("RESET ROLE")


def is_due(case):
    return retention.due(timezone.now()).filter(pk=case.pk).exists()


# What is due ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "rule"), [*retention.RULES.items(), ("CHK", retention.OTHERS)])
def test_a_case_is_due_when_the_time_of_its_conclusion_is_over(who, code, rule):
    case = closed(who, verification=code, months=0)
    with time_machine.travel(retention.due_on(case) - dt.timedelta(days=2)):
        assert not is_due(case)
    with time_machine.travel(retention.due_on(case) + dt.timedelta(days=2)):
        assert is_due(case)
    assert retention.due_on(case) - case.changed_at == rule.after >= retention.YEAR / 2


def test_an_open_case_is_never_due(who):
    case = aged(journey.recorded(who), months=600)
    assert not is_due(case)


def test_what_came_after_the_end_starts_the_time_anew(who):
    case = closed(who)
    assert is_due(case)
    case.save()
    assert not is_due(case)


# Who signs --------------------------------------------------------------------------------------


def test_nothing_happens_on_one_signature(who, second):
    case = closed(who)
    disposal = services.ask_disposal(case, by=who.reviewer)
    with pytest.raises(Refused, match="second person"):
        services.approve_disposal(disposal, by=who.reviewer)
    assert retention.waiting() == [] and not retention.carry_out(disposal.pk)
    with pytest.raises(Refused, match="already"):
        services.ask_disposal(case, by=second)
    services.decline_disposal(disposal, by=second)
    assert is_due(case) and Case.objects.filter(pk=case.pk).exists()


def test_what_is_not_due_is_not_asked_for(who):
    with pytest.raises(Refused, match="not over"):
        services.ask_disposal(closed(who, months=0), by=who.reviewer)


@pytest.mark.parametrize("change", ["held", "new content", "opened again"])
def test_what_changes_after_the_signatures_leaves_the_case_as_it_is(who, second, change):
    case = closed(who)
    disposal = signed(case, who, second)
    if change == "held":
        services.hold_case(case, by=second, reason="A court asks")
    elif change == "new content":
        Case.objects.get(pk=case.pk).save()
    else:
        cases.move_case(case, CaseMove.REOPEN, by=who.reviewer)
    assert not retention.carry_out(disposal.pk)
    assert Identity.objects.filter(person__case=case).exists()


# What goes and what stays -------------------------------------------------------------------


def test_shredded_nothing_is_left_but_a_tombstone(who, second, django_capture_on_commit_callbacks):
    case = closed(who)
    file = EvidenceAttachment.objects.get(evidence__case=case)
    path = Path(settings.FILES_DIR) / "vault" / str(file.pk)[:2] / f"{file.pk}.sealed"
    assert path.exists()
    disposal = signed(case, who, second)
    with django_capture_on_commit_callbacks(execute=True), as_worker():
        tasks.end_case(str(disposal.pk))

    assert not Case.objects.filter(pk=case.pk).exists() and not path.exists()
    stone = Tombstone.objects.get()
    assert (stone.deed, stone.state_id, stone.transmitted) == ("shred", case.state_id, False)
    assert stone.acts and sum(stone.people.values()) == 1
    disposal.refresh_from_db()
    assert disposal.done_at and disposal.case is None
    assert not retention.carry_out(disposal.pk)
    assert Tombstone.objects.count() == 1


def test_nothing_of_the_case_stands_in_the_tombstone(who, second):
    case = closed(who)
    retention.carry_out(signed(case, who, second).pk)
    stone = Tombstone.objects.get()
    said = " ".join(str(value) for value in vars(stone).values())
    for word in (str(case.pk), case.reference, CANARY, str(case.received_on)):
        assert word not in said


def test_anonymised_the_dialogue_with_the_state_stays_and_people_go(who, second):
    case = sent(who)
    assert retention.deed_for(case) == Deed.ANONYMISE
    disposal = signed(case, who, second)
    with as_worker():
        retention.carry_out(disposal.pk)

    case.refresh_from_db()
    assert case.anonymised_at and case.narrative == case.summary == case.entry == ""
    assert not Person.objects.filter(case=case).exists()
    assert not Identity.objects.filter(person__case=case).exists()
    assert Package.objects.filter(communication__case=case).exists()
    assert Tombstone.objects.get().transmitted
    assert powers(who.reviewer, case) == {May.VIEW_CASE, May.READ_AUDIT}
    assert not is_due(case)


def test_a_case_of_which_a_letter_left_is_never_shredded(who, second):
    case = aged(sent(who), "OOS", 200)
    assert retention.rule_of(case).deed == Deed.SHRED
    disposal = signed(case, who, second)
    assert disposal.deed == Deed.ANONYMISE
    retention.carry_out(disposal.pk)
    assert Case.objects.get(pk=case.pk).anonymised_at


def test_the_record_of_what_was_done_stays(who, second):
    case = closed(who)
    before = AuditEvent.objects.filter(case=case.pk).count()
    retention.carry_out(signed(case, who, second).pk)
    assert AuditEvent.objects.filter(case=case.pk).count() > before
    assert AuditEvent.objects.get(case=case.pk, verb="shredded").actor is None


def test_every_noun_that_hangs_on_a_case_goes_or_stays_by_name():
    """A new noun of a case fails here until somebody says which."""
    named = {model._meta.model_name for model, _ways in retention.GOES} | retention.STAYS
    hanging, waiting = set(), [Case]
    while waiting:
        for relation in waiting.pop()._meta.get_fields(include_hidden=True):
            if not relation.auto_created or relation.concrete or relation.many_to_many:
                continue
            model = relation.related_model
            ours = model._meta.app_label == "cases" and not model._meta.auto_created
            if ours and model not in hanging | {Case}:
                hanging.add(model)
                waiting.append(model)
    with_identity = {"identityuserobjectpermission", "identitygroupobjectpermission"}
    assert {model._meta.model_name for model in hanging} == named | with_identity


def test_the_history_of_requests_goes_with_its_case_and_not_otherwise(who, second):
    case = closed(who)
    person = case.persons.get()
    request = identity_requests.ask_identity(
        person.identity, by=second, purpose="contact", motive="They call"
    )
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        type(request).objects.filter(pk=request.pk).delete()
    case = aged(case)
    retention.carry_out(signed(case, who, second).pk)
    assert not type(request).objects.filter(pk=request.pk).exists()


# Holds ------------------------------------------------------------------------------------------


def test_a_held_case_is_not_due_until_the_hold_ends(who, second):
    case = closed(who)
    hold = services.hold_case(case, by=who.reviewer, reason="A court asks")
    assert not is_due(case)
    with pytest.raises(Refused, match="another person"):
        services.lift_hold(hold, by=who.reviewer)
    services.lift_hold(hold, by=second)
    assert is_due(case)
    with pytest.raises(Refused, match="ended already"):
        services.lift_hold(hold, by=second)


def test_a_hold_with_an_end_postpones(who):
    case = closed(who)
    day = timezone.localdate() + dt.timedelta(days=10)
    services.hold_case(case, by=who.reviewer, reason="Look again", until=day)
    assert not is_due(case)
    with time_machine.travel(timezone.now() + dt.timedelta(days=12)):
        assert is_due(case)
    with pytest.raises(Refused, match="still to come"):
        services.hold_case(
            case, by=who.reviewer, reason="x", until=timezone.localdate() - dt.timedelta(days=1)
        )


@pytest.mark.parametrize("noun", ["case", "person", "identity", "evidence"])
def test_the_database_keeps_what_is_held_whoever_deletes(who, noun):
    case = closed(who)
    services.hold_case(case, by=who.reviewer, reason="A court asks")
    rows = {
        "case": Case.objects.filter(pk=case.pk),
        "person": Person.objects.filter(case=case),
        "identity": Identity.objects.filter(person__case=case),
        "evidence": Evidence.objects.filter(case=case),
    }[noun]
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete("default")
    assert rows.exists() and Hold.objects.in_force().exists()


def test_who_somebody_is_is_not_destroyed_while_their_case_is_held(who):
    case = closed(who)
    services.hold_case(case, by=who.reviewer, reason="A court asks")
    identity = Identity.objects.filter(person__case=case).get()
    with pytest.raises(Refused, match="held"):
        shredding.shred_identity(identity, by=who.custodian, reason=ShredReason.WISH)
    assert Identity.objects.filter(pk=identity.pk).exists()


def test_nothing_is_taken_off_a_held_case(who):
    case = aged(journey.recorded(who))
    services.hold_case(case, by=who.reviewer, reason="A court asks")
    with pytest.raises(Refused, match="held"):
        people.remove_person(case.persons.get(), by=who.focal)


# Proof ------------------------------------------------------------------------------------------


def test_the_report_says_what_would_go_and_does_nothing(who, tmp_path):
    case = closed(who)
    report = tmp_path / "report.csv"
    call_command("retention", report=str(report))
    head, line = report.read_text().splitlines()
    assert head.startswith("case,state") and line.startswith(str(case.pk))
    assert CANARY not in line and Case.objects.filter(pk=case.pk).exists()


def test_the_tables_hold_nothing_of_a_shredded_case(who, second):
    """Beside the records of what was done, which speak in ids: audit, custody, notices."""
    case = closed(who)
    ids = {str(row.pk) for rows in (case.persons, case.sources, case.acts) for row in rows.all()}
    ids.add(str(case.pk))
    assert found_in_tables(ids) == ids
    retention.carry_out(signed(case, who, second).pk)
    assert found_in_tables(ids) == set()


def found_in_tables(ids: set[str]) -> set[str]:
    records = {"cases_auditevent", "cases_custodyentry", "cases_notice"}
    with connection.cursor() as cursor:
        names = {*connection.introspection.table_names(cursor)} - records
        cursor.execute(" UNION ALL ".join(f'SELECT t::text FROM "{name}" AS t' for name in names))  # noqa: S608
        rows = "\n".join(row for (row,) in cursor)
    return {one for one in ids if one in rows}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second_thought", ["another worker", "a no"])
def test_a_case_ends_once_and_never_against_a_no(second_thought):
    who = journey.cast()
    second = member(journey.office_of(who.reviewer), Role.REVIEWER)
    disposal = signed(closed(who), who, second)
    other = {
        "another worker": lambda: retention.carry_out(disposal.pk),
        "a no": lambda: services.decline_disposal(disposal, by=second) and False,
    }[second_thought]

    came = at_once(lambda: retention.carry_out(disposal.pk), other)

    disposal.refresh_from_db()
    assert not [one for one in came if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert Tombstone.objects.count() == came.count(True) == (disposal.done_at is not None)
    assert (disposal.done_at is None) == Case.objects.exists()
