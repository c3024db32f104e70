"""Single sign-on against a small identity provider that signs what it is told to."""

import base64
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as house
from django.urls import NoReverseMatch, reverse

from accounts.models import Membership, Role
from cases.models import AuditEvent
from reprisals.signing_in import single_sign_on
from tests.factories import PASSWORD, member, mission_of
from tests.factories.accounts import prove

pytestmark = pytest.mark.django_db

KEY, STRANGE_KEY = (rsa.generate_private_key(65537, 2048) for _each in range(2))
CLIENT = "reprisals-console"
SECURITY = "/accounts/security/"


class Provider(ThreadingHTTPServer):
    """Says of whoever comes what the test wrote into `claims`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.claims: dict[str, object] = {}
        self.key = KEY
        self.token: dict[str, object] = {}
        self.asked: list[dict[str, list[str]]] = []

    def id_token(self) -> str:
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        return jwt.encode({**usual, **self.claims}, self.key, "RS256", headers={"kid": "one"})


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        at = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": at,
                    "authorization_endpoint": f"{at}/authorize",
                    "token_endpoint": f"{at}/token",
                    "jwks_uri": f"{at}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif self.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self._say({"keys": [{**public, "kid": "one", "alg": "RS256"}]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(parse_qs(body))
        self._say({"access_token": "at", "id_token": self.server.id_token(), **self.server.token})

    def _say(self, words: dict[str, object]) -> None:
        text = json.dumps(words).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    provider = Provider()
    Thread(target=provider.serve_forever, daemon=True).start()
    settings.OIDC_ISSUER = provider.issuer
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(provider.issuer, CLIENT, "secret")
    settings.ROOT_URLCONF = "tests.accounts.urls_single_sign_on"
    yield provider
    provider.shutdown()
    provider.server_close()


@pytest.fixture
def user():
    return member(password=PASSWORD, email="officer@example.org")


def come_back(client, way: str, **asked: str):
    """To the identity provider and back, as a browser goes."""
    there = client.post(reverse(way))
    question = parse_qs(urlsplit(there.url).query)
    query = {"state": question["state"][0], "code": "any", **asked}
    return client.get("/accounts/sso/callback/", query)


@pytest.fixture
def linked(client, provider, user):
    client.force_login(user)
    provider.claims = {"sub": "subject-1", "email": "elsewhere@example.org", "name": "Name There"}
    assert come_back(client, "single-sign-on-link").url == SECURITY
    client.logout()
    return user


def test_it_is_off_unless_an_issuer_is_set(client):
    assert house.OIDC_ISSUER == ""
    with pytest.raises(NoReverseMatch):
        reverse("single-sign-on")
    for path in ("sign-in", "link", "unlink", "callback"):
        assert client.post(f"/accounts/sso/{path}/").status_code == 404
    assert b"single sign-on" not in client.get("/accounts/login/").content


def test_whoever_linked_it_comes_in_by_it(client, provider, linked):
    assert b"Sign in with single sign-on" in client.get("/accounts/login/").content

    answer = come_back(client, "single-sign-on")

    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/accounts/me/").status_code == 200
    assert "code_verifier" in provider.asked[-1], "PKCE"


def test_no_link_no_entry_whatever_the_address_says(client, provider, user, linked):
    """The same address, verified, under another `sub`: a provider can say anybody's."""
    provider.claims = {"sub": "subject-2", "email": user.email, "email_verified": True}

    answer = come_back(client, "single-sign-on")

    assert answer.url == "/accounts/login/"
    assert b"Single sign-on did not let you in" in client.get(answer.url).content
    assert client.get("/accounts/me/").status_code == 302
    assert SocialAccount.objects.count() == 1
    assert type(user).objects.count() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda provider: setattr(provider, "key", STRANGE_KEY),
        lambda provider: provider.claims.update(aud="another-client"),
        lambda provider: provider.claims.update(iss="https://issuer.example"),
        lambda provider: provider.claims.update(exp=int(time.time()) - 60),
        lambda provider: provider.token.update(id_token="not.a.token"),
        lambda provider: provider.token.update(id_token=None),
        lambda provider: provider.token.update(
            id_token=jwt.encode({"sub": "subject-1"}, "", "none", headers={"kid": "one"})
        ),
    ],
    ids=["signature", "audience", "issuer", "expired", "nonsense", "absent", "unsigned"],
)
def test_a_token_that_is_not_right_opens_nothing(client, provider, linked, spoil):
    spoil(provider)

    assert come_back(client, "single-sign-on").url == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_an_answer_that_nobody_asked_for_opens_nothing(client, provider, linked):
    client.get("/accounts/login/")
    for state in ("", "made-up"):
        answer = client.get("/accounts/sso/callback/", {"state": state, "code": "any"})
        assert answer.url == "/accounts/login/"
    assert come_back(client, "single-sign-on", error="access_denied").url == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_the_second_factor_is_asked_all_the_same(client, provider, linked):
    TOTP.activate(linked, generate_totp_secret())

    assert come_back(client, "single-sign-on").url == "/accounts/security/code/"
    assert client.get("/accounts/me/").status_code == 302


@pytest.mark.parametrize(
    "lose",
    [
        lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False),
        lambda user: Membership.objects.filter(user=user).delete(),
    ],
    ids=["disabled", "no office"],
)
def test_who_may_not_come_in_does_not_come_in_this_way(client, provider, linked, lose):
    lose(linked)

    assert come_back(client, "single-sign-on").url == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_a_mission_is_not_let_in_at_the_console(client, provider):
    mission = member(mission_of(), Role.MISSION_USER)
    SocialAccount.objects.create(user=mission, provider="sso", uid="subject-3")
    provider.claims = {"sub": "subject-3"}

    assert come_back(client, "single-sign-on").url == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_to_link_asks_who_sits_there(client, provider, user):
    client.force_login(user)
    prove(client, user, ago=301)
    provider.claims = {"sub": "subject-1"}

    asked = client.post(reverse("single-sign-on-link"))

    assert b"Is it still you?" in asked.content
    assert not SocialAccount.objects.exists()
    assert client.get(reverse("single-sign-on-link")).status_code == 405


def test_one_subject_is_one_person(client, provider, linked):
    other = member()
    client.force_login(other)

    come_back(client, "single-sign-on-link")

    assert SocialAccount.objects.get().user == linked


def test_of_the_identity_only_the_subject_is_kept(linked):
    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("subject-1", {})
    assert not SocialToken.objects.exists()
    linked.refresh_from_db()
    assert linked.email == "officer@example.org"
    assert AuditEvent.objects.filter(verb="single_sign_on_linked", actor=linked.pk).exists()


def test_the_link_can_be_taken_back(client, provider, linked):
    client.force_login(linked)
    assert b"Remove the link" in client.get(SECURITY).content

    client.post(reverse("single-sign-on-unlink"))

    assert not SocialAccount.objects.exists()
    assert b"Link single sign-on" in client.get(SECURITY).content
    client.logout()
    assert come_back(client, "single-sign-on").url == "/accounts/login/"


def test_a_provider_that_does_not_answer_is_said(client, settings, provider):
    provider.shutdown()
    provider.server_close()

    answer = client.post(reverse("single-sign-on"))

    assert answer.url == "/accounts/login/"


def test_confused_algorithm_opens_nothing(client, provider, linked):
    """Signed with the public key as if it were a shared secret."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    body = base64.urlsafe_b64encode(b'{"sub":"subject-1"}').rstrip(b"=").decode()
    provider.token = {"id_token": f"{head}.{body}.AAAA"}

    assert come_back(client, "single-sign-on").url == "/accounts/login/"
