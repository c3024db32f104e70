"""What was typed and forgotten goes by itself, in both doors, and so do sessions long ended."""

import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Session
from cases import files, tasks
from cases.models import CleanCopy, Draft, EvidenceAttachment, PortalDraft
from cases.models.draft import KEPT_FOR
from cases.services import evidence
from cases.vault import Ring
from tests.factories import journey, member
from tests.samples import picture, upload

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


def test_sealed_files_without_a_row_go_after_a_day(settings):
    who = journey.cast()
    case = journey.recorded(who)
    evidence.record_evidence(case, by=who.focal, kind="PHOTO", upload=upload(picture(), "a.png"))
    journey.examined(case)
    for ring in (Ring.VAULT, Ring.PORTAL):
        files.store(upload(b"nobody's"), place_row=uuid4(), ring=ring)
    kept = set(settings.FILES_DIR.rglob("*.sealed"))
    (next(iter(kept)).parent / "half.part").write_bytes(b"cut")

    tasks.sweep_leftovers()
    assert len(files_in(settings)) == 5  # young: their transaction may still be open

    for path in files_in(settings):
        os.utime(path, (0, time.time() - 25 * 3600))
    tasks.sweep_leftovers()
    rows = [*EvidenceAttachment.objects.all(), *CleanCopy.objects.all()]
    assert {path.stem for path in files_in(settings)} == {str(row.pk) for row in rows}


def files_in(settings):
    return [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]
