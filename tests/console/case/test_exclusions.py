"""Stepping back, declaring a conflict, letting in again: by the pages of a case."""

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.models import Recusal, Tie
from cases.services import exclusions
from tests.factories import journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def test_one_steps_back_and_no_page_of_the_case_answers_any_more(client, case, who):
    client.force_login(who.focal)
    page = reverse("case-step-back", args=[case.pk])
    assert "cannot undo this" in client.get(page).content.decode()

    answer = client.post(page, {"reason": "A relative is named"})

    assert answer.status_code == 302 and answer["Location"] == "/"
    assert client.get(reverse("case-detail", args=[case.pk])).status_code == 404
    assert case.reference not in client.get(reverse("case-list")).content.decode()


def test_a_reviewer_declares_it_and_lets_in_again_from_the_case(client, case, who):
    colleague = member(case.office, Role.FOCAL_POINT)
    client.force_login(who.reviewer)
    client.post(reverse("case-conflict", args=[case.pk]), {"person": colleague.pk})
    recusal = Recusal.objects.get()
    url = reverse("recusal-end", args=[recusal.pk])
    assert url in client.get(reverse("case-detail", args=[case.pk])).content.decode()
    client.post(url)
    recusal.refresh_from_db()
    assert recusal.ended_by == who.reviewer
    assert client.get(url).status_code == 404


def test_who_stepped_back_is_shown_to_those_who_decide_and_to_nobody_else(client, case, who):
    recused = member(case.office, Role.FOCAL_POINT)
    exclusions.recuse(case, by=who.reviewer, person=recused)
    client.force_login(who.focal)
    assert recused.name not in client.get(reverse("case-detail", args=[case.pk])).content.decode()
    assert client.get(reverse("case-conflict", args=[case.pk])).status_code == 403


@pytest.mark.parametrize("page", ["case-give", "case-assign", "case-show", "case-conflict"])
def test_nobody_kept_from_the_case_stands_in_a_list_to_choose_from(client, case, who, page):
    tied = member(case.office, Role.FOCAL_POINT)
    client.force_login(who.reviewer)
    url = reverse(page, args=[case.pk])
    assert str(tied.pk) in client.get(url).content.decode()
    Tie.objects.create(user=tied, state=case.state, bond="nationality")
    assert str(tied.pk) not in client.get(url).content.decode()
