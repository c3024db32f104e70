"""Ties to a State, by the page of an administrator."""

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.models import Case, Tie
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


def test_ties_are_written_shown_again_and_weighed(client):
    who = journey.cast()
    case = journey.recorded(who)
    client.force_login(member(OfficeFactory(kind="management"), Role.ADMINISTRATOR))
    url = reverse("person-ties", args=[who.focal.pk])

    client.post(url, {"nationalities": [case.state_id], "seconded_by": case.state_id})

    assert Tie.objects.filter(user=who.focal).count() == 2
    assert "selected" in client.get(url).content.decode()
    assert not Case.objects.visible_to(type(who.focal).objects.get(pk=who.focal.pk)).exists()
    assert Case.objects.get(pk=case.pk).owner is None


def test_members_of_a_mission_have_no_such_page(client):
    who = journey.cast()
    client.force_login(member(OfficeFactory(kind="management"), Role.ADMINISTRATOR))
    assert client.get(reverse("person-ties", args=[who.mission.pk])).status_code == 404
