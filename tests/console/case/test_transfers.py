"""Offering a case to another office, and its answer: by the pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases.models import AuditEvent, Case, Transfer
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db

SECRET = "Kestrel narrative"


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    case = journey.recorded(who)
    case.narrative = SECRET
    case.version += 1
    case.save()
    return case


@pytest.fixture
def there():
    return member(OfficeFactory(), Role.FOCAL_POINT)


@pytest.fixture
def transfer(client, case, who, there):
    client.force_login(who.reviewer)
    day = timezone.localdate() + dt.timedelta(days=5)
    sent = {"to": journey.office_of(there).pk, "reason": "Their State"}
    sent |= {"until_0": day.day, "until_1": day.month, "until_2": day.year, "until": day}
    client.post(reverse("case-transfer", args=[case.pk]), sent)
    return Transfer.objects.get()


def test_the_other_office_reads_codes_and_the_reason_only(client, case, there, transfer):
    client.force_login(there)
    url = reverse("transfer-answer", args=[transfer.pk])
    home = client.get("/").content.decode()
    assert url in home and "Nothing waits for you" not in home
    page = client.get(url).content.decode()
    assert "Their State" in page and case.label.split(" · ")[0] in page
    assert SECRET not in page and case.reference not in page
    assert client.get(reverse("case-detail", args=[case.pk])).status_code == 404
    assert AuditEvent.objects.filter(noun="transfer", verb="read", actor=there.pk).count() == 1


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_it_accepts_or_declines(client, there, transfer, answer):
    client.force_login(there)
    client.post(reverse("transfer-answer", args=[transfer.pk]), {"answer": answer})
    assert (Case.objects.get().owner == there) is (answer == "accept")
    assert client.get(reverse("transfer-answer", args=[transfer.pk])).status_code == 404


def test_the_giving_office_withdraws_it_and_strangers_find_nothing(client, case, who, transfer):
    client.force_login(member())
    for name in ("transfer-answer", "transfer-withdraw"):
        assert client.get(reverse(name, args=[transfer.pk])).status_code == 404
    client.force_login(who.focal)
    assert client.get(reverse("transfer-withdraw", args=[transfer.pk])).status_code == 403
    client.force_login(who.reviewer)
    url = reverse("transfer-withdraw", args=[transfer.pk])
    assert url in client.get(reverse("case-detail", args=[case.pk])).content.decode()
    client.post(url)
    transfer.refresh_from_db()
    assert transfer.answer == "withdrawn"
