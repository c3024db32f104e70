"""What is due, held, asked for and signed: by the pages of reviewers."""

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.models import Disposal, Hold
from tests.factories import journey, member
from tests.test_retention import CANARY, closed

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def test_one_asks_another_approves(client, who):
    case = closed(who)
    client.force_login(who.reviewer)
    page = client.get(reverse("retention-list")).content.decode()
    assert case.reference in page and CANARY not in page
    dry = client.get(reverse("case-dispose", args=[case.pk])).content.decode()
    assert "shred" in dry and "1" in dry and CANARY not in dry
    client.post(reverse("case-dispose", args=[case.pk]))
    disposal = Disposal.objects.get()
    asked = client.get(reverse("retention-list"))
    assert not asked.context["due"] and list(asked.context["disposals"]) == [disposal]
    url = reverse("disposal-decide", args=[disposal.pk])
    assert b'value="approve"' not in client.get(url).content
    client.post(url, {"answer": "approve"})
    disposal.refresh_from_db()
    assert disposal.approved_at is None

    client.force_login(member(journey.office_of(who.reviewer), Role.REVIEWER))
    assert b'value="approve"' in client.get(url).content
    client.post(url, {"answer": "approve"})
    disposal.refresh_from_db()
    assert disposal.approved_at


def test_hold_and_lift_from_the_case(client, who):
    case = closed(who)
    client.force_login(who.reviewer)
    assert client.post(reverse("case-hold", args=[case.pk]), {"reason": ""}).status_code == 200
    client.post(reverse("case-hold", args=[case.pk]), {"reason": "A court asks"})
    hold = Hold.objects.get()
    detail = client.get(reverse("case-detail", args=[case.pk])).content.decode()
    assert "nothing is destroyed" in detail
    assert case.reference in client.get(reverse("retention-list")).content.decode()
    client.force_login(member(journey.office_of(who.reviewer), Role.REVIEWER))
    client.post(reverse("hold-lift", args=[hold.pk]))
    hold.refresh_from_db()
    assert hold.lifted_at


def test_others_are_refused_and_strangers_find_nothing(client, who):
    case = closed(who)
    client.force_login(who.focal)
    for name in ("case-hold", "case-dispose"):
        assert client.get(reverse(name, args=[case.pk])).status_code == 403
    assert client.get(reverse("retention-list")).status_code == 403
    client.force_login(member(role=Role.REVIEWER))
    assert client.get(reverse("case-dispose", args=[case.pk])).status_code == 404
    assert case.reference not in client.get(reverse("retention-list")).content.decode()


def test_the_list_asks_as_often_for_many_as_for_one(client, who, django_assert_max_num_queries):
    for _case in range(3):
        closed(who)
    client.force_login(who.reviewer)
    with django_assert_max_num_queries(24):
        client.get(reverse("retention-list"))
