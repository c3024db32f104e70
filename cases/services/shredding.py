"""Who somebody is, destroyed: their pseudonym, their case and the record of it stay."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit
from cases.models import Case, Draft, Identity
from cases.policy import May, require_in_office
from cases.services import records
from cases.vocabulary import ShredReason


@transaction.atomic
def shred_identity(identity: Identity, *, by: User, reason: ShredReason) -> None:
    """Take an identity out of the database for good, with its tokens and what was typed of it.

    A custodian's act, in the office that holds the case, where no rule keeps them from it. The
    grants to see it end with it; requests keep their history. What backups hold lasts as long as
    they and the key they lie under: docs/keys.md.
    """
    case = records.locked_case(identity.subject.case)
    require_in_office(by, May.SHRED_IDENTITY, case.office_id)
    if not Case.objects.open_to(by).filter(pk=case.pk).exists():
        raise PermissionDenied(_("A conflict of interest keeps you from this case."))
    records.refuse_held(case)
    identity = Identity.objects.select_for_update(of=("self",)).get(pk=identity.pk)
    subject = identity.subject
    detail = {"of": subject.code, "reason": ShredReason(reason).value}
    audit.record("shredded", identity, by=by, case=case, detail=detail)
    Draft.objects.filter(path__contains=str(subject.pk)).delete()
    identity.delete()
    records.touch(case)
