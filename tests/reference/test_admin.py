import pytest
from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.forms import Select
from django.test import RequestFactory

from cases.admin import MechanismAdmin, StateAdmin
from cases.models.mechanism import CommunicationRule, Mechanism
from cases.models.state import CouncilTerm, State
from cases.models.template import LetterTemplate
from cases.models.term import Term
from tests.factories import UserFactory

REFERENCE = {State, CouncilTerm, Mechanism, CommunicationRule, Term, LetterTemplate}


def test_the_admin_holds_reference_data_and_nothing_else_of_ours():
    admin.autodiscover()

    ours = set(admin.site._registry)

    assert ours == REFERENCE


@pytest.mark.parametrize("model", sorted(REFERENCE, key=str), ids=lambda model: model.__name__)
def test_nothing_can_be_deleted(model):
    request = RequestFactory().get("/")

    assert not admin.site._registry[model].has_delete_permission(request)


def test_what_is_saved_here_is_ours_until_somebody_says_otherwise(loaded):
    state, site = State.objects.get(pk="CPV"), StateAdmin(State, AdminSite())
    form = site.get_form(RequestFactory().get("/"))

    request = RequestFactory().post("/")
    request.user = UserFactory()

    site.save_model(request, state, form(instance=state), change=True)

    state.refresh_from_db()
    assert state.local is True


def test_a_code_is_chosen_from_its_list(loaded):
    form = MechanismAdmin(Mechanism, AdminSite()).get_form(RequestFactory().get("/"))()

    assert isinstance(form.fields["actor"].widget, Select)
    assert ("SP", "Special procedures") in list(form.fields["actor"].choices)
