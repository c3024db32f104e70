"""T28: whatever somebody writes as a name or an address, a mail has the headers that we gave it."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts import mail as letters
from accounts.models import Invitation, OfficeKind, Role
from cases import notices
from cases.models import Notice
from tests.factories import OfficeFactory, UserFactory, member

pytestmark = pytest.mark.django_db

SPY = "spy@example.org"
TRICKS = [
    f"Ann\r\nBcc: {SPY}",
    f"Ann\nSubject: Wren Aldersey of XAA\nX: {SPY}",
    f"Ann\rCc: {SPY}",
    f"Ann\u2028Bcc: {SPY}",
    f'"Ann" <{SPY}>, a',
    f"Ann%0d%0aBcc: {SPY}",
]
OURS = {"Subject", "From", "To", "Message-ID", "Date", "MIME-Version", "Content-Type"}
OURS |= {"Content-Transfer-Encoding"}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_name_is_never_in_a_header(trick, monkeypatch):
    monkeypatch.setattr(letters, "send_apart", lambda message: message.send())
    office = OfficeFactory(name=trick[:80], kind=OfficeKind.ENTITY)
    told = UserFactory(name=trick, email="ann@example.org")
    notices.owe([told], f"letter:{trick}"[:60])
    notices.deliver(Notice.objects.get().pk)
    invited = Invitation(email="new@example.org", office=office, role=Role.FOCAL_POINT)
    letters.send_invitation(invited, "token")

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        sent = message.message()
        assert set(sent.keys()) <= OURS
        assert sent["To"] in ("ann@example.org", "new@example.org")
        assert sent["Subject"] in ("Something waits for you", "Your invitation")
        assert SPY not in sent.as_string() and "Wren" not in sent.as_string()


@pytest.mark.parametrize("trick", TRICKS)
def test_an_address_that_is_more_than_one_is_refused_in_words(client, trick):
    head = member(role=Role.ADMINISTRATOR)
    client.force_login(head)
    office = head.memberships.get().office
    page = reverse("office-invite", args=[office.pk])
    answer = client.post(page, {"email": f"{trick}@example.org", "role": Role.FOCAL_POINT.value})
    assert answer.status_code in (200, 302, 403, 405)
    assert not Invitation.objects.exists() and mail.outbox == []
