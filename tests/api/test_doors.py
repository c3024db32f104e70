"""Who comes in at the machines' door, and who does not."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Role
from accounts.services import create_token
from cases.models import Package
from tests.api.conftest import ROOT, Machine, machine
from tests.factories import journey, member, mission_of
from tests.factories.accounts import prove
from tests.factories.journey import office_of

pytestmark = pytest.mark.django_db
ME = f"{ROOT}me/"


def with_token(token: str) -> Machine:
    client = Machine(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_token_opens_without_a_cookie(who):
    client = with_token(create_token(who.focal, days=7, by=who.focal))

    assert client.get("me/").json()["id"] == str(who.focal.pk)
    answer = client.post("cases/", {"office": str(office_of(who.focal).pk), "state": "XAA"})
    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("word", ["", "Token", "Token x", "Token " + "f" * 64, "Bearer abc"])
def test_nobody_without_a_token_that_is_ours(db, word):
    answer = Client().get(ME, headers={"Authorization": word} if word else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


def test_token_ends(who):
    client = with_token(create_token(who.focal, days=7, by=who.focal))

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert client.get("me/").status_code == 401


def test_token_of_somebody_deactivated_is_worth_nothing(who):
    client = with_token(create_token(who.focal, days=7, by=who.focal))
    who.focal.is_active = False
    who.focal.save()

    assert client.get("me/").status_code == 401


def test_token_of_somebody_without_a_place_is_worth_nothing(who):
    client = with_token(create_token(who.focal, days=7, by=who.focal))
    Membership.objects.filter(user=who.focal).delete()

    assert client.get("me/").status_code == 401


@pytest.mark.parametrize("role", [Role.MISSION_USER, Role.MISSION_HEAD])
def test_mission_has_nothing_here(db, role):
    user = member(mission_of(), role)
    token = create_token(user, days=7, by=user)

    assert with_token(token).get("me/").status_code == 401
    assert machine(user).get("me/").status_code == 401
    assert machine(user).get("states/").status_code == 401


def test_session_writes_only_with_its_csrf_token(who):
    client = Machine(enforce_csrf_checks=True)
    client.force_login(who.focal)
    words = {"office": str(office_of(who.focal).pk), "state": "XAA"}

    assert client.get("me/").status_code == 200
    refused = client.post("cases/", words)
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["cases/", "me/", "schema/"])
def test_nothing_is_kept_on_the_way(who, path):
    answer = machine(who.focal).get(path)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"


def test_no_page_is_drawn_for_a_browser(who):
    answer = machine(who.focal).get("cases/", HTTP_ACCEPT="text/html")

    assert answer.status_code == 406
    assert answer["Content-Type"] == "application/json"


def test_a_letter_is_sent_by_somebody_who_proved_just_now_who_they_are(who):
    """As from the page of the console; a token proves nothing."""
    letter = journey.drafted(journey.decided(who), who)
    sent = f"communications/{letter.pk}/transmit/"
    digest = {"digest": journey.cleared(letter, who)}
    token = with_token(create_token(who.mechanism, days=7, by=who.mechanism))
    client = machine(who.mechanism)
    TOTP.activate(who.mechanism, generate_totp_secret())

    for refused in (client, token):
        answer = refused.post(sent, digest)
        assert answer.status_code == 403, answer.content
    assert "token cannot" in answer.json()["detail"]
    assert not Package.objects.exists()

    prove(client, who.mechanism, method="mfa", ago=301)
    assert client.post(sent, digest).status_code == 403
    prove(client, who.mechanism, method="mfa")
    assert client.post(sent, digest).status_code == 201


IN_PERSON = [
    "cases/{case}/give/",
    "cases/{case}/show/",
    "cases/{case}/hide/",
    "cases/{case}/conclude/",
    "cases/{case}/lift/",
    "assignments/",
    "assignments/{any}/end/",
    "communications/{any}/answer_for_mandate/",
    "communications/{any}/clear/",
    "communications/{any}/names/",
    "communications/{any}/transmit/",
    "extensions/{any}/decide/",
    "persons/{any}/reveal/",
    "identity-requests/{any}/approve/",
    "identity-requests/{any}/refuse/",
    "identity-requests/{any}/review/",
    "persons/{any}/break_glass/",
    "sources/{any}/break_glass/",
    "sources/{any}/reveal/",
    "transfers/",
    "offers/{any}/decide/",
    "recusals/{any}/end/",
    "holds/{any}/lift/",
    "disposals/",
    "disposals/{any}/decide/",
    "locks/",
    "locks/{any}/lift/",
    "ties/write/",
]


@pytest.mark.parametrize("path", IN_PERSON)
def test_what_gives_access_or_decides_is_done_in_person(who, path):
    case = journey.recorded(who)
    here = path.format(case=case.pk, any=case.pk)
    client = machine(who.focal)
    prove(client, who.focal, ago=301)

    stale = client.post(here, {})
    by_token = with_token(create_token(who.focal, days=7, by=who.focal)).post(here, {})

    assert (stale.status_code, by_token.status_code) == (403, 403)
    assert "still you" in stale.json()["detail"] and "token" in by_token.json()["detail"]


@pytest.mark.parametrize("status", ["GRANTED", "CONDITIONS", "BEHALF", "REFUSED", "NOTASKED"])
def test_a_yes_is_written_in_person_and_a_no_by_a_script_too(who, status):
    """A yes opens what may leave; taking back shuts it."""
    case = journey.recorded(who)
    words = {"case": str(case.pk), "person": str(case.persons.get().pk), "scope": "STW"}
    words["conditions"] = "Not before the release" if status == "CONDITIONS" else ""
    stale = machine(who.focal)
    prove(stale, who.focal, ago=301)
    token = with_token(create_token(who.focal, days=7, by=who.focal))

    codes = {
        door.post("consents/", {**words, "status": status}).status_code for door in (stale, token)
    }

    yes = status in {"GRANTED", "CONDITIONS", "BEHALF"}
    assert codes == {403 if yes else 201}
    assert case.consents.count() == (0 if yes else 2)
    assert machine(who.focal).post("consents/", {**words, "status": status}).status_code == 201


def test_where_a_second_factor_is_required_nobody_comes_in_without(who, settings):
    settings.SECOND_FACTOR = "required"
    doors = (machine(who.focal), with_token(create_token(who.focal, days=7, by=who.focal)))

    for client in doors:
        answer = client.get("me/")
        assert answer.status_code == 403 and "second factor" in answer.json()["detail"]

    TOTP.activate(who.focal, generate_totp_secret())
    assert [client.get("me/").status_code for client in doors] == [200, 200]
