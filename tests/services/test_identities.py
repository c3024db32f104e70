"""Who people are: kept sealed, opened to few, each opening written down first."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import Role
from cases.models import AuditEvent, Identity
from cases.models.assignment import Duty
from cases.refusals import Stale
from cases.services import assignments, communications, consents, identities, people
from tests.factories import UserFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def identity(case):
    return Identity.objects.get(person__case=case)


def openings():
    return list(AuditEvent.objects.filter(noun="identity", read=True).values_list("verb", "actor"))


# Keeping -----------------------------------------------------------------------------------------


def test_blank_fields_leave_what_is_kept(who, identity):
    kept = identities.keep_identity(
        identity.person, by=who.focal, version=1, content={"name": " ", "documents": "passport"}
    )
    assert kept.content == {
        "name": journey.NAME,
        "contact": "+000 555 0100 22",
        "documents": "passport",
    }


def test_what_is_no_field_of_an_identity_is_dropped(who, case):
    person = people.record_person(case, by=who.focal, kind="individual")
    kept = identities.keep_identity(
        person, by=who.focal, content={"name": "Ada", "iban": "X", "notes": ""}
    )
    assert kept.content == {"name": "Ada"}


@pytest.mark.parametrize("version", [None, 7])
def test_whoever_did_not_read_what_stands_does_not_overwrite_it(who, identity, version):
    with pytest.raises(Stale):
        identities.keep_identity(
            identity.person, by=who.focal, version=version, content={"name": "Another"}
        )
    identity.refresh_from_db()
    assert identity.content["name"] == journey.NAME


def test_the_audit_of_keeping_holds_the_code_and_a_count_only(who, identity):
    [event] = AuditEvent.objects.filter(verb="kept")
    assert event.detail == {"of": "V-1", "fields": 2}


def test_a_source_is_kept_like_a_person(who, case):
    source = case.sources.first()
    kept = identities.keep_identity(source, by=who.focal, content={"name": "Wren Aldersey"})
    assert (kept.source, kept.person) == (source, None)


# Revealing ---------------------------------------------------------------------------------------


def test_the_owner_sees_what_is_kept_and_that_is_written_down(who, identity):
    assert identities.reveal(identity, by=who.focal)["name"] == journey.NAME
    [event] = AuditEvent.objects.filter(verb="revealed")
    assert (event.actor, event.subject) == (who.focal.pk, str(identity.pk))
    assert event.detail == {"of": "V-1", "purpose": "work"}


def test_an_officer_assigned_by_name_sees_it_until_the_assignment_ends(who, case, identity):
    with pytest.raises(PermissionDenied):
        identities.reveal(identity, by=who.reviewer)
    given = assignments.assign_case(case, by=who.focal, user=who.reviewer, duty=Duty.REVIEW)
    assert identities.reveal(identity, by=who.reviewer)
    assignments.end_assignment(given, by=who.focal)
    with pytest.raises(PermissionDenied):
        identities.reveal(identity, by=who.reviewer)


def test_colleague_in_an_assigned_office_sees_no_name(who, case, identity):
    journey.shareable(case, who)
    office = journey.office_of(who.mechanism)
    assignments.assign_case(case, by=who.focal, office=office, duty=Duty.LETTER)
    with pytest.raises(PermissionDenied, match="assigned to the case by name"):
        identities.reveal(identity, by=who.mechanism)


def test_a_guest_who_may_look_at_the_case_sees_no_name(who, case, identity):
    guest = member()
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    with pytest.raises(PermissionDenied):
        identities.reveal(identity, by=guest)


@pytest.mark.parametrize(
    "stranger",
    [
        lambda: member(role=Role.FOCAL_POINT),
        lambda: member(role=Role.CUSTODIAN),
        lambda: member(role=Role.AUDITOR),
        lambda: member(mission_of("XAA"), Role.MISSION_HEAD),
        lambda: UserFactory(is_superuser=True, is_staff=True),
    ],
    ids=["focal point elsewhere", "custodian", "auditor", "mission", "superuser"],
)
def test_everybody_else_is_refused_and_the_refusal_is_written_down(identity, stranger):
    person = stranger()
    with pytest.raises(PermissionDenied):
        identities.reveal(identity, by=person)
    assert openings() == [("refused", person.pk)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_revealed_inside_a_transaction_that_could_still_be_rolled_back():
    who = journey.cast()
    identity = Identity.objects.get(person__case=journey.recorded(who))
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        identities.reveal(identity, by=who.focal)
    assert openings() == []
    identities.reveal(identity, by=who.focal)
    connection.close()
    assert openings() == [("revealed", who.focal.pk)]


# Names in a letter -------------------------------------------------------------------------------


def in_full(case, who):
    letter = journey.drafted(case, who)
    return communications.edit_letter(
        letter, by=who.mechanism, version=letter.version, in_full=list(case.persons.all())
    )


def test_to_ask_for_the_full_name_in_a_letter_is_no_way_round(who):
    case = journey.decided(who)
    letter = communications.whole(in_full(case, who))

    assert identities.names_for(letter, by=who.mechanism) == {}
    assert journey.NAME not in str(communications.composed(letter, by=who.mechanism).content)


def test_a_name_in_a_letter_takes_consent_and_is_written_down(who):
    case = journey.decided(who)
    person = case.persons.get()
    consents.record_consent(case, by=who.focal, person=person, scope="STW", status="GRANTED")
    letter = communications.whole(in_full(case, who))

    assert identities.names_for(letter, by=who.mechanism) == {person.pk: journey.NAME}
    assert AuditEvent.objects.filter(verb="composed_with_names", actor=who.mechanism.pk).exists()


def test_leak_check_asks_for_every_identity_but_not_for_the_notes_of_officers(who, case):
    person = case.persons.get()
    identities.keep_identity(
        person, by=who.focal, version=1, content={"notes": "Call at noon", "documents": "X1234567"}
    )
    found = identities.secrets_of(case, by=who.focal, except_for={})
    assert sorted(found["V-1"]) == sorted([journey.NAME, "+000 555 0100 22", "X1234567"])
    found = identities.secrets_of(case, by=who.focal, except_for={person.pk: journey.NAME})
    assert journey.NAME not in found["V-1"]
