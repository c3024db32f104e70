"""What was typed and forgotten goes by itself, in both doors, and so do sessions long ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Session
from cases import tasks
from cases.models import Draft, PortalDraft
from cases.models.draft import KEPT_FOR
from tests.factories import member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Draft, PortalDraft])
def test_typed_work_goes_when_nobody_comes_back_for_it(model):
    user = member()
    for path, age in (("/new/", timedelta(days=13)), ("/old/", KEPT_FOR + timedelta(hours=1))):
        row = model.objects.create(user=user, path=path, content={"name": ["Wren Aldersey"]})
        model.objects.filter(pk=row.pk).update(saved_at=timezone.now() - age)

    tasks.sweep_leftovers()

    assert [row.path for row in model.objects.all()] == ["/new/"]


def test_an_ended_session_stays_as_long_as_typed_work_may():
    for key, age in (("young", timedelta(days=1)), ("old", KEPT_FOR + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() - age)

    tasks.sweep_leftovers()

    assert [row.session_key for row in Session.objects.all()] == ["young"]
