"""The demonstration tells its cases by the services that people use, so it keeps their rules."""

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, IdentityRequest, Package, Reply, State
from cases.vocabulary import Stage

pytestmark = pytest.mark.django_db


def test_demo_is_told_once_and_marked_as_invented(settings, capsys):
    settings.SYNTHETIC = True
    for _twice in range(2):
        call_command("load_demo")

    assert "9 synthetic cases." in capsys.readouterr().out
    stages = set(Case.objects.values_list("stage", flat=True))
    assert stages >= {Stage.INTAKE, Stage.VERIFY, Stage.TRANSMIT, Stage.AWAIT, Stage.ASSESS}
    assert Case.objects.count() == 9
    assert Package.objects.exists() and Reply.objects.submitted().exists()
    assert not Case.objects.exclude(state__in=State.objects.filter(status="synthetic")).exists()


def test_demo_shows_names_asked_for_waiting_past_and_in_an_emergency(settings):
    settings.SYNTHETIC = True
    call_command("load_demo")

    rows = list(IdentityRequest.objects.all())
    told = {(row.emergency, row.standing, row.to_review) for row in rows}
    assert len(rows) == 3
    assert told == {
        (False, "asked", False),
        (False, "ended", False),
        (True, "approved", True),
    }


def test_demo_never_comes_where_data_are_real(settings):
    settings.SYNTHETIC = False
    with pytest.raises(CommandError, match="SYNTHETIC"):
        call_command("load_demo")
