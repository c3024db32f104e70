"""Signing in: the same answer to every stranger, few attempts, and nothing left behind."""

import re
import runpy

import pytest
from django.urls import reverse

from accounts.models import Role, User
from tests.factories import PASSWORD, UserFactory, member, mission_of

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def sign_in(client, email: str, password: str = PASSWORD, **data: str):
    return client.post(LOGIN, {"login": email, "password": password, **data})


def without_tokens(response) -> bytes:
    """The page as far as it does not differ by chance, and without the address that was typed."""
    return re.sub(
        rb'(csrfmiddlewaretoken" value=)"[^"]+"|[\w.-]+@example\.org', b"", response.content
    )


def test_sign_in_leads_to_the_page_asked_for(client):
    user = member(password=PASSWORD, language="fr")

    answer = sign_in(client, user.email, next="/accounts/me/")

    assert (answer.status_code, answer.url) == (302, "/accounts/me/")
    assert answer.cookies["console-language"].value == "fr"
    assert client.get("/accounts/me/").status_code == 200


def test_sign_in_never_leads_out_of_the_house(client):
    user = member(password=PASSWORD)

    assert sign_in(client, user.email, next="https://elsewhere.example/").url == "/"


def test_every_stranger_gets_the_same_answer(client):
    known = member(password=PASSWORD, email="known@example.org")
    member(mission_of(), Role.MISSION_USER, password=PASSWORD, email="other-door@example.org")
    member(password=PASSWORD, email="disabled@example.org", is_active=False)
    UserFactory(password=PASSWORD, email="no-office@example.org")

    answers = {
        "wrong password": sign_in(client, known.email, "not the password at all"),
        "unknown": sign_in(client, "unknown@example.org"),
        "other door": sign_in(client, "other-door@example.org"),
        "disabled": sign_in(client, "disabled@example.org"),
        "no office": sign_in(client, "no-office@example.org"),
    }

    pages = {(answer.status_code, without_tokens(answer)) for answer in answers.values()}
    assert len(pages) == 1
    assert b"not correct" in answers["unknown"].content
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
def test_guessing_is_stopped_whether_or_not_the_address_exists(client, email):
    member(email="known@example.org", password=PASSWORD)

    statuses = [sign_in(client, email, "a wrong guess").status_code for _each in range(6)]
    last = sign_in(client, email)

    assert statuses == [200, 200, 200, 200, 200, 429]
    assert last.status_code == 429
    assert b"Too many attempts" in last.content


def test_throttle_of_one_address_leaves_the_others_alone(client):
    user = member(password=PASSWORD)
    for _each in range(6):
        sign_in(client, "unknown@example.org", "a wrong guess")

    assert sign_in(client, user.email).status_code == 302


def test_one_machine_cannot_try_many_addresses(client):
    answers = [sign_in(client, f"guess-{number}@example.org") for number in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


def test_behind_a_proxy_each_machine_is_counted_by_itself(client, monkeypatch, settings):
    """All come from the proxy's address; only the last word of the header is the proxy's own."""
    monkeypatch.setenv("HTTPS", "1")
    served = runpy.run_path(str(settings.BASE_DIR / "reprisals" / "settings.py"))
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = served["ALLAUTH_TRUSTED_PROXY_COUNT"]

    def tries(addresses):
        for number, address in enumerate(addresses):
            login = {"login": f"x{number}@nowhere.invalid", "password": "wrong " * 3}
            header = {"X-Forwarded-For": f"192.0.2.{number}, {address}"}
            yield client.post("/accounts/login/", login, headers=header).status_code

    assert 429 not in tries(f"198.51.100.{number}" for number in range(12))
    assert 429 in tries(["203.0.113.1"] * 12)


def test_reset_answers_alike_and_writes_to_its_own_people_only(client, letters):
    known = member()
    other = member(mission_of(), Role.MISSION_USER)
    disabled = member(is_active=False)

    answers = {
        client.post(RESET, {"email": email}).url
        for email in ("unknown@example.org", other.email, disabled.email, known.email)
    }

    assert answers == {"/accounts/password/reset/done/"}
    (letter,) = letters(1)
    assert letter.to == [known.email]


def test_reset_mail_says_nothing_and_its_link_works_once(client, letters):
    user = member(password=PASSWORD, name="Somebody Unusual")
    client.post(RESET, {"email": user.email.upper()})

    (letter,) = letters(1)
    (link,) = re.findall(r"http://localhost:8000(/accounts/password/reset/key/\S+)", letter.body)
    assert letter.subject == "Your password"
    assert user.name not in letter.body
    form = client.get(link).url
    new = {"password1": "another long password", "password2": "another long password"}
    assert client.post(form, new).url == "/accounts/password/reset/key/done/"
    assert client.get("/accounts/password/reset/key/done/").status_code == 200

    assert b"no longer works" in client.get(link).content
    user.refresh_from_db()
    assert user.check_password("another long password")


def test_weak_password_is_refused_with_words(client, letters):
    user = member(password=PASSWORD)
    client.post(RESET, {"email": user.email})
    (link,) = re.findall(r"http://localhost:8000(/\S+)", letters(1)[0].body)

    answer = client.post(client.get(link).url, {"password1": "too short", "password2": "too short"})

    assert b"at least 15 characters" in answer.content


def test_new_password_ends_other_sessions_and_tokens(client, letters):
    user = member(password=PASSWORD)
    other = type(client)()
    other.force_login(user)
    client.force_login(user)
    client.post("/accounts/me/tokens/", {"days": "7"})
    assert user.auth_token_set.count() == 1

    answer = client.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another long password",
            "password2": "another long password",
        },
    )

    assert answer.status_code == 302
    assert other.get("/accounts/me/").status_code == 302
    assert user.auth_token_set.count() == 0
    assert letters(1)[0].subject == "A change to your account"


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "inactive/", "social/login/", "password/set/", ""],
)
def test_rest_of_allauth_is_not_there(client, path):
    client.force_login(member())

    assert client.get(f"/accounts/{path}").status_code == 404


def test_sign_out_leaves_nothing_behind(client):
    client.force_login(member())
    page = client.get("/accounts/me/")
    assert page.headers["Cache-Control"] == "no-store, private"
    assert "Clear-Site-Data" not in page.headers

    answer = client.post("/accounts/logout/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert client.get("/accounts/me/").status_code == 302


def test_sign_out_takes_a_press_of_the_button(client):
    client.force_login(member())

    assert "Clear-Site-Data" not in client.get("/accounts/logout/").headers
    assert client.get("/accounts/me/").status_code == 200


def test_pages_before_the_login_are_not_kept_either(client):
    answer = client.get(LOGIN)

    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_login_page_follows_the_door(client, portal):
    user = member(mission_of(), Role.MISSION_USER, password=PASSWORD)

    assert sign_in(client, user.email).status_code == 302
    assert client.get(reverse("accounts-me")).status_code == 200


def test_nul_and_foreign_scripts_are_only_wrong(client):
    for email in ("\x00@example.org", "пример@пример.рф", "a" * 3000 + "@example.org", ""):
        assert sign_in(client, email, "пароль\x00").status_code == 200
    assert not User.objects.exists()
