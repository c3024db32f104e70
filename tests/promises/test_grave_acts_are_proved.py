"""What gives access, shows a name, sends, or destroys asks for proof of the last five minutes.

Asked of each address, before anybody looks whether its row exists: an old proof and a new one are
told apart there, whoever comes. Sending a letter and deciding on a request ask once their row is
found: tests/console/communications/test_transmissions.py, tests/console/test_identity_requests.py.
The same acts of machines: tests/api/test_doors.py.
"""

import pytest

from tests.factories import journey
from tests.factories.accounts import prove
from tests.promises.routes import routes

pytestmark = pytest.mark.django_db

GRAVE = {
    "case-assign",
    "case-conclude",
    "case-conflict",
    "case-dispose",
    "case-give",
    "case-lift-stop",
    "case-show",
    "case-transfer",
    "case-unshow",
    "assignment-end",
    "disposal-decide",
    "extension-decide",
    "hold-lift",
    "identity-break-glass",
    "identity-reveal",
    "invitation-resend",
    "letter-clear",
    "letter-names",
    "lock-detail",
    "lock-set",
    "membership-end",
    "office-invite",
    "person-ties",
    "recusal-end",
    "signatory-answer",
    "transfer-answer",
}


def asked(client, path: str) -> bool:
    """Whether the answer to a post is the question who sits there."""
    return b"Is it still you?" in client.post(path, {"reason": "Because"}).content


def test_an_old_proof_is_asked_for_again_and_a_new_one_is_not(client):
    who = journey.cast()
    paths = {route.name: route.path for route in routes("console")}
    client.force_login(who.reviewer)

    prove(client, who.reviewer, ago=301)
    assert {name for name in GRAVE if not asked(client, paths[name])} == set()
    prove(client, who.reviewer)
    assert {name for name in GRAVE if asked(client, paths[name])} == set()


def test_what_asks_is_in_the_list(client):
    """Whoever guards a page more says here which."""
    who = journey.cast()
    client.force_login(who.reviewer)
    prove(client, who.reviewer, ago=301)
    ours = [route for route in routes("console") if not route.path.startswith(OTHERS)]
    assert {route.name for route in ours if asked(client, route.path)} == GRAVE


YES, NO = ("GRANTED", "CONDITIONS", "BEHALF"), ("REFUSED", "WITHDRAWN", "UNREACHABLE", "NOTASKED")


@pytest.mark.parametrize("ago", [0, 301])
def test_a_yes_is_written_in_person_and_a_no_at_once(client, ago):
    """A yes opens what may leave; whoever takes back is never kept waiting."""
    who = journey.cast()
    case, tells = journey.recorded(who), {"person": "", "scope": "STW"}
    client.force_login(who.focal)
    prove(client, who.focal, ago=ago)
    for path in (f"/cases/{case.pk}/add/consent/", f"/cases/{case.pk}/record/consent/"):
        for status in (*YES, *NO):
            page = client.post(path, {**tells, "status": status, "go": "stay"}).content
            assert (b"Is it still you?" in page) == (status in YES and ago > 0), status


# One's own account and tokens (tests/accounts/test_step_up.py), and doors of other kinds.
OTHERS = ("/accounts/", "/admin/", "/api/", "/language/", "/healthz")
