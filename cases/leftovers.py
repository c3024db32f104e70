"""What goes by itself: typed work that nobody came back for, sessions that ended long ago, and
sealed files of which no row tells.

A name typed into a form and never saved stands sealed in its draft; it must not stay for ever.
"""

from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.apps import apps
from django.utils import timezone

from accounts.models import Session
from cases import files
from cases.models import Draft, PortalDraft, Search
from cases.models.attachment import Attachment
from cases.models.draft import KEPT_FOR
from cases.vault import Ring

# No transaction lasts so long: a file older than this and without a row was never kept.
ORPHANED = timedelta(days=1)
BATCH = 500


def sweep() -> None:
    """An ended session stays as long as typed work does: it says whose that is."""
    Draft.objects.over().delete()
    PortalDraft.objects.over().delete()
    Search.objects.over().delete()
    Session.objects.filter(expire_date__lt=timezone.now() - KEPT_FOR).delete()


def sweep_files() -> int:
    """Files whose worker or server died between sealing them and keeping their row."""
    gone = 0
    for ring in Ring:
        found = files.at_rest(ring, before=timezone.now() - ORPHANED)
        while batch := list(islice(found, BATCH)):
            known = _known(ring, {row for row, _path in batch if row})
            for row, path in batch:
                if row not in known:
                    path.unlink(missing_ok=True)
                    gone += 1
    return gone


def _known(ring: Ring, rows: set[UUID]) -> set[UUID]:
    """Which of these a noun that keeps files has."""
    nouns = [model for model in apps.get_models() if issubclass(model, Attachment)]
    return {
        pk
        for noun in nouns
        if noun.ring == ring
        for pk in noun._default_manager.filter(pk__in=rows).values_list("pk", flat=True)
    }
