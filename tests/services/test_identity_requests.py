"""Asking to see a name: who decides, for how long, and what is left of it afterwards."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Membership, Role, User
from cases.models import AuditEvent, IdentityRequest, IdentityUserObjectPermission, Notice, Tie
from cases.models.assignment import Duty
from cases.refusals import MoveRefused, Refused, Stale
from cases.services import assignments, identities, identity_requests, locks, people
from tests.factories import journey, member

pytestmark = pytest.mark.django_db

MOTIVE = "The family asks that we call before Friday."


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.shareable(journey.recorded(who), who)


@pytest.fixture
def identity(case):
    return case.persons.get().identity


@pytest.fixture
def waiting(who, identity):
    return ask(identity, who.reviewer)


def ask(identity, by):
    return identity_requests.ask_identity(identity, by=by, purpose="contact", motive=MOTIVE)


def approve(request, by, period="8h"):
    return identity_requests.approve_request(request, by=by, period=period, reason="Agreed.")


def told(key):
    return set(Notice.objects.filter(key=key).values_list("recipient", flat=True))


def sees(identity, user):
    try:
        return identities.reveal(identity, by=user)["name"] == journey.NAME
    except PermissionDenied:
        return False


# Asking ------------------------------------------------------------------------------------------


def test_the_custodians_are_told_and_nothing_is_opened_yet(who, waiting, identity):
    assert told(f"identity:{waiting.pk}:asked") == {who.custodian.pk}
    assert not sees(identity, who.reviewer)
    [event] = AuditEvent.objects.filter(verb="identity_asked")
    assert event.detail == {"of": "V-1"}


def test_the_motive_is_sealed(waiting):
    with connection.cursor() as cursor:
        cursor.execute("SELECT motive FROM cases_identityrequest")
        [(stored,)] = cursor.fetchall()
    assert len(bytes(stored)) > len(MOTIVE)
    assert MOTIVE.encode() not in bytes(stored)
    assert IdentityRequest.objects.get().motive == MOTIVE


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"motive": "  "}, "Say why"),
        ({"purpose": "leak_check"}, "what you need the name for"),
        ({"purpose": "curiosity"}, "what you need the name for"),
    ],
)
def test_a_request_says_why_and_what_for(who, identity, fields, words):
    said = {"purpose": "contact", "motive": MOTIVE} | fields
    with pytest.raises(Refused, match=words):
        identity_requests.ask_identity(identity, by=who.reviewer, **said)
    assert not IdentityRequest.objects.exists()


def test_whoever_sees_the_name_already_has_nothing_to_ask(who, identity, waiting):
    with pytest.raises(Refused, match="already"):
        ask(identity, who.focal)
    with pytest.raises(Refused, match="not answered yet"):
        ask(identity, who.reviewer)
    approve(waiting, who.custodian)
    with pytest.raises(Refused, match="may see this name already"):
        ask(identity, who.reviewer)


def test_an_office_without_a_custodian_says_so(who, identity):
    Membership.objects.filter(user=who.custodian).delete()
    with pytest.raises(Refused, match="no identity custodian"):
        ask(identity, who.reviewer)


def test_who_is_custodian_and_officer_needs_another_custodian(who, case, identity):
    Membership.objects.create(user=who.custodian, office=case.office, role=Role.REVIEWER)
    both = User.objects.get(pk=who.custodian.pk)
    with pytest.raises(Refused, match="no identity custodian"):
        ask(identity, both)
    second = member(case.office, Role.CUSTODIAN)
    request = ask(identity, both)
    assert told(f"identity:{request.pk}:asked") == {second.pk}
    for decide in (
        lambda: approve(request, both),
        lambda: identity_requests.refuse_request(request, by=both, reason="No"),
    ):
        with pytest.raises(PermissionDenied, match="another person must decide"):
            decide()
    assert sees(identity, both) is False
    approve(request, second)
    assert sees(identity, both)


# Deciding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [("1h", 1), ("8h", 8), ("3d", 72)])
def test_an_approval_opens_one_identity_to_one_person_until_it_ends(
    who, case, identity, waiting, ends
):
    period, hours = ends
    with time_machine.travel(timezone.now(), tick=False) as clock:
        approve(waiting, who.custodian, period)
        other = people.record_person(case, by=who.focal, kind="individual")
        kept = identities.keep_identity(other, by=who.focal, content={"name": journey.NAME})
        assert sees(identity, who.reviewer)
        assert not sees(kept, who.reviewer)
        assert not sees(identity, member(case.office, Role.REVIEWER))
        clock.shift(dt.timedelta(hours=hours, seconds=-1))
        assert sees(identity, who.reviewer)
        clock.shift(1)
        assert not sees(identity, who.reviewer)
        waiting.refresh_from_db()
        assert (waiting.status, waiting.standing) == ("approved", "ended")
    assert told(f"identity:{waiting.pk}:decided") == {who.reviewer.pk}
    grant = IdentityUserObjectPermission.objects.get()
    assert (grant.granted_by, grant.reason) == (who.custodian, "Agreed.")


def test_a_mandate_holder_and_a_guest_may_see_by_approval(who, case, identity):
    guest = member()
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    assignments.assign_case(case, by=who.focal, user=who.mandate, duty=Duty.SUPPORT)
    for person in (guest, who.mandate):
        approve(ask(identity, person), who.custodian)
        assert sees(identity, person)


def test_whoever_loses_the_case_loses_the_name_with_it(who, case, identity):
    guest = member()
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    approve(ask(identity, guest), who.custodian)
    late = ask(identity, who.reviewer)
    assignments.end_showing(case, to=guest, by=who.reviewer)
    assert not sees(identity, guest)
    Membership.objects.filter(user=who.reviewer).delete()
    with pytest.raises(Refused, match="does not see the case any more"):
        approve(late, who.custodian)


def test_a_refusal_says_why_and_opens_nothing(who, identity, waiting):
    with pytest.raises(Refused, match="Say why"):
        identity_requests.refuse_request(waiting, by=who.custodian, reason=" ")
    done = identity_requests.refuse_request(waiting, by=who.custodian, reason="The lead calls.")
    assert (done.status, done.reason) == ("refused", "The lead calls.")
    assert not sees(identity, who.reviewer)
    assert told(f"identity:{waiting.pk}:decided") == {who.reviewer.pk}
    with pytest.raises(Stale):
        approve(waiting, who.custodian)


def test_only_who_asked_withdraws_and_only_while_it_waits(who, waiting):
    with pytest.raises(PermissionDenied):
        identity_requests.withdraw_request(waiting, by=who.focal)
    identity_requests.withdraw_request(waiting, by=who.reviewer)
    with pytest.raises(MoveRefused):
        identity_requests.withdraw_request(waiting, by=who.reviewer)
    with pytest.raises(MoveRefused):
        approve(waiting, who.custodian)


def test_what_is_kept_no_more_is_not_approved(who, case, identity, waiting):
    people.remove_person(case.persons.get(), by=who.focal)
    with pytest.raises(Refused, match="kept no more"):
        approve(waiting, who.custodian)
    waiting.refresh_from_db()
    assert (waiting.identity, waiting.code, waiting.motive) == (None, "V-1", MOTIVE)


def test_a_custodian_with_a_tie_to_the_state_neither_hears_of_it_nor_decides(who, case, identity):
    second = member(case.office, Role.CUSTODIAN)
    Tie.objects.create(user=who.custodian, state=case.state, bond="nationality")
    request = ask(identity, who.reviewer)
    assert told(f"identity:{request.pk}:asked") == {second.pk}
    assert not IdentityRequest.objects.visible_to(who.custodian).exists()
    with pytest.raises(PermissionDenied):
        approve(request, who.custodian)
    approve(request, second)
    with pytest.raises(PermissionDenied):
        identity_requests.end_request(request, by=who.custodian)


def test_a_locked_account_sees_nothing_by_what_was_approved(who, identity, waiting):
    approve(waiting, who.custodian)
    locks.lock_person(who.reviewer, by=member(role=Role.ADMINISTRATOR), reason="Phished")
    assert not sees(identity, who.reviewer)  # also by the copy that a running task holds


# Ending ------------------------------------------------------------------------------------------


def test_a_custodian_takes_it_back_at_once_and_the_history_stays(who, identity, waiting):
    approve(waiting, who.custodian)
    with pytest.raises(PermissionDenied):
        identity_requests.end_request(waiting, by=who.focal)
    ended = identity_requests.end_request(waiting, by=who.custodian)
    assert (ended.status, ended.ended_by) == ("ended", who.custodian)
    assert (ended.decided_by, ended.reason) == (who.custodian, "Agreed.")
    assert not sees(identity, who.reviewer)
    assert told(f"identity:{waiting.pk}:ended") == {who.reviewer.pk}
    with pytest.raises(MoveRefused):
        identity_requests.end_request(waiting, by=who.custodian)


def test_who_asked_gives_it_back(who, identity, waiting):
    approve(waiting, who.custodian)
    identity_requests.end_request(waiting, by=who.reviewer)
    assert not sees(identity, who.reviewer)
    assert not told(f"identity:{waiting.pk}:ended")


def test_what_time_ended_is_not_ended_again(who, waiting):
    approve(waiting, who.custodian, "1h")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)), pytest.raises(MoveRefused):
        identity_requests.end_request(waiting, by=who.custodian)


def test_no_second_way_is_left_open(who, identity, waiting):
    """An emergency and an approval of the same person for the same name end together."""
    glass = broken(identity, who.reviewer)
    approve(waiting, who.custodian)
    identity_requests.end_request(waiting, by=who.custodian)
    glass.refresh_from_db()
    assert glass.status == "ended"
    assert not sees(identity, who.reviewer)


# Sources -----------------------------------------------------------------------------------------


def test_a_source_is_known_to_who_keeps_it_and_to_others_by_request(who, case):
    kept = identities.keep_identity(
        case.sources.first(), by=who.focal, content={"name": journey.NAME}
    )
    assert sees(kept, who.focal)
    assignments.assign_case(case, by=who.focal, user=who.reviewer, duty=Duty.REVIEW)
    assert sees(case.persons.get().identity, who.reviewer)
    with pytest.raises(PermissionDenied, match="Only who keeps this source"):
        identities.reveal(kept, by=who.reviewer)
    approve(ask(kept, who.reviewer), who.custodian)
    assert sees(kept, who.reviewer)
    assignments.give_case(case, to=who.reviewer, by=who.focal)
    assert not sees(kept, who.focal)


# Breaking the glass ------------------------------------------------------------------------------


def broken(identity, by, **fields):
    said = {"motive": "Two men wait at the door.", "confirmed": True} | fields
    return identity_requests.break_glass(identity, by=by, **said)


def test_in_an_emergency_the_name_is_open_at_once_for_an_hour_and_two_are_told(who, identity):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        glass = broken(identity, who.reviewer)
        assert told(f"identity:{glass.pk}:emergency") == {who.custodian.pk, who.focal.pk}
        assert sees(identity, who.reviewer)
        clock.shift(dt.timedelta(hours=1))
        assert not sees(identity, who.reviewer)
    other = member(identity.person.case.office, Role.FOCAL_POINT)
    again = broken(identity, other)
    assert told(f"identity:{again.pk}:emergency") == {who.custodian.pk, who.reviewer.pk}


@pytest.mark.parametrize(
    ("fields", "words"), [({"motive": " "}, "Say why"), ({"confirmed": False}, "Confirm")]
)
def test_an_emergency_takes_words_and_a_confirmation(who, identity, fields, words):
    with pytest.raises(Refused, match=words):
        broken(identity, who.reviewer, **fields)
    assert not sees(identity, who.reviewer)


def test_the_glass_is_for_officers_on_the_case(who, case, identity):
    guest = member()
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    assignments.assign_case(case, by=who.focal, user=who.mandate, duty=Duty.SUPPORT)
    for person in (guest, who.mandate, who.custodian, who.mechanism):
        with pytest.raises(PermissionDenied):
            broken(identity, person)


def test_another_person_reviews_it_once_and_it_stays(who, identity):
    glass = broken(identity, who.reviewer)
    with pytest.raises(PermissionDenied, match="another person"):
        identity_requests.review_emergency(glass, by=who.reviewer, justified=True, review="Yes")
    with pytest.raises(Refused, match="Say why"):
        identity_requests.review_emergency(glass, by=who.custodian, justified=True, review="")
    done = identity_requests.review_emergency(
        glass, by=who.custodian, justified=False, review="The lead was at hand."
    )
    assert (done.justified, done.review, done.to_review) == (False, "The lead was at hand.", False)
    assert told(f"identity:{glass.pk}:reviewed") == {who.reviewer.pk}
    with pytest.raises(Stale):
        identity_requests.review_emergency(glass, by=who.custodian, justified=True, review="Yes")
    assert AuditEvent.objects.filter(verb="emergency_unjustified").count() == 1


def test_an_ordinary_request_has_nothing_to_review(who, waiting):
    with pytest.raises(Refused, match="Only an emergency"):
        identity_requests.review_emergency(waiting, by=who.custodian, justified=True, review="Yes")


# The quota ---------------------------------------------------------------------------------------


def test_over_the_quota_nothing_opens_and_the_custodians_are_told(who, identity, settings):
    settings.IDENTITIES_A_DAY = 2
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [sees(identity, who.focal) for _time in range(2)] == [True, True]
        for _time in range(2):
            with pytest.raises(Refused, match="24 hours"):
                identities.reveal(identity, by=who.focal)
        assert AuditEvent.objects.filter(verb="refused_over_quota", actor=who.focal.pk).count() == 2
        assert told(f"quota:{who.focal.pk}:{timezone.localdate()}") == {who.custodian.pk}
        clock.shift(dt.timedelta(days=1, seconds=1))
        assert sees(identity, who.focal)


def test_one_persons_quota_is_not_anothers(who, identity, settings, waiting):
    settings.IDENTITIES_A_DAY = 1
    approve(waiting, who.custodian)
    assert sees(identity, who.focal)
    assert sees(identity, who.reviewer)


def test_a_life_goes_before_the_count(who, identity, settings):
    settings.IDENTITIES_A_DAY = 0
    with pytest.raises(Refused):
        identities.reveal(identity, by=who.focal)
    broken(identity, who.focal)
    assert sees(identity, who.focal)


# For counsel -------------------------------------------------------------------------------------


@pytest.fixture
def second(case):
    return member(case.office, Role.CUSTODIAN)


@pytest.fixture
def ordered(who, identity, second):
    """An officer asks for a name that counsel has to know, after an order."""
    return for_counsel(identity, who.reviewer)


def for_counsel(identity, by):
    return identity_requests.ask_identity(identity, by=by, purpose="counsel", motive=MOTIVE)


def test_counsel_is_told_a_name_when_two_custodians_agree_and_for_an_hour(
    who, identity, ordered, second
):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        approve(ordered, who.custodian, "1h")
        ordered.refresh_from_db()
        assert (ordered.status, ordered.agreed_by) == ("asked", who.custodian)
        assert not sees(identity, who.reviewer)
        with pytest.raises(PermissionDenied, match="another custodian"):
            approve(ordered, who.custodian, "1h")
        approve(ordered, second, "1h")
        opened = identities.reveal(identity, by=who.reviewer, purpose="counsel")
        assert opened["name"] == journey.NAME
        clock.shift(dt.timedelta(hours=1))
        assert not sees(identity, who.reviewer)
    told = AuditEvent.objects.filter(verb__in=["identity_agreed", "identity_approved"])
    assert [event.actor for event in told.order_by("written_at")] == [who.custodian.pk, second.pk]


def test_the_second_custodian_may_say_no(who, identity, ordered, second):
    approve(ordered, who.custodian, "1h")
    identity_requests.refuse_request(ordered, by=second, reason="Counsel can do without.")
    assert not sees(identity, who.reviewer)
    with pytest.raises(Stale):
        approve(ordered, second, "1h")


def test_a_name_for_counsel_opens_for_no_longer(who, ordered):
    with pytest.raises(Refused, match="within the hour"):
        approve(ordered, who.custodian, "8h")


def test_whoever_knows_the_name_opens_it_for_counsel_by_two_alone(who, identity, second):
    assert sees(identity, who.focal)
    with pytest.raises(PermissionDenied, match="two custodians"):
        identities.reveal(identity, by=who.focal, purpose="counsel")


def test_one_custodian_is_not_enough_to_ask(who, identity):
    with pytest.raises(Refused, match="takes two custodians"):
        for_counsel(identity, who.reviewer)


def test_an_agreement_ends_with_the_custodian(who, identity, ordered, second):
    approve(ordered, who.custodian, "1h")
    Membership.objects.filter(user=who.custodian).delete()
    with pytest.raises(Refused, match="no custodian here any more"):
        approve(ordered, second, "1h")
    assert not sees(identity, who.reviewer)


@pytest.mark.parametrize("change", [{"agreement": "Else"}, {"agreed_by": None, "agreed_at": None}])
def test_postgresql_keeps_what_was_agreed(who, ordered, change):
    approve(ordered, who.custodian, "1h")
    row = IdentityRequest.objects.get(pk=ordered.pk)
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
