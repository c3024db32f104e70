"""Letters of the house to its own people. They say that something waits, never what."""

from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Invitation, OfficeKind


def send_apart(message: EmailMessage) -> None:
    """In a thread: the time a mail server takes must not tell which address is known here."""
    Thread(target=message.send).start()


def address_of(door: str) -> str:
    """From the settings, not from the request: a forged Host header must not get into a mail."""
    url = settings.PORTAL_URL if door == "portal" else settings.CONSOLE_URL
    return url.rstrip("/")


def invitation_url(invitation: Invitation, token: str) -> str:
    door = "portal" if invitation.office.kind == OfficeKind.MISSION else "console"
    return address_of(door) + reverse("accounts-invitation-open", args=[token])


def send_invitation(invitation: Invitation, token: str) -> None:
    with translation.override(invitation.language):
        body = render_to_string(
            "emails/invitation.txt",
            {"url": invitation_url(invitation, token), "until": invitation.expires_at},
        )
        send_apart(EmailMessage(_("Your invitation"), body, to=[invitation.email]))
