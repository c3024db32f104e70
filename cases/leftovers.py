"""What goes by itself: typed work that nobody came back for, and sessions that ended long ago.

A name typed into a form and never saved stands sealed in its draft; it must not stay for ever.
"""

from django.utils import timezone

from accounts.models import Session
from cases.models import Draft, PortalDraft
from cases.models.draft import KEPT_FOR


def sweep() -> None:
    """An ended session stays as long as typed work does: it says whose that is."""
    Draft.objects.over().delete()
    PortalDraft.objects.over().delete()
    Session.objects.filter(expire_date__lt=timezone.now() - KEPT_FOR).delete()
