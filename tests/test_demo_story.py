"""The demonstration tells its cases by the services that people use, so it keeps their rules."""

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Package, Reply, State
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


def test_demo_never_comes_where_data_are_real(settings):
    settings.SYNTHETIC = False
    with pytest.raises(CommandError, match="SYNTHETIC"):
        call_command("load_demo")
