"""What is written once stays as it was written: PostgreSQL itself refuses the second hand."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Role
from cases.models import (
    Act,
    Answer,
    AuditEvent,
    Case,
    CleanCopy,
    Communication,
    Consent,
    Cooperation,
    CustodyEntry,
    EvidenceAttachment,
    IdentityRequest,
    Package,
    Person,
    Receipt,
    Recusal,
    Source,
    Transfer,
)
from cases.services import exclusions, identity_requests, locks, packages, transfers
from tests.factories import OfficeFactory, journey, member
from tests.services.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def package():
    return journey.transmitted(journey.cast())


def refused(change):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        change()
    return str(error.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"digest": "0" * 64},
        {"code": "AL-XAA-000000"},
        {"language": "fr"},
        {"confidential_until": "2030-01-01"},
        {"type": "UA"},
        {"transmitted_at": "2020-01-01T00:00:00Z"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_package_is_frozen(package, fields):
    assert "frozen" in refused(lambda: Package.objects.filter(pk=package.pk).update(**fields))


def test_the_text_of_a_package_is_frozen(package):
    package.content = {**package.content, "subject": "Another"}
    assert "frozen" in refused(package.save)
    package.refresh_from_db()
    assert package.content["subject"] == "Alleged detention of a lawyer"


def test_only_the_due_date_of_a_package_may_move(package):
    Package.objects.filter(pk=package.pk).update(due_at="2030-01-01T00:00:00Z")


def test_a_package_is_kept(package):
    assert "delete" in refused(lambda: Package.objects.filter(pk=package.pk).delete()).lower()


def test_what_a_package_carries_is_frozen_with_it(package):
    assert package.attachments.exists()
    refused(lambda: package.attachments.update(sha256="0" * 64))
    refused(package.attachments.all().delete)


def test_answers_and_files_of_a_submitted_reply_neither_come_nor_change_nor_go():
    who = journey.cast()
    reply = journey.replied(journey.transmitted(who), who)
    for rows in (reply.answers, reply.attachments):
        refused(lambda rows=rows: rows.all()._raw_delete("default"))
    refused(lambda: reply.attachments.update(sha256="0" * 64))
    refused(lambda: reply.answers.update(position=""))
    refused(lambda: Answer.objects.create(reply=reply, question=99, text="More."))


def test_of_the_files_of_a_submitted_reply_only_the_scan_may_change():
    who = journey.cast()
    reply = journey.replied(journey.transmitted(who), who)
    reply.attachments.update(scan="clean", scanned_at="2026-01-01T00:00:00Z")
    assert refused(lambda: reply.attachments.update(scan="none", scanned_at=None, size=1))


def test_an_original_its_clean_copy_and_its_custody_are_kept_as_they_were():
    w = build()
    file, copy, entry = with_a_clean_copy(w)
    same = type(file).objects.filter(pk=file.pk)
    assert "as it came" in refused(lambda: same.update(sha256="b" * 64))
    refused(lambda: same.update(evidence=w.evidence, media_type="text/plain"))
    same.update(tries=1, hindrance="broken", scan="clean", scanned_at="2026-01-01T00:00:00Z")
    refused(lambda: type(copy).objects.filter(pk=copy.pk).update(legible=False))
    refused(lambda: type(entry).objects.filter(pk=entry.pk).update(by=None))
    refused(lambda: type(entry).objects.filter(pk=entry.pk).delete())


def with_a_clean_copy(w):
    plain = {"media_type": "image/png", "size": 1, "sha256": "a" * 64}
    file = EvidenceAttachment.objects.create(
        evidence=w.evidence, name="a.png", added_by=w.focal, **plain
    )
    copy = CleanCopy.objects.create(original=file, legible=True, **plain)
    entry = CustodyEntry.objects.create(
        case=w.case.pk, file=file.pk, step="received", by=w.focal.pk
    )
    return file, copy, entry


def test_a_receipt_is_kept_and_never_rewritten():
    who = journey.cast()
    package = journey.transmitted(who)
    packages.read_package(package, by=who.mission)
    refused(lambda: Receipt.objects.all().delete())
    refused(lambda: Receipt.objects.update(kind="acknowledged"))
    refused(lambda: Receipt.objects.update(by=who.focal))
    assert Receipt.objects.filter(kind="read", by=who.mission).update(taken_in_at=None) == 1


def emptied():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_auditevent")


@pytest.mark.parametrize("change", ["update", "delete", "raw", "truncate"])
def test_the_audit_is_written_once(package, change):
    events = AuditEvent.objects.filter(verb="transmitted")
    assert events.exists()
    said = refused(
        {
            "update": lambda: events.update(actor=None),
            "delete": events.delete,
            "raw": lambda: AuditEvent.objects.all()._raw_delete("default"),
            "truncate": emptied,
        }[change]
    )
    assert "the audit is written once" in said


def test_the_ledger_of_consent_is_written_once(package):
    refused(lambda: Consent.objects.update(status="GRANTED"))
    entry = Consent.objects.filter(status="REFUSED").first()
    entry.status = "GRANTED"
    refused(entry.save)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Case, {"nature": "NOPE"}),
        (Case, {"priority": "NOPE"}),
        (Person, {"sex": "NOPE"}),
        (Person, {"roles": ["HRD", "NOPE"]}),
        (Act, {"kind": "NOPE"}),
        (Cooperation, {"nexus": "NOPE"}),
        (Source, {"reliability": "NOPE"}),
        (Communication, {"type": "NOPE"}),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_code_of_no_list_is_refused_also_past_the_forms(package, model, fields):
    assert "unknown code NOPE" in refused(lambda: model.objects.update(**fields))


def test_a_lock_is_kept_and_what_ended_stays_as_it_is():
    who = journey.cast()
    lock = locks.lock_person(who.focal, by=who.reviewer, reason="Phished")
    assert "delete" in refused(lock.delete).lower()
    case = journey.recorded(journey.cast())
    office = case.office
    first, second, out = (member(office, Role.REVIEWER) for _n in range(3))
    recusal = exclusions.recuse(case, by=first, person=out)
    exclusions.end_recusal(recusal, by=second)
    refused(lambda: Recusal.objects.filter(pk=recusal.pk).update(ended_at=None, ended_by=None))
    transfer = transfers.offer_transfer(
        case,
        to=OfficeFactory(),
        by=first,
        reason="Theirs",
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    transfers.withdraw_transfer(transfer, by=first)
    refused(lambda: Transfer.objects.filter(pk=transfer.pk).update(answer="accepted"))


# Requests to see a name --------------------------------------------------------------------------


@pytest.fixture
def asked():
    who = journey.cast()
    identity = journey.recorded(who).persons.get().identity
    return who, identity_requests.ask_identity(
        identity, by=who.reviewer, purpose="contact", motive="To call"
    )


def changed(row, **fields):
    return refused(lambda: IdentityRequest.objects.filter(pk=row.pk).update(**fields))


def test_a_request_to_see_a_name_is_never_deleted_and_stays_as_it_was_asked(asked):
    who, row = asked
    assert "never_deleted" in refused(row.delete)
    for fields in ({"purpose": "letter"}, {"asked_by": who.focal}, {"code": "V-2"}):
        assert "asked_is_frozen" in changed(row, **fields)
    row.motive = "Another"
    assert "asked_is_frozen" in refused(row.save)


def test_what_a_custodian_decided_stays_decided(asked):
    who, row = asked
    identity_requests.approve_request(row, by=who.custodian, period="1h", reason="Agreed")
    for fields in (
        {"expires_at": "2100-01-01T00:00:00Z"},
        {"decided_by": who.focal},
        {"decided_at": "2020-01-01T00:00:00Z"},
    ):
        assert "decided_is_frozen" in changed(row, **fields)
    assert "transition" in changed(row, status="refused", expires_at=None)
    identity_requests.end_request(row, by=who.reviewer)
    assert "ended_is_frozen" in changed(row, ended_by=who.focal)


def test_a_review_stays_as_it_was_written(asked):
    who, row = asked
    glass = identity_requests.break_glass(
        row.identity, by=who.reviewer, motive="Now", confirmed=True
    )
    identity_requests.review_emergency(glass, by=who.custodian, justified=True, review="Real")
    assert "reviewed_is_frozen" in changed(glass, justified=False)
    assert "reviewed_is_frozen" in changed(glass, reviewed_by=who.focal)
    identity_requests.end_request(glass, by=who.reviewer)  # and may still end
