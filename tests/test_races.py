"""Two people at once, on two connections. These need real commits, so they are slower."""

import datetime as dt
import threading

import pytest
from django.db import connection

from accounts.models import Role
from cases import intake, notices
from cases.clocks import geneva
from cases.lifecycles import CaseMove
from cases.models import (
    AuditEvent,
    Consent,
    Deadline,
    Extension,
    Identity,
    IdentityUserObjectPermission,
    Notice,
    Person,
    Receipt,
    Reply,
)
from cases.models.deadline import DeadlineKind
from cases.refusals import GateShut, MoveRefused, Refused, Stale
from cases.services import (
    assignments,
    cases,
    communications,
    identities,
    identity_requests,
    packages,
    people,
    replies,
    transmission,
)
from cases.services.consents import Touches
from tests.factories import journey, member

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    gate, results = threading.Barrier(len(jobs)), []

    def run(job):
        gate.wait()
        try:
            results.append(job())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return results


def refused(results, kind):
    return [result for result in results if isinstance(result, kind)]


def test_two_editors_the_second_is_told_and_nothing_is_lost():
    who = journey.cast()
    case = journey.recorded(who)

    results = at_once(
        *[
            lambda text=text: cases.edit_case(case, by=who.focal, version=1, narrative=text)
            for text in ("one", "two")
        ]
    )

    [stale] = refused(results, Stale)
    case.refresh_from_db()
    assert case.version == 2
    assert stale.current.narrative == case.narrative


def test_two_clicks_make_one_step():
    who = journey.cast()
    case = journey.recorded(who)
    cases.file_case(case, by=who.focal)

    results = at_once(*[lambda: cases.move_case(case, CaseMove.TRIAGE, by=who.focal)] * 2)

    assert len(refused(results, MoveRefused)) == 1
    assert AuditEvent.objects.filter(verb="case_triage").count() == 1


def test_people_recorded_at_once_get_numbers_and_aliases_of_their_own():
    who = journey.cast()
    case = journey.recorded(who)

    at_once(*[lambda: people.record_person(case, by=who.focal, kind="individual")] * 4)

    assert sorted(Person.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert len(set(case.aliases.values_list("word", flat=True))) == 5


def test_two_transmissions_make_one_package():
    who = journey.cast()
    letter = journey.drafted(journey.decided(who), who)
    digest = journey.cleared(letter, who)

    results = at_once(*[lambda: transmission.transmit(letter, by=who.mechanism, digest=digest)] * 2)

    assert len(refused(results, MoveRefused)) == 1
    assert letter.case.communications.get().package


def test_a_stop_flag_and_a_transmission_at_once_one_of_them_is_first():
    who = journey.cast()
    letter = journey.drafted(journey.decided(who), who)
    digest = journey.cleared(letter, who)

    results = at_once(
        lambda: transmission.transmit(letter, by=who.mechanism, digest=digest),
        lambda: cases.stop_case(letter.case, by=who.focal, reason="A threat"),
    )

    letter.refresh_from_db()
    letter.case.refresh_from_db()
    assert letter.case.stopped_at
    if refused(results, GateShut):
        assert letter.transmitted_at is None
    else:
        assert letter.transmitted_at


def test_a_withdrawal_and_a_transmission_at_once_leave_nothing_unseen():
    """Either the letter stays, or the task to contain it is made: what left in between is shown
    anew before the withdrawal is recorded."""
    who = journey.cast()
    letter = journey.drafted(journey.decided(who), who)
    digest = journey.cleared(letter, who)
    person = letter.case.persons.get()

    results = at_once(
        lambda: transmission.transmit(letter, by=who.mechanism, digest=digest),
        lambda: journey.said(letter.case, who, person=person, scope="STN", status="WITHDRAWN"),
    )

    letter.refresh_from_db()
    entry = next(result for result in results if isinstance(result, Consent | Touches))
    if isinstance(entry, Touches):
        assert letter.transmitted_at
        entry = journey.said(letter.case, who, person=person, scope="STN", status="WITHDRAWN")
    contained = entry.containments.filter(package__communication=letter).exists()
    assert contained is bool(letter.transmitted_at)


def test_two_colleagues_submit_one_reply():
    who = journey.cast()
    package = journey.transmitted(who)
    reply = replies.start_reply(package, by=who.mission)
    reply = replies.save_reply(reply, by=who.mission, version=reply.version, text="We reply.")

    results = at_once(
        *[lambda: replies.submit_reply(reply, by=who.mission, version=reply.version)] * 2
    )

    assert len(refused(results, Refused)) == 1
    assert Reply.objects.get().status == "submitted"
    assert Reply.objects.get().attachments.count() == 1


def test_two_colleagues_who_start_share_one_draft():
    who = journey.cast()
    package = journey.transmitted(who)

    results = at_once(*[lambda: replies.start_reply(package, by=who.mission)] * 3)

    assert len({reply.pk for reply in results}) == 1


def test_two_who_open_a_letter_leave_one_receipt():
    who = journey.cast()
    package = journey.transmitted(who)

    at_once(*[lambda: packages.read_package(package, by=who.mission)] * 3)

    assert Receipt.objects.filter(kind="read").count() == 1


def test_two_workers_take_a_reply_in_once():
    who = journey.cast()
    package = journey.transmitted(who)
    reply = replies.start_reply(package, by=who.mission)
    reply = replies.save_reply(reply, by=who.mission, version=reply.version, text="We reply.")
    replies.submit_reply(reply, by=who.mission, version=reply.version)

    at_once(*[lambda: intake.take_in(package.pk)] * 3)

    assert AuditEvent.objects.filter(verb="case_reply_received").count() == 1
    assert Deadline.objects.filter(kind=DeadlineKind.ASSESSMENT).count() == 1
    assert Notice.objects.filter(key=f"reply:{reply.pk}").count() == 2


def test_two_workers_send_one_mail(mailoutbox):
    who = journey.cast()
    notice = Notice.objects.create(recipient=who.focal, key="something")

    results = at_once(*[lambda: notices.deliver(notice.pk)] * 4)

    assert sorted(results) == [False, False, False, True]
    assert len(mailoutbox) == 1


def test_two_submissions_of_the_same_clearance_clear_once():
    who = journey.cast()
    letter = journey.drafted(journey.decided(who), who)
    communications.ask_clearance(letter, by=who.mechanism)
    digest = communications.composed(communications.whole(letter), by=who.reviewer).digest

    results = at_once(
        *[lambda: communications.clear_letter(letter, by=who.reviewer, digest=digest)] * 2
    )

    assert len(refused(results, MoveRefused)) == 1
    assert AuditEvent.objects.filter(verb="letter_clear").count() == 1
    assert Notice.objects.filter(key__startswith=f"cleared:{letter.pk}").count() == 1


def test_an_edit_and_a_clearance_at_once_never_clear_another_text():
    who = journey.cast()
    letter = journey.drafted(journey.decided(who), who)
    communications.ask_clearance(letter, by=who.mechanism)
    digest = communications.composed(communications.whole(letter), by=who.reviewer).digest

    at_once(
        lambda: communications.clear_letter(letter, by=who.reviewer, digest=digest),
        lambda: communications.edit_letter(letter, by=who.mechanism, version=1, subject="Changed"),
    )

    letter.refresh_from_db()
    made = communications.composed(communications.whole(letter), by=who.reviewer)
    assert letter.cleared_digest in ("", made.digest)


def test_a_request_for_time_is_decided_once():
    who = journey.cast()
    package = journey.transmitted(who)
    until = geneva(package.due_at).date() + dt.timedelta(days=9)
    asked = packages.ask_extension(package, by=who.mission, until=until, reason="Time.")

    results = at_once(
        lambda: packages.decide_extension(asked, by=who.reviewer, grant=True),
        lambda: packages.decide_extension(asked, by=who.mechanism, grant=False, answer="No."),
    )

    assert len(refused(results, Stale)) == 1
    asked.refresh_from_db()
    package.refresh_from_db()
    assert (geneva(package.due_at).date() == until) is (asked.decision == "granted")
    assert Notice.objects.filter(key=f"extension:{asked.pk}:decided").count() == 1


def test_two_requests_for_time_at_once_are_one():
    who = journey.cast()
    package = journey.transmitted(who)
    until = geneva(package.due_at).date() + dt.timedelta(days=9)

    results = at_once(
        *[lambda: packages.ask_extension(package, by=who.mission, until=until, reason="T.")] * 2
    )

    assert len(refused(results, Refused)) == 1
    assert Extension.objects.count() == 1


def test_two_who_keep_an_identity_for_the_first_time_lose_nothing():
    who = journey.cast()
    case = journey.recorded(who)
    person = people.record_person(case, by=who.focal, kind="individual")

    results = at_once(
        *[
            lambda name=name: identities.keep_identity(person, by=who.focal, content={"name": name})
            for name in ("Wren Aldersey", "Tamsin Overbeck")
        ]
    )

    [stale] = refused(results, Stale)
    kept = Identity.objects.get(person=person)
    assert (kept.version, stale.current.content) == (1, kept.content)


def test_an_assignment_is_ended_by_one():
    who = journey.cast()
    case = journey.recorded(who)
    journey.shareable(case, who)
    office = journey.office_of(who.mechanism)
    given = assignments.assign_case(case, by=who.focal, office=office, duty="letter")

    results = at_once(
        *[
            lambda by=by: assignments.end_assignment(given, by=by)
            for by in (who.focal, who.reviewer)
        ]
    )

    [ended] = [result for result in results if not isinstance(result, Exception)]
    assert len(refused(results, Refused)) == 1
    assert type(given).objects.get(pk=given.pk).ended_by_id == ended.ended_by_id


def test_two_custodians_decide_once():
    who = journey.cast()
    identity = journey.recorded(who).persons.get().identity
    second = member(identity.person.case.office, Role.CUSTODIAN)
    asked = identity_requests.ask_identity(
        identity, by=who.reviewer, purpose="contact", motive="To call"
    )

    results = at_once(
        lambda: identity_requests.approve_request(
            asked, by=who.custodian, period="1h", reason="Yes"
        ),
        lambda: identity_requests.refuse_request(asked, by=second, reason="No"),
    )

    assert len(refused(results, Stale)) == 1
    asked.refresh_from_db()
    approved = asked.status == "approved"
    assert IdentityUserObjectPermission.objects.exists() is approved
    assert asked.decided_by == (who.custodian if approved else second)


def test_what_a_custodian_takes_back_is_seen_before_it_or_not_at_all():
    who = journey.cast()
    identity = journey.recorded(who).persons.get().identity
    asked = identity_requests.ask_identity(
        identity, by=who.reviewer, purpose="contact", motive="To call"
    )
    identity_requests.approve_request(asked, by=who.custodian, period="1h", reason="Yes")

    at_once(
        lambda: identity_requests.end_request(asked, by=who.custodian),
        *[lambda: identities.reveal(identity, by=who.reviewer)] * 3,
    )

    told = AuditEvent.objects.filter(verb__in=["revealed", "refused", "identity_ended"])
    verbs = list(told.order_by("written_at").values_list("verb", flat=True))
    after = verbs[verbs.index("identity_ended") + 1 :]
    assert len(verbs) == 4
    assert "revealed" not in after


def test_the_quota_holds_for_many_hands_at_once(settings):
    settings.IDENTITIES_A_DAY = 2
    who = journey.cast()
    kept = [journey.recorded(who).persons.get().identity for _case in range(4)]

    results = at_once(*[lambda one=one: identities.reveal(one, by=who.focal) for one in kept])

    assert len(refused(results, Refused)) == 2
    assert AuditEvent.objects.filter(verb="revealed").count() == 2
