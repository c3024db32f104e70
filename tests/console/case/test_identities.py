"""A name is shown to who is assigned, in one answer, and written down; to nobody else, nowhere."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Role, Session
from cases.models import AuditEvent, Identity
from cases.services import assignments, identities
from tests.factories import journey, member

pytestmark = pytest.mark.django_db

CONTACT = "+000 555 0100 22"


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def identity(case):
    return Identity.objects.get(person__case=case)


@pytest.fixture
def ask(client, identity):
    def asked(user):
        client.force_login(user)
        return client.post(reverse("identity-reveal", args=[identity.pk]))

    return asked


def written(case, verb):
    return AuditEvent.objects.filter(case=case.pk, verb=verb, read=True)


def test_owner_sees_the_name_and_how_to_reach_the_person(ask, case, who):
    response = ask(who.focal)

    shown = response.content.decode()
    assert journey.NAME in shown
    assert CONTACT in shown
    assert response.headers["Cache-Control"] == "no-store, private"
    event = written(case, "revealed").get()
    assert event.actor == who.focal.pk
    assert event.detail == {"of": "V-1", "purpose": "work"}
    assert not written(case, "read").exists()


def test_name_hides_by_the_clock_and_at_a_press(ask, client, identity, case, who):
    shown = ask(who.focal).content.decode()

    assert shown.count("data-hide-at=") == 2  # the name, and the panel of contacts
    assert "<template data-masked>" in shown
    assert reverse("identity-hide", args=[identity.pk]) in shown

    back = client.post(reverse("identity-hide", args=[identity.pk]))
    assert back.url == f"{reverse('case-detail', args=[case.pk])}#people"


def test_name_stands_in_one_answer_and_nowhere_else(ask, client, case, who):
    shown = ask(who.focal).content.decode()

    title = shown.partition("<title>")[2].partition("</title>")[0]
    assert journey.NAME not in title
    for session in Session.objects.all():
        assert journey.NAME not in str(session.get_decoded())
    assert journey.NAME not in str(client.cookies)
    kept = cache._cache.get_client()
    assert not [key for key in kept.keys("*") if b"Quillon" in (kept.dump(key) or b"")]
    assert journey.NAME not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert journey.NAME not in client.get(reverse("case-detail", args=[case.pk])).content.decode()


def test_somebody_assigned_by_name_sees_it(ask, case, who):
    journey.shareable(case, who)
    assignments.assign_case(case, by=who.focal, user=who.mechanism, duty="support")

    assert journey.NAME in ask(who.mechanism).content.decode()


def test_office_that_is_assigned_does_not_know_names(ask, case, who):
    journey.shareable(case, who)
    office = journey.office_of(who.mechanism)
    assignments.assign_case(case, by=who.focal, office=office, duty="letter")

    response = ask(who.mechanism)

    assert response.status_code == 403
    assert journey.NAME not in response.content.decode()


def test_reviewer_of_the_office_who_is_not_assigned_is_refused_in_words(ask, case, who):
    response = ask(who.reviewer)

    assert response.status_code == 403
    shown = response.content.decode()
    assert "Only officers assigned to the case by name may see names." in shown
    assert journey.NAME not in shown
    assert written(case, "refused").get().actor == who.reviewer.pk
    assert not written(case, "revealed").exists()


def test_mandate_holder_is_refused_even_if_assigned(ask, case, who):
    journey.shareable(case, who)
    assignments.assign_case(case, by=who.focal, user=who.mandate, duty="support")

    assert ask(who.mandate).status_code == 403
    assert written(case, "refused").count() == 1


def test_guest_is_refused(ask, case, who):
    guest = member(role=Role.FOCAL_POINT)
    assignments.show_case(case, to=guest, by=who.reviewer, reason="To advise")

    assert ask(guest).status_code == 403


def test_button_stands_where_it_opens(client, case, identity, who):
    url, page = (
        reverse("identity-reveal", args=[identity.pk]),
        reverse("case-detail", args=[case.pk]),
    )

    for user, there in ((who.focal, True), (who.reviewer, False)):
        client.force_login(user)
        assert (url in client.get(page).content.decode()) is there


def test_person_without_an_identity_has_nothing_to_show(client, case, who):
    client.force_login(who.focal)

    shown = client.get(reverse("case-detail", args=[case.pk])).content.decode()

    assert shown.count("/reveal/") == 1  # the two sources have none
    assert "no name kept" in shown


def test_source_is_shown_in_its_own_row(client, case, who):
    source = case.sources.first()
    kept = identities.keep_identity(source, by=who.focal, content={"name": "Orlen Vastwick"})
    client.force_login(who.focal)

    shown = client.post(reverse("identity-reveal", args=[kept.pk])).content.decode()

    assert "Orlen Vastwick" in shown
    assert journey.NAME not in shown


def test_markup_in_a_name_stays_characters(client, case, who):
    source = case.sources.first()
    kept = identities.keep_identity(source, by=who.focal, content={"name": "<b>Orlen</b>"})
    client.force_login(who.focal)

    shown = client.post(reverse("identity-reveal", args=[kept.pk])).content.decode()

    assert "&lt;b&gt;Orlen&lt;/b&gt;" in shown
