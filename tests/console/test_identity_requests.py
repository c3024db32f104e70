"""The custodian's list and one request, page by page, as each person concerned sees it."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.models import IdentityRequest
from cases.services import assignments, identities, identity_requests
from tests.factories import journey, member
from tests.factories.accounts import prove

pytestmark = pytest.mark.django_db

MOTIVE = "The family asks that we call before Friday."


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.shareable(journey.recorded(who), who)


@pytest.fixture
def identity(case):
    return case.persons.get().identity


@pytest.fixture
def waiting(who, identity):
    return identity_requests.ask_identity(
        identity, by=who.reviewer, purpose="contact", motive=MOTIVE
    )


@pytest.fixture
def look(client):
    def looked(user, url):
        client.force_login(user)
        return client.get(url)

    return looked


@pytest.fixture
def send(client):
    def sent(user, url, **data):
        client.force_login(user)
        return client.post(url, data, follow=True)

    return sent


def page(row):
    return reverse("identity-request", args=[row.pk])


def words(response):
    return response.content.decode()


def test_whoever_may_not_see_a_name_asks_from_the_case(look, send, who, case, identity):
    ask = reverse("identity-ask", args=[identity.pk])
    shown = words(look(who.reviewer, reverse("case-detail", args=[case.pk])))
    assert ask in shown
    assert reverse("identity-break-glass", args=[identity.pk]) in shown

    again = words(send(who.reviewer, ask, purpose="contact", motive=""))
    assert "Error:" in again
    assert not IdentityRequest.objects.exists()

    done = words(send(who.reviewer, ask, purpose="contact", motive=MOTIVE))
    assert "waiting for the custodian" in done
    assert ask not in done
    assert IdentityRequest.objects.get().motive == MOTIVE


def test_a_refused_question_keeps_what_was_typed(send, who, case, identity, waiting):
    ask = reverse("identity-ask", args=[identity.pk])
    shown = words(send(who.reviewer, ask, purpose="contact", motive="Typed once more"))
    assert "not answered yet" in shown
    assert "Typed once more" in shown


def test_the_custodian_finds_it_at_home_and_reads_codes_and_the_motive_only(
    look, who, case, waiting
):
    home = words(look(who.custodian, reverse("home")))
    assert page(waiting) in home
    shown = words(look(who.custodian, page(waiting)))
    for there in ("V-1", MOTIVE, case.reference, who.reviewer.name):
        assert there in shown
    for hidden in (journey.NAME, journey.NARRATIVE, reverse("case-detail", args=[case.pk])):
        assert hidden not in shown
    assert look(who.custodian, reverse("case-detail", args=[case.pk])).status_code == 404


def test_the_custodian_approves_and_the_name_opens(look, send, who, identity, waiting):
    no_reason = words(send(who.custodian, page(waiting), decision="8h", reason=""))
    assert "Error:" in no_reason
    done = send(who.custodian, page(waiting), decision="8h", reason="Agreed.")
    assert "Decided" in words(done)
    case_page = reverse("case-detail", args=[identity.person.case_id])
    assert "open to you, ends:" in words(look(who.reviewer, case_page))
    opened = send(who.reviewer, reverse("identity-reveal", args=[identity.pk]))
    assert journey.NAME in words(opened)
    assert opened.headers["Cache-Control"] == "no-store, private"


def test_an_old_proof_decides_nothing(client, who, waiting):
    client.force_login(who.custodian)
    prove(client, who.custodian, ago=301)
    said = client.post(page(waiting), {"decision": "8h", "reason": "Agreed."})
    assert b"Is it still you?" in said.content
    waiting.refresh_from_db()
    assert waiting.status == "asked"


def test_the_custodian_refuses_with_words_for_who_asked(look, send, who, waiting):
    send(who.custodian, page(waiting), decision="refuse", reason="The lead calls.")
    shown = words(look(who.reviewer, page(waiting)))
    assert "The lead calls." in shown
    assert "Refused" in shown


def test_taking_back_and_giving_back(look, send, who, identity, waiting):
    end = reverse("identity-request-end", args=[waiting.pk])
    identity_requests.approve_request(waiting, by=who.custodian, period="8h", reason="Agreed.")
    assert end in words(look(who.reviewer, page(waiting)))
    assert end not in words(look(who.focal, page(waiting)))
    assert "masked again" in words(send(who.custodian, end))
    refused = send(who.reviewer, reverse("identity-reveal", args=[identity.pk]))
    assert refused.status_code == 403


def test_withdrawing_is_for_who_asked(look, send, who, waiting):
    url = reverse("identity-request-withdraw", args=[waiting.pk])
    assert url not in words(look(who.custodian, page(waiting)))
    assert url in words(look(who.reviewer, page(waiting)))
    assert "Withdrawn" in words(send(who.reviewer, url))


def test_breaking_the_glass_asks_once_more_and_tells_the_others(look, send, who, case, identity):
    glass = reverse("identity-break-glass", args=[identity.pk])
    not_confirmed = words(send(who.reviewer, glass, motive="Two men at the door."))
    assert "Error:" in not_confirmed
    assert "Two men at the door." in not_confirmed
    assert not IdentityRequest.objects.exists()

    send(who.reviewer, glass, motive="Two men at the door.", confirmed="on")
    row = IdentityRequest.objects.get()
    assert row.emergency
    opened = send(who.reviewer, reverse("identity-reveal", args=[identity.pk]))
    assert journey.NAME in words(opened)

    assert page(row) in words(look(who.custodian, reverse("home")))
    assert page(row) not in words(look(who.reviewer, reverse("home")))
    colleague = member(case.office, Role.REVIEWER)
    assert page(row) in words(look(colleague, reverse("home")))
    send(colleague, page(row), justified="no", review="The lead was at hand.")
    row.refresh_from_db()
    assert (row.justified, row.reviewed_by) == (False, colleague)
    assert page(row) not in words(look(who.custodian, reverse("home")))
    assert "The lead was at hand." in words(look(who.reviewer, page(row)))


def test_history_stands_on_the_case_for_the_desks_alone(look, who, case, waiting):
    assignments.assign_case(case, by=who.focal, user=who.mechanism, duty="support")
    url = reverse("case-detail", args=[case.pk])
    for user, there in ((who.focal, True), (who.mechanism, False)):
        assert ("Who asked for names" in words(look(user, url))) is there
    for user, code in ((who.focal, 200), (who.mechanism, 404), (who.mission, 403)):
        found = look(user, page(waiting)).status_code
        assert found == code or user == who.mission, user


def test_a_stranger_finds_no_request_and_no_list_of_others(look, who, waiting):
    for stranger in (member(role=Role.CUSTODIAN), member(role=Role.REVIEWER)):
        assert look(stranger, page(waiting)).status_code == 404
        shown = words(look(stranger, reverse("identity-request-list")))
        assert str(waiting.pk) not in shown


def test_nothing_of_a_request_stands_in_titles_or_addresses(look, who, case, waiting):
    for url in (page(waiting), reverse("identity-request-list")):
        shown = words(look(who.custodian, url))
        title = re.search("<title>(.*?)</title>", shown, re.S)[1]
        assert "V-1" not in title and case.reference not in title


def test_a_source_is_asked_for_by_the_lead_too(look, who, case):
    kept = identities.keep_identity(case.sources.first(), by=who.focal, content={"name": "Wren"})
    assignments.give_case(case, to=who.reviewer, by=who.focal)
    shown = words(look(who.reviewer, reverse("case-detail", args=[case.pk])))
    assert reverse("identity-ask", args=[kept.pk]) in shown
    assert reverse("identity-reveal", args=[kept.pk]) not in shown


def test_the_list_does_not_ask_more_for_more_rows(
    client, who, identity, waiting, django_assert_max_num_queries
):
    client.force_login(who.custodian)
    for _number in range(6):
        colleague = member(identity.person.case.office, Role.REVIEWER)
        identity_requests.ask_identity(identity, by=colleague, purpose="contact", motive="Call")
    with django_assert_max_num_queries(24):
        client.get(reverse("identity-request-list"))


# For counsel -------------------------------------------------------------------------------------


def test_a_name_for_counsel_takes_two_custodians_on_the_page(look, send, who, case, identity):
    second = member(case.office, Role.CUSTODIAN)
    ask = reverse("identity-ask", args=[identity.pk])
    assert "counsel" in words(look(who.reviewer, ask))
    send(who.reviewer, ask, purpose="counsel", motive=MOTIVE)
    row = IdentityRequest.objects.get()

    shown = words(look(who.custodian, page(row)))
    assert 'value="1h"' in shown and 'value="refuse"' in shown and 'value="8h"' not in shown
    refused = words(send(who.custodian, page(row), decision="8h", reason="Counsel asked."))
    assert "Error:" in refused and "Counsel asked." in refused
    first = words(send(who.custodian, page(row), decision="1h", reason="Counsel asked."))
    assert "only when another custodian agrees too" in first
    assert journey.NAME not in words(reveal(send, who.reviewer, identity))

    own = words(look(who.custodian, page(row)))
    assert "Another custodian has to approve it" in own and 'name="decision"' not in own
    assert page(row) not in words(look(who.custodian, "/"))
    assert page(row) in words(look(second, "/"))
    seen = words(look(second, page(row)))
    assert "The first of two custodians agreed" in seen and "Counsel asked." in seen
    done = words(send(second, page(row), decision="1h", reason="So do I."))
    assert "The person who asked is told" in done
    assert journey.NAME in words(reveal(send, who.reviewer, identity))


def reveal(send, user, identity):
    return send(user, reverse("identity-reveal", args=[identity.pk]))
