"""Taking a consent back in the browser: seen first, then recorded, kept, and contained."""

import pytest
from django.urls import reverse

from accounts.models import OfficeKind, Role
from cases.models import AuditEvent, Consent, Containment
from cases.services import assignments, communications, packages, people
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    package = journey.transmitted(who)
    packages.read_package(package, by=who.mission)
    return package.communication.case


@pytest.fixture
def focal(client, who):
    client.force_login(who.focal)
    return client


def answer(client, case, **fields):
    """The form as the browser sends it, with whatever it carries hidden."""
    url = reverse("part-add", args=[case.pk, "consent"])
    form = client.get(url).context["form"]
    hidden = {name: form[name].value() or "" for name in ("row", "seen")}
    said = {
        "person": case.persons.first().pk,
        "scope": "STN",
        "status": "WITHDRAWN",
        "given_on": "2026-01-02",
    }
    return client.post(url, {**hidden, **said, **fields})


def test_all_that_it_touches_is_shown_before_it_is_recorded(focal, case, who):
    letter = journey.drafted(case, who)
    first = answer(focal, case, witness="A neighbour")
    page = first.content.decode()

    assert not Consent.objects.filter(case=case, status="WITHDRAWN").exists()
    assert "It is not recorded yet." in page and "A neighbour" in page
    package = case.communications.exclude(pk=letter.pk).get().package
    assert package.code in page and "Opened Today" in page and case.state.name in page
    assert reverse("letter-detail", args=[letter.pk]) in page

    seen = first.context["form"]["seen"].value()
    second = answer(focal, case, seen=seen, witness="A neighbour")
    entry = Consent.objects.get(case=case, status="WITHDRAWN")
    assert second.status_code == 302
    assert entry.witness == "A neighbour" and list(entry.reopened.all()) == [letter]


def test_an_answer_that_takes_nothing_away_is_saved_at_once(focal, case):
    assert answer(focal, case, scope="PBN", status="REFUSED").status_code == 302


def test_the_case_says_so_and_leads_to_what_was_touched(focal, case, who):
    entry = withdrawn(case, who)
    page = focal.get(reverse("case-detail", args=[case.pk])).content.decode()
    url = reverse("withdrawal", args=[entry.pk])
    assert "Taken back after something had left" in page and url in page
    assert "3 things to contain" not in page and "2 things to contain" in page

    shown = focal.get(url).content.decode()
    assert "Ask the State not to use it" in shown and "Tell the person" in shown
    assert AuditEvent.objects.filter(verb="read", case=case.pk, actor=who.focal.pk).exists()


def withdrawn(case, who):
    return journey.said(case, who, person=case.persons.first(), scope="STN", status="WITHDRAWN")


def test_a_task_is_closed_in_words_and_handed_on(focal, case, who):
    task = withdrawn(case, who).containments.get(kind="letter")
    url = reverse("containment-close", args=[task.pk])
    refused = focal.post(url, {"move": "finish", "words": ""})
    assert refused.status_code == 200 and "aria-invalid" in refused.content.decode()

    give = reverse("containment-give", args=[task.pk])
    assert focal.post(give, {"to": who.reviewer.pk}).status_code == 302
    done = focal.post(url, {"move": "give_up", "words": "The mission answered no."})
    home = reverse("withdrawal", args=[task.consent_id])
    assert done.status_code == 302 and done.url == home
    task.refresh_from_db()
    assert (task.status, task.owner, task.closed_by) == ("not_possible", who.reviewer, who.focal)
    shown = focal.get(home).content.decode()
    assert "The mission answered no." in shown and "Not possible" in shown


def test_a_letter_that_was_reopened_says_why(focal, case, who):
    letter = journey.drafted(case, who)
    withdrawn(case, who)
    page = focal.get(reverse("letter-detail", args=[letter.pk])).content.decode()
    assert "Re-opened: consent was taken back" in page
    assert "V-1, To the State, without name: Withdrawn" in page


def test_strangers_and_colleagues_without_the_role_change_nothing(client, case, who):
    entry = withdrawn(case, who)
    task = entry.containments.first()
    acts = [("containment-close", task.pk), ("containment-give", task.pk)]
    client.force_login(member())
    for name, pk in [("withdrawal", entry.pk), *acts]:
        assert client.get(reverse(name, args=[pk])).status_code == 404
    client.force_login(who.mandate)
    assert client.get(reverse("withdrawal", args=[entry.pk])).status_code == 200
    for name, pk in acts:
        assert client.get(reverse(name, args=[pk])).status_code == 403
    assert not Containment.objects.exclude(closed_at=None).exists()


def test_the_page_costs_the_same_however_much_had_left(
    focal, case, who, django_assert_max_num_queries
):
    for _n in range(4):
        office = OfficeFactory.create(kind=OfficeKind.ENTITY)
        guest = member(office, Role.REVIEWER)
        assignments.assign_case(case, by=who.focal, office=office, duty="support")
        assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    entry = journey.said(case, who, person=case.persons.first(), scope="STO", status="WITHDRAWN")
    assert entry.containments.count() == 11
    with django_assert_max_num_queries(24):
        focal.get(reverse("withdrawal", args=[entry.pk]))


# Conditions ---------------------------------------------------------------------------------------


def test_conditions_are_read_beside_the_letter_and_answered_for(client, who):
    case = journey.decided(who)
    entry = journey.said(
        case,
        who,
        person=case.persons.get(),
        scope="STN",
        status="CONDITIONS",
        conditions="Only months, no days.",
        withheld=["place"],
    )
    letter = journey.drafted(case, who)
    client.force_login(who.mechanism)
    url = reverse("letter-conditions", args=[letter.pk, entry.pk])
    assert url in client.get(reverse("letter-detail", args=[letter.pk])).content.decode()

    page = client.get(url)
    shown = page.content.decode()
    assert "Only months, no days." in shown and "Place" in shown
    stale = client.post(url, {"digest": "0" * 64, "words": "Months only."})
    assert "The text changed while you were reading" in stale.content.decode()
    assert "Months only." in stale.content.decode()
    digest = communications.composed(communications.whole(letter), by=who.mechanism).digest
    assert client.post(url, {"digest": digest, "words": "Months only."}).status_code == 302
    assert letter.fulfilments.get().words == "Months only."
    after = client.get(reverse("letter-detail", args=[letter.pk])).content.decode()
    assert url not in after and f"{who.mechanism.name}: Months only." in after


def test_sharing_outside_asks_for_the_conditions_of_it(focal, who):
    case = journey.decided(who)
    people.record_person(case, by=who.focal, kind="individual")
    url = reverse("case-assign", args=[case.pk])
    assert "conditions_met" not in focal.get(url).context["form"].fields
    journey.consented(case, who)
    journey.assessed_risk(case, who)
    journey.said(
        case,
        who,
        person=case.persons.first(),
        scope="UNI",
        status="CONDITIONS",
        conditions="Not the field office.",
    )
    form = focal.get(url).context["form"]
    assert "V-1: Not the field office." in form.fields["conditions_met"].help_text
    office = OfficeFactory.create(kind=OfficeKind.ENTITY)
    typed = {"office": office.pk, "duty": "support", "conditions_met": ""}
    refused = focal.post(url, typed)
    assert "Conditions of V-1" in refused.content.decode()
    assert focal.post(url, {**typed, "conditions_met": "It is not."}).status_code == 302


def test_a_person_who_came_after_the_case_was_shared_is_not_forgotten(focal, who):
    case = journey.decided(who)
    url = reverse("case-detail", args=[case.pk])
    assert "Shared without consent" not in focal.get(url).content.decode()
    people.record_person(case, by=who.focal, kind="individual")
    page = focal.get(url).content.decode()
    assert "Shared without consent" in page and "V-2 did not allow it" in page
