import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from cases.models.mechanism import CommunicationRule, Mechanism
from cases.models.template import LetterTemplate


def test_windows_are_found_by_mechanism_and_type(loaded):
    letter = CommunicationRule.objects.get(mechanism="SP-HRD", type="AL")
    statement = CommunicationRule.objects.get(mechanism="SP-HRD", type="STM")
    treaty_body = CommunicationRule.objects.get(mechanism="TB-CAT", type="LET")

    assert (letter.response_days, letter.confidentiality_days) == (60, 60)
    assert (statement.response_days, statement.confidentiality_days) == (None, None)
    assert (treaty_body.response_days, treaty_body.confidentiality_days) == (None, None)


def test_a_mechanism_is_called_in_the_language_of_the_reader(loaded):
    mechanism = Mechanism.objects.get(pk="TB-CAT")

    with override("es"):
        assert mechanism.name == "Comité contra la Tortura"
    assert str(mechanism) == "Committee against Torture (TB-CAT)"


def test_a_renewal_that_nobody_saw_is_unknown_not_false(loaded):
    assert Mechanism.objects.filter(active=None).count() == 36
    assert set(Mechanism.objects.filter(active=False).values_list("pk", flat=True)) == {
        "SP-SLAVERY",
        "SP-TRAFF",
    }


@pytest.mark.parametrize("column", ["response_days", "confidentiality_days"])
def test_a_window_is_at_least_a_day(loaded, column):
    rule = CommunicationRule.objects.filter(mechanism="SP-HRD", type="AL")

    with pytest.raises(IntegrityError, match="windows_are_at_least_a_day"), transaction.atomic():
        rule.update(**{column: 0})


def test_one_rule_for_a_mechanism_and_type(loaded):
    with (
        pytest.raises(IntegrityError, match="one_rule_for_a_mechanism_and_type"),
        transaction.atomic(),
    ):
        CommunicationRule.objects.create(mechanism_id="SP-HRD", type="AL")


def test_one_active_template_for_a_letter(loaded):
    copy = LetterTemplate.objects.get(code="UA")
    copy.pk, copy.code = None, "UA-2"

    with (
        pytest.raises(IntegrityError, match="one_active_template_for_a_letter"),
        transaction.atomic(),
    ):
        copy.save(force_insert=True)
