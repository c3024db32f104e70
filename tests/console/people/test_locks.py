"""The emergency brake by its pages: set, what was read, lifted by another."""

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.models import Lock
from cases.services import locks
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def admin():
    return member(OfficeFactory(kind="management"), Role.ADMINISTRATOR)


def test_one_action_locks_and_shows_what_was_read(client, who, admin):
    case = journey.recorded(who)
    client.force_login(who.focal)
    client.get(reverse("case-detail", args=[case.pk]))
    client.force_login(admin)
    answer = client.post(reverse("lock-set"), {"person": who.focal.pk, "reason": "Phished"})

    lock = Lock.objects.get(user=who.focal)
    assert answer["Location"] == reverse("lock-detail", args=[lock.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "the case" in page and "a case of another office" in page
    assert case.reference not in page and str(case.pk) not in page


def test_a_reviewer_of_the_case_reads_which_it_was(client, who):
    case = journey.recorded(who)
    client.force_login(who.focal)
    client.get(reverse("case-detail", args=[case.pk]))
    lock = locks.lock_person(who.focal, by=who.reviewer, reason="Phished")
    client.force_login(who.reviewer)
    page = client.get(reverse("lock-detail", args=[lock.pk])).content.decode()
    assert case.reference in page
    assert "Another person lifts this lock" in page


def test_another_person_lifts_it(client, who, admin):
    lock = locks.lock_person(who.focal, by=who.reviewer, reason="Phished")
    client.force_login(admin)
    url = reverse("lock-detail", args=[lock.pk])
    assert client.post(url, {"reason": ""}).status_code == 200
    client.post(url, {"reason": "New laptop, spoke to them"})
    lock.refresh_from_db()
    assert lock.lifted_by == admin
    assert "New laptop" in client.get(url).content.decode()


def test_a_person_or_an_office_not_both_and_nothing_typed_is_lost(client, who, admin):
    client.force_login(admin)
    office = journey.office_of(who.focal)
    typed = {"person": who.focal.pk, "office": office.pk, "reason": "Searched this morning"}
    page = client.post(reverse("lock-set"), typed)
    assert page.status_code == 200 and b"Searched this morning" in page.content
    assert not Lock.objects.exists()
    client.post(reverse("lock-set"), {"office": office.pk, "reason": "Searched"})
    assert Lock.objects.get().office == office


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.CUSTODIAN, Role.AUDITOR, Role.ANALYST])
def test_nobody_else_finds_these_pages(client, who, role):
    lock = locks.lock_person(who.focal, by=who.reviewer, reason="Phished")
    client.force_login(member(journey.office_of(who.reviewer), role))
    for url in (
        reverse("lock-list"),
        reverse("lock-set"),
        reverse("lock-detail", args=[lock.pk]),
        reverse("person-ties", args=[who.focal.pk]),
    ):
        assert client.get(url).status_code == 404, url


def test_a_long_list_goes_on_by_its_end(client, who, admin):
    case = journey.recorded(who)
    client.force_login(who.focal)
    for _look in range(60):
        client.get(reverse("case-timeline", args=[case.pk]))
    lock = locks.lock_person(who.focal, by=admin, reason="Phished")
    client.force_login(admin)
    url = reverse("lock-detail", args=[lock.pk])
    first = client.get(url)
    after = first.context["reads"].page.after
    second = client.get(url, {"after": after})
    ids = [{row.event.pk for row in page.context["reads"].rows} for page in (first, second)]
    assert len(ids[0]) == 50 and ids[1] and not ids[0] & ids[1]
