"""Who somebody is can be destroyed, by a custodian, and what was done stays on record."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import proof
from cases.models import AuditEvent, Draft, Identity, IdentityRequest, Person, Tie
from cases.models.index import NameIndex
from cases.services import identities, identity_requests, shredding
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def identity(case):
    return case.persons.get().identity


def shred(identity, by, reason="consent"):
    shredding.shred_identity(identity, by=by, reason=reason)


def test_the_identity_goes_with_its_tokens_and_what_was_typed_of_it(who, case, identity):
    person = identity.subject
    Draft.objects.create(user=who.focal, path=f"/people/{person.pk}/", content={"name": "Lena"})
    other = Draft.objects.create(user=who.focal, path="/people/new/", content={"kind": "x"})
    assert NameIndex.objects.filter(identity=identity.pk).exists()
    sealed = Identity.objects.values_list("content", flat=True).get(pk=identity.pk).content.hex()
    assert sealed in everywhere()

    shred(identity, who.custodian)

    assert not Identity.objects.filter(pk=identity.pk).exists()
    assert not NameIndex.objects.filter(identity=identity.pk).exists()
    assert list(Draft.objects.all()) == [other]
    assert Person.objects.filter(pk=person.pk).exists()
    assert sealed not in everywhere()


def everywhere() -> str:
    """Every row of every table; bytes as hex."""
    with connection.cursor() as cursor:
        found = []
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{name}" AS t')  # noqa: S608
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_it_is_written_down_with_its_reason_and_without_a_name(who, case, identity):
    shred(identity, who.custodian, "danger")

    event = AuditEvent.objects.get(verb="shredded")
    assert (event.actor, event.case, event.subject) == (
        who.custodian.pk,
        case.pk,
        str(identity.pk),
    )
    assert event.detail == {"of": identity.subject.code, "reason": "danger"}
    assert proof.verify({}, with_anchors=False)[1] == []


def test_the_history_of_requests_stays_and_opens_nothing(who, identity):
    request = identity_requests.ask_identity(
        identity, by=who.reviewer, purpose="contact", motive="A call"
    )
    identity_requests.approve_request(request, by=who.custodian, period="8h", reason="Agreed")
    shred(identity, who.custodian)

    assert IdentityRequest.objects.get(pk=request.pk).identity is None
    with pytest.raises(Identity.DoesNotExist):
        identities.reveal(Identity.objects.get(pk=identity.pk), by=who.reviewer)


def test_only_a_custodian_of_the_office_may(who, identity):
    for somebody in (who.focal, who.reviewer, who.mechanism, journey.cast().custodian):
        with pytest.raises(PermissionDenied):
            shred(identity, somebody)

    assert Identity.objects.filter(pk=identity.pk).exists()


def test_a_tie_to_the_state_keeps_a_custodian_from_it(who, case, identity):
    Tie.objects.create(user=who.custodian, state=case.state, bond="nationality")

    with pytest.raises(PermissionDenied, match="conflict of interest"):
        shred(identity, who.custodian)


def test_there_is_no_reason_of_ones_own(who, identity):
    with pytest.raises(ValueError, match="because"):
        shred(identity, who.custodian, "because")

    assert Identity.objects.filter(pk=identity.pk).exists()


def command(case, code, by, reason="consent") -> str:
    out = StringIO()
    call_command("vault", "shred", case.reference, code, by=by, reason=reason, stdout=out)
    return out.getvalue()


def test_by_command(who, case, identity):
    assert "no more" in command(case, identity.subject.code, who.custodian.email.upper())

    assert not Identity.objects.filter(pk=identity.pk).exists()
    with pytest.raises(CommandError, match="nothing is kept"):
        command(case, identity.subject.code, who.custodian.email)


def test_the_command_refuses_who_may_not(who, case, identity):
    with pytest.raises(CommandError, match="You may not"):
        command(case, identity.subject.code, who.focal.email)
    with pytest.raises(CommandError, match="no such custodian"):
        command(case, identity.subject.code, "nobody@office.example")
    assert Identity.objects.filter(pk=identity.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_by_command_the_table_is_swept_of_the_dead_row(who, case, identity):
    with CaptureQueriesContext(connection) as captured:
        command(case, identity.subject.code, who.custodian.email)

    assert captured.captured_queries[-1]["sql"] == 'VACUUM "cases_identity"'
