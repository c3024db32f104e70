"""Who people are: kept sealed, opened to few, each opening written down first."""

import ast

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from accounts.models import Role
from cases import letters
from cases.models import AuditEvent, Identity
from cases.models.assignment import Duty
from cases.refusals import Refused, Stale
from cases.services import assignments, communications, consents, identities, people
from cases.vocabulary import OpeningPurpose
from tests.factories import UserFactory, journey, member, mission_of
from tests.test_project import ROOT, sources, tree

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


# What of a name one reads in a letter ------------------------------------------------------------


VEILED = "Person A (named in full when sent)"


@pytest.fixture
def named(who):
    """A letter that gives a name in full, as the person agreed to."""
    case = journey.decided(who)
    person = case.persons.get()
    consents.record_consent(case, by=who.focal, person=person, scope="STW", status="GRANTED")
    letter = journey.drafted(case, who)
    return communications.edit_letter(
        letter,
        by=who.mechanism,
        version=letter.version,
        in_full=[person],
        body="[V-1] was allegedly detained.",
    )


def read(letter, by, shown=frozenset()):
    return communications.composed(communications.whole(letter), by=by, shown=shown)


def test_whoever_writes_a_letter_reads_the_pseudonym_and_the_digest_of_what_is_sent(who, named):
    whole = communications.whole(named)
    sent, _gates = communications.to_send(whole, by=who.mechanism)
    made, _gates = communications.readiness(whole, by=who.mechanism)
    previewed, _gates = communications.preview_letter(named, by=who.mechanism, version=2)
    assert journey.NAME in str(sent.content)
    for shown in (made, previewed, read(named, who.mechanism), read(named, who.focal)):
        assert journey.NAME not in str(shown.content)
        assert VEILED in str(shown.content)
    assert made.digest == sent.digest == letters.digest_of(sent.content)
    assert made.digest != letters.digest_of(made.content)


def test_a_name_in_a_letter_is_shown_to_who_may_see_it_and_written_down(who, named):
    person = named.case.persons.get()
    whole = communications.whole(named)
    with pytest.raises(PermissionDenied, match="Ask for them on the case"):
        identities.reveal_in_letter(whole, by=who.mechanism)
    assert identities.reveal_in_letter(whole, by=who.focal) == {person.pk}
    assert journey.NAME in str(read(named, who.focal, {person.pk}).content)
    [event] = AuditEvent.objects.filter(verb="revealed")
    assert event.detail == {"of": "V-1", "purpose": "letter", "letter": str(named.pk)}


def test_whoever_clears_a_letter_sees_the_names_in_it_while_it_waits_for_them(who, named):
    whole = communications.whole(named)

    def seen():
        try:
            return bool(identities.reveal_in_letter(whole, by=who.reviewer))
        except PermissionDenied:
            return False

    assert not seen()
    communications.ask_clearance(named, by=who.mechanism)
    assert seen()
    with pytest.raises(PermissionDenied):  # in this letter alone
        identities.reveal(named.case.persons.get().identity, by=who.reviewer)
    digest = read(named, who.reviewer).digest
    communications.clear_letter(named, by=who.reviewer, digest=digest)
    assert not seen()


def test_a_letter_without_names_has_none_to_show(who):
    letter = communications.whole(journey.drafted(journey.decided(who), who))
    with pytest.raises(Refused, match="nobody by name"):
        identities.reveal_in_letter(letter, by=who.focal)


# One door ----------------------------------------------------------------------------------------


# What else of ours has a `content`: letters, packages, typed work, what is shown in one answer. An
# identity is called by none of these words; a new word is said here.
NO_IDENTITY = {
    "compose(communication, {**names, **hidden})",
    "composed",
    "form",
    "made",
    "package",
    "page.package",
    "pictures.clean(part)",
    "reply.package",
    "self",
    "self._found[0]",
    "self.package",
    "sealed",  # the bytes of the envelope, which `vault account` counts
    "self.sent.package",
    "shown",
    "work",
}
# The door; and the index of what was typed a moment ago, written in the same act (ADR 0011). The
# vault is below all names.
OPENERS = {"services/identities.py", "models/index.py"}


def test_an_identity_is_opened_in_one_place():
    strange = {
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for path in sources("cases")
        if str(path.relative_to(ROOT / "cases")) not in OPENERS and "vault" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "content"
        if ast.unparse(node.value) not in NO_IDENTITY
    }
    assert strange == set()


def test_in_the_door_itself_one_function_opens():
    module = tree(ROOT / "cases" / "services" / "identities.py")
    opening = {
        function.name
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and node.attr == "content"
        and isinstance(node.ctx, ast.Load)
    }
    assert opening == {"open_identities"}


def test_without_its_audit_row_nothing_is_opened(who, identity, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(identities.audit, "read", broken)
    opened = []
    monkeypatch.setattr(Identity, "content", property(opened.append))
    for purpose in OpeningPurpose:
        with pytest.raises(DatabaseError):
            identities.open_identities(
                [identity], by=who.focal, case=identity.subject.case, purpose=purpose
            )
    assert opened == []


# For counsel two custodians agree first: test_identity_requests.
BY_ONESELF = [one for one in OpeningPurpose.of_people() if one != OpeningPurpose.COUNSEL]


@pytest.mark.parametrize("purpose", BY_ONESELF)
def test_each_opening_leaves_exactly_one_row_with_its_purpose(who, identity, purpose):
    before = AuditEvent.objects.count()
    identities.reveal(identity, by=who.focal, purpose=purpose)
    assert AuditEvent.objects.count() == before + 1
    event = AuditEvent.objects.filter(verb="revealed").latest("written_at")
    assert event.detail == {"of": "V-1", "purpose": purpose}
