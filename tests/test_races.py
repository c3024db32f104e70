"""Two people at once, on two connections. These need real commits, so they are slower."""

import threading

import pytest
from django.db import connection

from cases import intake, notices
from cases.lifecycles import CaseMove
from cases.models import AuditEvent, Deadline, Notice, Person, Receipt, Reply
from cases.models.deadline import DeadlineKind
from cases.refusals import MoveRefused, Refused, Stale
from cases.services import cases, packages, people, replies, transmission
from tests.factories import journey

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
