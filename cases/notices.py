"""Notices we owe: whom, and delivering them. They say that something waits; nothing else."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Role, User
from cases.models import Case, Notice
from cases.models.exclusion import free_of_conflict

# The queue had this long; then the sweep takes over.
STALE = timedelta(minutes=5)
BATCH = 500


def owe(people: Iterable[User], key: str) -> list[UUID]:
    """Write the debts that are new. Returns their ids; who was told for this key gets none."""
    rows = [Notice(recipient=person, key=key) for person in people]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    ids = [row.pk for row in rows]
    return list(Notice.objects.filter(pk__in=ids).values_list("pk", flat=True))


def officers_of(case: Case) -> list[User]:
    if case.owner_id:
        return list(User.objects.filter(pk=case.owner_id, is_active=True))
    focal_points = User.objects.filter(
        memberships__office=case.office_id, memberships__role=Role.FOCAL_POINT, is_active=True
    )
    return list(free_of_conflict(focal_points.distinct(), case))


def mission_of(state_id: str) -> list[User]:
    return list(User.objects.filter(memberships__office__state=state_id, is_active=True).distinct())


@transaction.atomic
def deliver(notice_id: UUID | str) -> bool:
    """Send one notice, unless it is sent already or in another worker's hands.

    At least once: a worker killed between the mail server's yes and our commit sends again, with
    the same Message-ID. A second mail is better than none.
    """
    owed = Notice.objects.select_for_update(of=("self",), skip_locked=True).owed()
    notice = owed.filter(pk=notice_id).select_related("recipient").first()
    if notice is None:
        return False
    if notice.recipient.is_active:
        _mail(notice)
    notice.sent_at = timezone.now()
    notice.save(update_fields=["sent_at"])
    return True


def _mail(notice: Notice) -> None:
    url = settings.PORTAL_URL if notice.recipient.state_id else settings.CONSOLE_URL
    with override(notice.recipient.language):
        EmailMessage(
            subject=_("Something waits for you"),
            body=render_to_string("emails/notice.txt", {"url": url}),
            to=[notice.recipient.email],
            headers={"Message-ID": f"<{notice.pk}@notices.invalid>"},
        ).send()


def lost() -> list[UUID]:
    """Debts that the queue should have paid by now, the oldest first, one batch."""
    old = Notice.objects.owed().filter(created_at__lt=timezone.now() - STALE)
    return list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH])
