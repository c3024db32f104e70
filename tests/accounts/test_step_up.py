"""What sends, opens, shares or ends access asks for fresh proof, and loses nothing on the way."""

import re
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.urls import reverse

from accounts.models import Invitation, Membership, Role
from cases.models.access import guests_of
from cases.services.drafts import typed_work
from tests.factories import PASSWORD, OfficeFactory, journey, member
from tests.factories.accounts import prove

pytestmark = pytest.mark.django_db

OLD = 301  # seconds: the proof counts for five minutes


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def administrator():
    return member(role=Role.ADMINISTRATOR, password=PASSWORD)


@pytest.fixture
def invite(client, administrator):
    """An invitation as somebody types it, `ago` seconds after they proved who they are."""
    url = reverse("office-invite", args=[OfficeFactory().pk])
    typed = {"email": "new@example.org", "role": "reviewer", "language": "fr"}

    def post(ago: float = OLD, **proof: str):
        client.force_login(administrator)
        prove(client, administrator, ago=ago)
        return client.post(url, {**typed, **{f"proof-{k}": v for k, v in proof.items()}})

    return post


def test_fresh_proof_lets_pass(invite):
    assert invite(ago=299).status_code == 302
    assert Invitation.objects.count() == 1


def test_old_proof_asks_and_carries_what_was_typed(invite):
    page = invite().content.decode()

    assert not Invitation.objects.exists()
    assert "Is it still you?" in page
    for name, value in (("email", "new@example.org"), ("role", "reviewer"), ("language", "fr")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert page.count('name="csrfmiddlewaretoken"') >= 1


def test_password_is_proof_for_whoever_has_no_more(invite):
    assert invite(password=PASSWORD).status_code == 302
    assert Invitation.objects.get().email == "new@example.org"


def test_wrong_password_asks_again_and_loses_nothing(invite):
    page = invite(password="not the password").content.decode()

    assert not Invitation.objects.exists()
    assert "data-errors" in page and 'value="new@example.org"' in page
    assert "not the password" not in page


def test_guessing_is_stopped_with_the_typed_work_still_there(invite):
    pages = [invite(password="a wrong guess").content.decode() for _each in range(6)]

    assert "Too many attempts" in pages[-1] and 'value="new@example.org"' in pages[-1]
    assert "Too many attempts" in invite(password=PASSWORD).content.decode()
    assert not Invitation.objects.exists()


def test_password_is_no_proof_for_whoever_has_a_code(invite, administrator):
    secret = generate_totp_secret()
    TOTP.activate(administrator, secret)

    assert "Is it still you?" in invite(ago=0).content.decode()
    assert "Is it still you?" in invite(password=PASSWORD).content.decode()
    assert not Invitation.objects.exists()
    assert invite(code=code_of(secret)).status_code == 302


def test_recovery_code_is_proof_once(invite, administrator):
    TOTP.activate(administrator, generate_totp_secret())
    (code, *_others) = RecoveryCodes.activate(administrator).get_unused_codes()

    assert invite(code=code).status_code == 302
    Invitation.objects.all().delete()
    assert "Is it still you?" in invite(code=code).content.decode()


def test_proof_lasts_five_minutes_for_what_comes_after(client, invite, administrator):
    invite(password=PASSWORD)
    membership = Membership.objects.create(
        office=OfficeFactory(), user=member(), role=Role.FOCAL_POINT
    )

    client.post(reverse("membership-end", args=[membership.pk]))

    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_long_text_in_any_script_comes_round(client):
    """The form of a guest: shown without proof, posted with it."""
    who = journey.cast()
    case = journey.recorded(who)
    url = reverse("case-show", args=[case.pk])
    guest = member()
    who.reviewer.set_password(PASSWORD)
    who.reviewer.save()
    client.force_login(who.reviewer)
    prove(client, who.reviewer, ago=OLD)
    assert client.get(url).status_code == 200
    reason = 'لماذا "هنا" & <there>\r\nsecond line'
    typed = {"to": str(guest.pk), "until": "2030-01-01", "reason": reason}

    asked = client.post(url, typed).content.decode()

    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked))
    assert carried["reason"] == "لماذا &quot;هنا&quot; &amp; &lt;there&gt;\r\nsecond line"
    assert not guests_of(case)
    # What the page that asks holds is nowhere else: no session, no draft.
    assert typed_work(who.reviewer, url) is None
    assert "second line" not in str(dict(client.session))


@pytest.mark.parametrize("method", ["get", "post"])
def test_part_of_a_page_is_led_away_as_a_whole(client, administrator, method):
    client.force_login(administrator)
    prove(client, administrator, ago=OLD)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/offices/?page=2"}

    answer = getattr(client, method)("/accounts/me/tokens/", headers=headers)

    assert answer.headers["HX-Redirect"] == ("/accounts/reauthenticate/?next=/offices/%3Fpage%3D2")


def test_proof_by_itself_leads_back(client, administrator):
    client.force_login(administrator)
    prove(client, administrator, ago=OLD)
    gate = "/accounts/reauthenticate/?next=/offices/"

    assert client.post(gate, {"proof-password": PASSWORD}).url == "/offices/"
    away = "/accounts/reauthenticate/?next=https://elsewhere.example/"
    assert client.post(away, {"proof-password": PASSWORD}).url == "/accounts/security/"


def test_proof_of_one_person_is_none_for_the_next_in_the_same_browser(client, administrator):
    client.force_login(administrator)
    session = client.session
    session["account_authentication_methods_user"] = str(member().pk)
    session.save()

    asked = client.post("/accounts/me/tokens/", {"days": "7"})

    assert b"Is it still you?" in asked.content
    assert not administrator.auth_token_set.exists()


def test_a_password_in_the_page_that_asks_never_becomes_typed_work(client, administrator):
    """The session ran out while the page asked: the work is kept, the secret is not."""
    client.force_login(administrator)
    administrator.sessions.update(expire_date="2020-01-01T00:00Z")
    path = reverse("office-invite", args=[OfficeFactory().pk])

    client.post(path, {"email": "new@example.org", "proof-password": "x", "proof-code": "123456"})

    work = typed_work(administrator, path)
    assert work is not None and set(work.content) == {"email"}
