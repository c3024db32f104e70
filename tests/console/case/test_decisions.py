"""Moving, concluding, stopping and protecting by the pages, and each refusal in words."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from cases import gates
from cases.console.case.ahead import GRAVE, needed
from cases.lifecycles import CASE_MOVES, CaseMove
from cases.models import AuditEvent
from cases.policy import May
from cases.services import assignments, cases, elements, risks
from cases.vocabulary import Stage, Verification
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def press(client):
    """A POST by somebody; what is said afterwards, and where the case stands."""

    def pressed(name, case, user, *args, **data):
        client.force_login(user)
        response = client.post(reverse(name, args=[case.pk, *args]), data)
        case.refresh_from_db()
        return response, [str(message) for message in get_messages(response.wsgi_request)]

    return pressed


def events(case, verb, **where):
    return AuditEvent.objects.filter(case=case.pk, verb=verb, **where)


# The whole way by its buttons -------------------------------------------------------------------


def test_case_walks_its_way_by_the_buttons(press, case, who):
    cases.file_case(case, by=who.focal)
    for move in ("triage", "ask_consent"):
        press("case-move", case, who.focal, move)
    journey.consented(case, who)
    press("case-move", case, who.focal, "assess_risk")
    journey.assessed_risk(case, who)
    press("case-move", case, who.focal, "verify")
    press("case-conclude", case, who.reviewer, conclusion="RGB")
    press("case-move", case, who.focal, "put_to_decision")
    response, said = press("case-move", case, who.reviewer, "prepare_letter")

    assert case.stage == Stage.TRANSMIT
    assert response.url == reverse("case-detail", args=[case.pk])
    assert "The case now stands at: Transmission." in said
    steps = ["triage", "ask_consent", "assess_risk", "verify", "put_to_decision", "prepare_letter"]
    for step in steps:
        assert events(case, f"case_{step}").count() == 1
    assert events(case, "concluded").count() == 1


def test_a_press_is_no_look_at_the_case(press, case, who):
    cases.file_case(case, by=who.focal)

    press("case-move", case, who.focal, "triage")

    assert not events(case, "read").exists()


def test_second_press_of_a_step_is_refused_in_words(press, case, who):
    cases.file_case(case, by=who.focal)
    press("case-move", case, who.focal, "triage")

    _response, said = press("case-move", case, who.focal, "triage")

    assert said[-1] == "This step is not possible where the case stands now."
    assert events(case, "case_triage").count() == 1


# Gates shown are gates refused ------------------------------------------------------------------


def unfiled(who):
    return journey.recorded(who)


def without_consent(who):
    case = unfiled(who)
    cases.file_case(case, by=who.focal)
    for move in (CaseMove.TRIAGE, CaseMove.ASK_CONSENT):
        cases.move_case(case, move, by=who.focal)
    return case


def without_risk(who):
    case = without_consent(who)
    journey.consented(case, who)
    cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    return case


def without_conclusion(who):
    case = without_risk(who)
    journey.assessed_risk(case, who)
    cases.move_case(case, CaseMove.VERIFY, by=who.focal)
    return case


def without_grounds(who):
    """Concluded otherwise, and stopped: two gates at once."""
    case = without_conclusion(who)
    cases.conclude(case, Verification.UNV, by=who.reviewer)
    cases.move_case(case, CaseMove.PUT_TO_DECISION, by=who.focal)
    cases.stop_case(case, by=who.focal, reason="Fear")
    return case


SHUT = [
    (unfiled, "triage", "focal", 1),
    (without_consent, "assess_risk", "focal", 1),
    (without_risk, "verify", "focal", 1),
    (without_conclusion, "put_to_decision", "focal", 1),
    (without_grounds, "prepare_letter", "reviewer", 2),
]


@pytest.mark.parametrize("row", SHUT, ids=lambda row: row[1])
def test_every_gate_that_is_shown_shut_is_the_reason_of_the_refusal(client, press, who, row):
    state, move, by, reasons = row
    case, user = state(who), getattr(who, by)
    case.refresh_from_db()
    client.force_login(user)
    page = client.get(reverse("case-detail", args=[case.pk]))
    step = page.context["ahead"].first
    stage = case.stage

    _response, said = press("case-move", case, user, move)

    assert step.move == move
    assert len(step.shut) == reasons
    assert said == [f"{gate.title}: {gate.reason}" for gate in step.shut]
    assert case.stage == stage
    shown = page.content.decode()
    assert 'aria-disabled="true"' in shown
    for gate in step.shut:
        assert gate.title in shown
        assert gate.reason in shown
        assert f'id="{gate.section}"' in shown


def test_open_gates_are_those_that_let_pass(client, press, who):
    case = without_conclusion(who)
    cases.conclude(case, Verification.RGB, by=who.reviewer)
    client.force_login(who.focal)

    step = client.get(reverse("case-detail", args=[case.pk])).context["ahead"].first
    press("case-move", case, who.focal, "put_to_decision")

    assert step.open
    assert [gate.state for gate in step.gates] == [gates.GateState.OPEN]
    assert case.stage == Stage.DECIDE


# Asking before what is grave --------------------------------------------------------------------


def test_every_decision_is_asked_about():
    assert {move for move in CaseMove if needed(move) == May.DECIDE_CASE} <= GRAVE.keys()
    assert all(CASE_MOVES[move].by_person for move in GRAVE)


def test_grave_step_says_what_happens_before_it_does(client, who):
    case = without_conclusion(who)
    client.force_login(who.reviewer)

    shown = client.get(reverse("case-move", args=[case.pk, "close"])).content.decode()

    assert str(GRAVE[CaseMove.CLOSE]) in shown
    case.refresh_from_db()
    assert case.stage == Stage.VERIFY


def test_grave_step_that_is_shut_gives_its_reasons_instead(client, who):
    case = without_grounds(who)
    client.force_login(who.reviewer)

    shown = client.get(reverse("case-move", args=[case.pk, "prepare_letter"])).content.decode()

    assert "What blocks this step" in shown
    assert "No stop flag" in shown
    assert '<form class="r-dialog"' not in shown


def test_step_that_starts_elsewhere_leads_back(client, case, who):
    client.force_login(who.reviewer)

    response = client.get(reverse("case-move", args=[case.pk, "reopen"]))

    assert response.url == reverse("case-detail", args=[case.pk])


@pytest.mark.parametrize("move", ["prepare_letter", "close", "follow"])
def test_officer_who_decides_nothing_is_refused_with_words(press, who, move):
    case = without_grounds(who)

    response, _said = press("case-move", case, who.focal, move)

    assert response.status_code == 403
    assert "You may not decide on this case." in response.content.decode()
    assert case.stage == Stage.DECIDE


# Concluding -------------------------------------------------------------------------------------


def test_conclusion_needs_every_element_corroborated(press, who):
    case = without_conclusion(who)
    elements.record_element(case, by=who.focal, kind="harm", statement="[V-1] was allegedly ill.")

    response, _said = press("case-conclude", case, who.reviewer, conclusion="RGB")

    assert response.status_code == 200
    shown = response.content.decode()
    assert "Every element corroborated" in shown
    assert "1 of 2 elements are corroborated by two independent sources." in shown
    assert case.verification == Verification.CHK


def test_owner_never_concludes(press, who):
    case = without_conclusion(who)
    assignments.give_case(case, to=who.reviewer, by=who.focal)

    response, _said = press("case-conclude", case, who.reviewer, conclusion="UNV")

    assert "neither recorded, owned nor weighed this case" in response.content.decode()
    assert case.verification == Verification.CHK


def test_conclusion_is_explained_beside_what_the_sources_add_up_to(client, who):
    case = without_conclusion(who)
    client.force_login(who.reviewer)

    shown = client.get(reverse("case-conclude", args=[case.pk])).content.decode()

    assert "at least two independent and reliable sources" in shown
    assert "Two independent, reliable sources support it." in shown


def test_conclusion_is_chosen_from_the_list(press, who):
    case = without_conclusion(who)

    response, _said = press("case-conclude", case, who.reviewer, conclusion="RCV")

    assert response.status_code == 200
    assert case.verification == Verification.CHK


# Stopping and protecting ------------------------------------------------------------------------


def test_stop_needs_a_reason_and_stands_on_the_page(client, press, case, who):
    response, _said = press("case-stop", case, who.focal, reason=" ")
    assert "Fill this in." in response.content.decode()
    assert not case.stopped

    press("case-stop", case, who.focal, reason="The family asked for silence")

    assert case.stopped
    assert events(case, "stopped").count() == 1
    shown = client.get(reverse("case-detail", args=[case.pk])).content.decode()
    assert "Outward acts are stopped." in shown
    assert "The family asked for silence" in shown
    assert reverse("case-stop", args=[case.pk]) not in shown


def test_second_stop_keeps_what_was_typed(press, case, who):
    cases.stop_case(case, by=who.reviewer, reason="Fear")

    response, _said = press("case-stop", case, who.focal, reason="Typed with care")

    shown = response.content.decode()
    assert "Outward acts are stopped already." in shown
    assert "Typed with care" in shown


def test_only_a_reviewer_lifts_the_flag(press, case, who):
    cases.stop_case(case, by=who.focal, reason="Fear")

    refused, _said = press("case-lift-stop", case, who.focal)
    assert refused.status_code == 403
    assert case.stopped

    press("case-lift-stop", case, who.reviewer)
    assert not case.stopped
    assert events(case, "stop_lifted").count() == 1


def test_protection_starts_and_ends(press, case, who):
    press("case-protect", case, who.focal)
    assert case.protecting

    press("case-unprotect", case, who.focal)
    assert not case.protecting
    assert events(case, "protection_started").count() == 1


# On the way -------------------------------------------------------------------------------------


def test_nearest_clock_stands_in_the_head(client, case, who):
    cases.file_case(case, by=who.focal)
    until = timezone.localdate() + dt.timedelta(days=1)
    risks.assess_risk(case, by=who.focal, person=case.persons.get(), level="3", valid_until=until)
    client.force_login(who.focal)

    page = client.get(reverse("case-detail", args=[case.pk]))

    assert page.context["page"].nearest.label == "Risk review: Tomorrow"
    assert [one.kind for one in page.context["page"].clocks] == ["risk_review", "triage"]
