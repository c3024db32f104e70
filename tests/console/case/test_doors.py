"""Every address of a case: strangers learn nothing, guests look, roles decide who acts."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.console.case.urls import urlpatterns
from cases.models import AuditEvent, Identity
from cases.services import assignments, evidence
from tests.factories import journey, member
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    """With a file of evidence and an assignment, so that every address has its row."""
    case = journey.recorded(who)
    evidence.record_evidence(case, by=who.focal, kind="OFFI", upload=upload(pdf()))
    journey.shareable(case, who)
    journey.examined(case)
    assignments.assign_case(
        case, by=who.focal, duty="letter", office=journey.office_of(who.mechanism)
    )
    return case


# Of rows that this case has none of; who may what with them is asked beside their services.
ELSEWHERE = {"recusal-end", "transfer-answer", "transfer-withdraw", "withdrawal"}
ELSEWHERE |= {"containment-close", "containment-give", "identity-ask", "identity-break-glass"}


def addresses(case) -> dict[str, str]:
    element, source = case.elements.get(), case.sources.first()
    piece = case.evidence.get()
    others = {
        "case-move": [case.pk, "triage"],
        "assignment-end": [case.assignments.get().pk],
        "case-unshow": [case.pk, uuid.uuid4()],
        "identity-reveal": [Identity.objects.get(person__case=case).pk],
        "identity-hide": [Identity.objects.get(person__case=case).pk],
        "corroborate": [case.pk, element.pk, source.pk],
        "corroborate-unsay": [case.pk, element.pk, source.pk],
        "evidence-attach": [piece.pk],
        "evidence-attachment": [piece.attachments.get().pk],
        "evidence-clean-copy": [piece.attachments.get().pk],
    }
    names = [pattern.name for pattern in urlpatterns]
    return {name: reverse(name, args=others.get(name, [case.pk])) for name in names if name}


@pytest.mark.parametrize(
    "role", [Role.FOCAL_POINT, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR]
)
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_stranger_finds_nothing_anywhere(client, case, role, method):
    client.force_login(member(role=role))
    before = AuditEvent.objects.count()

    codes = {
        name: getattr(client, method)(url).status_code for name, url in addresses(case).items()
    }

    assert codes == dict.fromkeys(codes, 404)
    tried = AuditEvent.objects.filter(verb="refused_as_unknown", case=case.pk)
    assert tried.count() == AuditEvent.objects.count() - before == len(codes)


def test_nobody_signed_in_is_asked_to(client, case):
    for url in addresses(case).values():
        assert client.get(url).url.startswith("/accounts/login/")


def test_what_takes_only_a_press_leads_back_to_the_case(client, case, who):
    client.force_login(who.focal)
    page = reverse("case-detail", args=[case.pk])
    urls = addresses(case)

    for name in ("identity-reveal", "identity-hide", "corroborate-unsay", "case-unshow"):
        assert client.get(urls[name]).url == page
    assert client.post(page).status_code == 405
    assert client.put(urls["case-stop"]).status_code == 405


FILES = {"evidence-attachment", "evidence-clean-copy"}
READ_BY_A_GUEST = {"case-detail", "case-timeline"} | FILES
# Whoever sees a case may step back from it: this takes from them and gives nothing.
FOR_WHOEVER_SEES = {"case-step-back"}
LED_BACK = {"identity-reveal", "identity-hide", "corroborate-unsay", "case-unshow"}


def test_guest_looks_and_does_nothing(client, case, who):
    guest = member(role=Role.REVIEWER)
    assignments.show_case(case, to=guest, by=who.reviewer, reason="To advise")
    client.force_login(guest)
    urls = {name: url for name, url in addresses(case).items() if name not in ELSEWHERE}

    looks = {name: client.get(url).status_code for name, url in urls.items()}
    acts = {
        name: client.post(urls[name], {"reason": "because", "stance": "supports"}).status_code
        for name in urls.keys()
        - READ_BY_A_GUEST
        - FOR_WHOEVER_SEES
        - {"identity-hide", "case-unshow"}
    }

    opened = {name for name, code in looks.items() if code == 200}
    assert opened == READ_BY_A_GUEST | FOR_WHOEVER_SEES
    assert {name for name, code in looks.items() if code == 302} == LED_BACK
    assert {name for name, code in looks.items() if code not in {200, 302, 403}} == set()
    assert acts == dict.fromkeys(acts, 403)


def test_mandate_holder_reads_and_may_stop_nothing_else(client, case, who):
    client.force_login(who.mandate)

    looks = {name: client.get(url).status_code for name, url in addresses(case).items()}

    opened = {name for name, code in looks.items() if code == 200}
    assert opened == READ_BY_A_GUEST | FOR_WHOEVER_SEES | {"case-stop"}


def test_grant_that_ended_shows_nothing(client, case, who):
    guest = member(role=Role.REVIEWER)
    assignments.show_case(case, to=guest, by=who.reviewer, reason="To advise")
    assignments.end_showing(case, to=guest, by=who.reviewer)
    client.force_login(guest)

    assert client.get(reverse("case-detail", args=[case.pk])).status_code == 404


def test_cells_of_another_case_are_not_there(client, case, who):
    other = journey.recorded(who)
    client.force_login(who.focal)
    mixed = [case.pk, other.elements.get().pk, case.sources.first().pk]
    strange = [case.pk, case.elements.get().pk, other.sources.first().pk]

    for args in (mixed, strange):
        for name in ("corroborate", "corroborate-unsay"):
            assert client.post(reverse(name, args=args), {}).status_code == 404


@pytest.mark.parametrize("move", ["letter_sent", "reply_received", "nonsense"])
def test_steps_that_no_person_takes_are_no_address(client, case, who, move):
    client.force_login(who.reviewer)

    assert client.post(reverse("case-move", args=[case.pk, move])).status_code == 404


@pytest.mark.parametrize("name", ["case-stop", "case-assign", "case-give", "corroborate"])
def test_a_form_that_is_looked_at_is_a_look_at_the_case(client, case, who, name):
    client.force_login(who.focal)
    looks = AuditEvent.objects.filter(case=case.pk, actor=who.focal.pk, verb="read")

    client.get(addresses(case)[name])

    assert looks.count() == 1
