"""Whose word counts for a mandate."""

import pytest

from accounts.models import Office, User
from cases.services import mandates
from tests.factories import journey

pytestmark = pytest.mark.django_db


def test_a_closed_office_holds_no_mandate():
    holder = journey.cast().mandate
    assert mandates.mandates_held(holder) == {"SP-HRD"}

    Office.objects.filter(mechanisms="SP-HRD").update(active=False)

    assert mandates.mandates_held(User.objects.get(pk=holder.pk)) == set()
