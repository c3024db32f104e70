"""What is sought: kept sealed for its seeker alone, written down as marks, counted for names.

Looking for a name asks whether somebody is in the system. It takes a role that knows people, finds
only whom one knows (`policy.identities_known`), and has a measure for each hour.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, stems
from cases.models import Search
from cases.policy import May, offices_where, refusal
from cases.refusals import TooOften
from cases.vault import tokens

MOST_FOR_PEOPLE, WITHIN = 30, timedelta(hours=1)


def search(*, by: User, words: str, people: bool = False, again: UUID | None = None) -> Search:
    """The row whose id the address of a list may carry. `people`: in names as well.

    The words of the search `again` sought once more are no second search. Raises PermissionDenied
    where names are none of the person's business, TooOften past the measure; both are in the audit.
    """
    same = Search.objects.of(by).filter(pk=again, people=people).first() if again else None
    if same and same.words == words:
        return same
    if people and not offices_where(by, May.FIND_PEOPLE):
        _written_down(by, "refused", words, people=True)
        raise refusal(May.FIND_PEOPLE)
    with transaction.atomic():
        # Two requests at once are counted one after the other.
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        if not (people and _spent(by)):
            row = Search.objects.create(user=by, words=words, people=people)
            _written_down(by, "searched", words, people=people)
            return row
        _written_down(by, "refused", words, people=True)
    raise TooOften(
        _(
            "Names were looked for %(most)d times within an hour, which is the most. "
            "Texts can still be searched; for names, try again later."
        )
        % {"most": MOST_FOR_PEOPLE}
    )


def _spent(by: User) -> bool:
    since = timezone.now() - WITHIN
    return Search.objects.filter(user=by, people=True, made_at__gte=since).count() >= (
        MOST_FOR_PEOPLE
    )


def _written_down(by: User, verb: str, words: str, *, people: bool) -> None:
    """Never the words: a mark of each, equal where the words are equal."""
    marks = sorted({tokens.mark(word) for word in stems.folded(words).split()})
    audit.read(by, by=by, verb=verb, detail={"search": marks, "people": people})
