"""PostgreSQL refuses nonsense, whoever writes it: each constraint that a person could break.

A constraint that is in no table here fails the first test. Those of the reference data are held
in tests/reference, those of accounts in tests/accounts.
"""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.utils import timezone

from cases.models import (
    Answer,
    Assignment,
    AuditEvent,
    Case,
    CleanCopy,
    Consent,
    CustodyEntry,
    Deadline,
    Draft,
    EvidenceAttachment,
    Identity,
    Notice,
    PortalDraft,
    Receipt,
    Reply,
    Tombstone,
)
from tests.factories import journey, mission_of
from tests.services.world import build

pytestmark = pytest.mark.django_db

NOW = timezone.now
ELSEWHERE = {"cases.State", "cases.Term", "cases.Mechanism", "cases.CommunicationRule"}
ELSEWHERE |= {"cases.CouncilTerm", "cases.LetterTemplate"}


def change(row, **fields):
    return type(row)._default_manager.filter(pk=row.pk).update(**fields)


def again(row, **fields):
    """The same row once more, under another id; what is sealed is sealed anew for it."""
    plain = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    for name, value in fields.items():
        plain.pop(f"{name}_id", None)
        plain[name] = value
    type(row)(**plain).save(force_insert=True)


def unchained(write):
    """As two writers would who took the same head: the trigger gives no place to the row."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_auditevent DISABLE TRIGGER audit_is_chained")
    return write()


def decided(w, by):
    return {
        "status": "approved",
        "decided_by": by,
        "decided_at": NOW(),
        "expires_at": NOW() + dt.timedelta(hours=1),
    }


# How somebody would break it, on the world of tests/services/world.py.
CHECKS = {
    "case_kind_is_known": lambda w: change(w.case, kind="rumour"),
    "case_channel_is_known": lambda w: change(w.case, channel="pigeon"),
    "case_severity_is_1_to_4": lambda w: change(w.case, severity=5),
    "case_closed_at_iff_closed": lambda w: change(w.case, closed_at=NOW()),
    "case_stopped_at_goes_with_stopped_by": lambda w: change(w.case, stopped_at=NOW()),
    "case_leaves_intake_only_filed": lambda w: change(w.case, stage="TRIAGE"),
    "case_stage_is_not_the_parallel_track": lambda w: Case.objects.create(
        office=w.case.office,
        state=w.case.state,
        recorded_by=w.focal,
        stage="PROTECT",
        filed_at=NOW(),
    ),
    "person_kind_is_known": lambda w: change(w.person, kind="animal"),
    "person_size_is_of_a_group": lambda w: change(w.person, size=3),
    "person_is_not_related_to_itself": lambda w: change(w.person, related_to=w.person),
    "act_has_a_kind": lambda w: change(w.act, kind=""),
    "act_does_not_end_before_it_starts": lambda w: change(w.act, ended_on=dt.date(2020, 1, 1)),
    "act_precision_is_known": lambda w: change(w.act, precision="hour"),
    "cooperation_says_what_with_whom_and_when": lambda w: change(w.cooperation, actor=""),
    "cooperation_does_not_end_before_it_starts": lambda w: change(
        w.cooperation, started_on=dt.date(2026, 2, 1), ended_on=dt.date(2026, 1, 1)
    ),
    "element_kind_is_known": lambda w: change(w.element, kind="opinion"),
    "stance_is_known": lambda w: change(w.word, stance="shrugs"),
    "consent_says_what_for_and_what": lambda w: again(Consent.objects.first(), status=""),
    "consent_does_not_end_before_it_is_given": lambda w: again(
        Consent.objects.first(), expires_on=dt.date(2020, 1, 1)
    ),
    "fulfilment_is_for_one_act": lambda w: again(w.fulfilment, digest=""),
    "containment_is_of_one_thing": lambda w: change(w.containment, guest=w.focal),
    "containment_closed_has_a_person_and_a_time": lambda w: change(w.containment, status="done"),
    "risk_is_of_a_person_or_of_a_source": lambda w: change(w.risk, source=w.source),
    "risk_is_valid_for_a_time": lambda w: change(w.risk, valid_until=dt.date(2020, 1, 1)),
    "identity_is_of_a_person_or_of_a_source": lambda w: change(
        Identity.objects.first(), source=w.source
    ),
    "assignment_is_to_an_office_or_to_a_person": lambda w: change(
        w.assignment, office=w.case.office
    ),
    "assignment_expires_after_it_was_given": lambda w: change(
        w.assignment, expires_at=F("given_at")
    ),
    "assignment_ended_at_goes_with_ended_by": lambda w: change(w.assignment, ended_at=NOW()),
    "case_is_anonymised_only_when_closed": lambda w: change(w.case, anonymised_at=NOW()),
    "hold_lifted_at_goes_with_lifted_by": lambda w: change(w.hold, lifted_at=NOW()),
    "hold_is_lifted_by_a_second_person": lambda w: change(
        w.hold, lifted_at=NOW(), lifted_by=w.hold.placed_by
    ),
    "deed_is_known": lambda w: again(w.disposal, case=w.case, deed="forget"),
    "disposal_is_approved_by_a_second_person": lambda w: change(
        w.disposal, approved_at=NOW(), approved_by=w.disposal.asked_by
    ),
    "disposal_is_done_only_when_approved": lambda w: change(w.disposal, done_at=NOW()),
    "disposal_ended_at_goes_with_ended_by": lambda w: change(w.disposal, ended_at=NOW()),
    "tombstone_ends_after_it_was_received": lambda w: Tombstone.objects.create(
        state=w.case.state,
        deed="shred",
        kind="allegation",
        received_in=2026,
        ended_in=2025,
        verification="OOS",
        severity=1,
        transmitted=False,
        answered=False,
    ),
    "bond_is_known": lambda w: change(w.tie, bond="friendship"),
    "recusal_ended_at_goes_with_ended_by": lambda w: change(w.recusal, ended_at=NOW()),
    "nobody_ends_their_own_recusal": lambda w: change(
        w.recusal, ended_at=NOW(), ended_by=w.recused
    ),
    "lock_is_of_a_person_or_of_an_office": lambda w: change(w.lock, office=w.case.office),
    "lock_lifted_at_goes_with_lifted_by": lambda w: change(w.lock, lifted_at=NOW()),
    "lock_is_lifted_by_a_second_person": lambda w: change(
        w.lock, lifted_at=NOW(), lifted_by=w.lock.locked_by
    ),
    "transfer_answer_is_known": lambda w: change(
        w.transfer, answer="perhaps", answered_by=w.receiver, answered_at=NOW()
    ),
    "transfer_is_answered_by_somebody_at_some_time": lambda w: change(
        w.transfer, answer="accepted"
    ),
    "transfer_is_to_another_office": lambda w: change(w.transfer, to_office=w.case.office),
    "identity_request_purpose_is_known": lambda w: again(w.waiting, purpose="leak_check"),
    "custodian_is_never_the_asker": lambda w: change(w.waiting, **decided(w, w.reviewer)),
    "counsel_is_told_when_two_custodians_agree": lambda w: change(
        w.waiting, agreed_by=w.custodian, agreed_at=NOW()
    ),
    "two_custodians_are_not_one": lambda w: again(
        w.waiting, purpose="counsel", agreed_by=w.reviewer, agreed_at=NOW()
    ),
    "emergency_is_reviewed_by_another": lambda w: change(
        w.emergency, reviewed_by=w.reviewer, reviewed_at=NOW(), justified=True
    ),
    "identity_request_is_decided_by_somebody_unless_an_emergency": lambda w: change(
        w.waiting, status="refused"
    ),
    "identity_request_expires_iff_it_opened": lambda w: change(
        w.waiting, **decided(w, w.custodian) | {"expires_at": None}
    ),
    "identity_request_ended_at_iff_ended": lambda w: change(w.approved, status="ended"),
    "review_of_an_emergency_has_a_person_a_time_and_a_finding": lambda w: change(
        w.emergency, reviewed_by=w.custodian, reviewed_at=NOW()
    ),
    "action_is_a_response_or_a_protection": lambda w: change(w.action, kind="AL"),
    "deadline_kind_is_known": lambda w: change(Deadline.objects.first(), kind="someday"),
    "deadline_is_met_or_cancelled_not_both": lambda w: change(
        Deadline.objects.first(), met_at=NOW(), cancelled_at=NOW()
    ),
    "communication_status_is_known": lambda w: again(w.draft, status="lost"),
    "communication_cleared_at_by_and_what_go_together": lambda w: change(
        w.cleared, cleared_digest=""
    ),
    "communication_transmitted_only_when_cleared": lambda w: again(
        w.draft, status="transmitted", transmitted_at=NOW(), transmitted_by=w.mechanism
    ),
    "communication_sent_iff_transmitted_at": lambda w: change(w.cleared, status="transmitted"),
    "signatory_endorses_one_exact_text": lambda w: change(
        w.signatory, answer="endorsed", answered_by=w.mandate, answered_at=NOW()
    ),
    "signatory_answer_has_a_person_and_a_time": lambda w: change(w.signatory, answer="declined"),
    "package_has_a_sha256": lambda w: again(
        w.package, code="AL-XAA-1", digest="short", communication=w.draft
    ),
    "package_is_due_after_it_was_sent": lambda w: change(w.package, due_at=F("transmitted_at")),
    "receipt_kind_is_known": lambda w: Receipt.objects.create(
        package=w.package, kind="guessed", by=w.mission
    ),
    "extension_decision_has_a_person_and_a_time": lambda w: change(w.extension, decision="granted"),
    "reply_submitted_has_a_person_a_time_and_a_digest": lambda w: change(
        w.typed, status="submitted"
    ),
    "reply_corrects_an_earlier_one_iff_not_the_first": lambda w: change(w.typed, edition=2),
    "answer_is_to_a_question_or_on_an_element": lambda w: Answer.objects.create(
        reply=w.typed, question=1, element=1
    ),
    "answer_takes_a_position_on_elements_only": lambda w: Answer.objects.create(
        reply=w.typed, question=1, position="ALT"
    ),
    "evidence_attachment_is_not_empty": lambda w: again(w.evidence_file, size=0),
    "evidence_attachment_has_a_sha256": lambda w: again(w.evidence_file, sha256="A" * 64),
    "evidence_attachment_scanned_at_iff_scanned": lambda w: change(w.evidence_file, scan="clean"),
    "clean_copy_is_not_empty": lambda w: cleaned(w, size=0),
    "clean_copy_has_a_sha256": lambda w: cleaned(w, sha256="short"),
    "custody_step_is_known": lambda w: held(w, step="lent"),
    "custody_has_a_sha256_or_none": lambda w: held(w, sha256="short"),
    "package_attachment_is_not_empty": lambda w: again(
        w.package.attachments.get(), kind="annex", size=0
    ),
    "package_attachment_has_a_sha256": lambda w: again(
        w.package.attachments.get(), kind="annex", sha256="short"
    ),
    "reply_attachment_is_not_empty": lambda w: change(w.file, size=0),
    "reply_attachment_has_a_sha256": lambda w: change(w.file, sha256=""),
    "reply_attachment_scanned_at_iff_scanned": lambda w: change(w.file, scanned_at=NOW()),
}
# Another constraint refuses the same and is asked first.
SHADOWED = {"communication_status_is_known": "communication_sent_iff_transmitted_at"}
ONCE = {
    "one_number_for_one_person": lambda w: again(w.person),
    "one_row_for_a_kind_of_perpetrator": lambda w: again(w.act.perpetrators.first()),
    "one_number_for_one_source": lambda w: again(w.source),
    "one_number_for_one_element": lambda w: again(w.element),
    "one_number_for_one_evidence": lambda w: again(w.evidence),
    "one_word_of_a_source_on_an_element": lambda w: again(w.word),
    "one_assignment_of_a_duty_to_an_office": lambda w: again(
        Assignment.objects.filter(office__isnull=False).first()
    ),
    "one_assignment_of_a_duty_to_a_person": lambda w: again(w.assignment),
    "one_tie_of_a_kind_to_a_state": lambda w: again(w.tie),
    "seconded_by_one_state_at_most": lambda w: [
        again(w.tie, bond="secondment", state=state) for state in two_states(w)
    ],
    "one_recusal_of_a_person_in_force": lambda w: again(w.recusal),
    "one_lock_of_a_person_in_force": lambda w: again(w.lock),
    "one_lock_of_an_office_in_force": lambda w: [
        again(w.lock, user=None, office=w.case.office) for _twice in range(2)
    ],
    "one_disposal_of_a_case_at_a_time": lambda w: again(w.disposal),
    "one_transfer_offered_at_a_time": lambda w: again(w.transfer),
    "one_open_deadline_of_a_kind": lambda w: again(Deadline.objects.open().first()),
    "one_signature_of_a_mandate": lambda w: again(w.signatory),
    "one_number_for_one_question": lambda w: again(w.draft.questions.first()),
    "one_alias_of_a_person_for_an_audience": lambda w: again(
        w.person.aliases.get(), word="Person Z"
    ),
    "one_person_behind_an_alias": lambda w: (
        again(
            w.person.aliases.get(),
            person=w.decided.persons.get(),
            audience="public",
            word="Person Z",
        )
        or again(w.person.aliases.get(), audience="public", word="Person Z")
    ),
    "one_naming_of_a_person_in_a_letter": lambda w: again(w.named.namings.get()),
    "one_receipt_of_a_kind": lambda w: [
        Receipt.objects.create(package=w.package, kind="read", by=w.mission) for _twice in range(2)
    ],
    "one_open_request_for_time": lambda w: again(w.extension),
    "one_reply_of_an_edition": lambda w: again(w.reply),
    "one_reply_in_the_making": lambda w: again(
        w.typed, edition=2, corrects=Reply.objects.get(pk=w.reply.pk)
    ),
    "one_answer_to_a_question": lambda w: [
        Answer.objects.create(reply=w.typed, question=1) for _twice in range(2)
    ],
    "one_answer_on_an_element": lambda w: [
        Answer.objects.create(reply=w.typed, element=1) for _twice in range(2)
    ],
    "one_letter_in_a_package": lambda w: again(w.package.attachments.get()),
    "one_receipt_of_a_reply": lambda w: [again(w.file, kind="receipt") for _twice in range(2)],
    "one_finding_on_an_element": lambda w: again(w.assessment.findings.first()),
    "one_waiting_request_for_one_identity": lambda w: again(w.waiting),
    "told_once": lambda w: again(Notice.objects.first()),
    "one_draft_of_a_form": lambda w: [
        Draft.objects.create(user=w.focal, path="/a/", content={}) for _twice in range(2)
    ],
    "one_portal_draft_of_a_form": lambda w: [
        PortalDraft.objects.create(user=w.mission, path="/a/", content={}) for _twice in range(2)
    ],
    "audit_lane_never_forks": lambda w: unchained(lambda: again(AuditEvent.objects.first())),
}


def two_states(w):
    return [w.case.state, mission_of("XBB").state]


def constraints(kind):
    return {
        constraint.name
        for model in apps.get_app_config("cases").get_models()
        if model._meta.label not in ELSEWHERE
        for constraint in model._meta.constraints
        if isinstance(constraint, kind)
    }


def test_every_constraint_is_in_a_table():
    assert constraints(models.CheckConstraint) == CHECKS.keys()
    assert constraints(models.UniqueConstraint) == ONCE.keys()


def test_postgresql_refuses_each_by_its_name():
    w = build()
    w.evidence_file = attached(w)
    w.assessment = journey.assessed(w.reply, w)
    said = {name: words_of(broken, w) for name, broken in (CHECKS | ONCE).items()}
    wrong = {n: words for n, words in said.items() if SHADOWED.get(n, n) not in words}
    assert not wrong, json.dumps(wrong, indent=1)


def attached(w) -> EvidenceAttachment:
    return EvidenceAttachment.objects.create(
        evidence=w.evidence,
        name="a.pdf",
        media_type="application/pdf",
        size=1,
        sha256="a" * 64,
        added_by=w.focal,
    )


def cleaned(w, **fields) -> None:
    right = {"media_type": "application/pdf", "size": 1, "sha256": "a" * 64, "legible": True}
    CleanCopy.objects.create(original=w.evidence_file, **right | fields)


def held(w, **fields) -> None:
    right = {"case": w.case.pk, "file": w.evidence_file.pk, "step": "received"}
    CustodyEntry.objects.create(**right | fields)


def words_of(broken, w) -> str:
    try:
        with transaction.atomic():
            broken(w)
            transaction.set_rollback(True)
    except IntegrityError as refused:
        return str(refused)
    except Exception as other:
        return f"{type(other).__name__}: {other}"
    return "let through"
