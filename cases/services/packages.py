"""What a mission does with a letter it received, and the answer to its request for time."""

from datetime import date
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases import audit, clocks, deadlines, gates, tasks
from cases.lifecycles import ReplyStatus
from cases.models import Communication, Extension, Package, Receipt
from cases.models.deadline import DeadlineKind
from cases.models.package import ExtensionDecision, ReceiptKind
from cases.policy import May, require, require_on_package
from cases.refusals import Refused, Stale
from cases.services import communications, identities, notices, records


@transaction.atomic
def read_package(package: Package, *, by: User) -> None:
    """Say that the mission opened the letter; the first time leaves a receipt."""
    require_on_package(by, May.READ_PACKAGE, package)
    _receipt(package, ReceiptKind.READ, by=by)
    audit.read(package, by=by)


@transaction.atomic
def acknowledge(package: Package, *, by: User) -> None:
    """Acknowledge receipt, once. It is never counted as an answer."""
    require_on_package(by, May.READ_PACKAGE, package)
    if _receipt(package, ReceiptKind.ACKNOWLEDGED, by=by):
        audit.record("acknowledged", package, by=by)


@transaction.atomic
def ask_extension(package: Package, *, by: User, until: date, reason: str) -> Extension:
    """Ask for time. The due date stays until the request is granted."""
    require_on_package(by, May.WRITE_REPLY, package)
    package = Package.objects.select_for_update().get(pk=package.pk)
    if package.due_at is None:
        raise Refused(_("This letter has no date by which a reply is due."))
    if package.replies.filter(status=ReplyStatus.SUBMITTED).exists():
        raise Refused(_("A reply was submitted; there is nothing to extend."))
    if until <= clocks.geneva(package.due_at).date():
        raise Refused(_("Ask for a day after the present due date."))
    try:
        with transaction.atomic():
            extension = Extension(package=package, until=until, reason=reason, asked_by=by)
            extension.full_clean(
                exclude=["package", "asked_by", "decided_by"], validate_unique=False
            )
            extension.save()
    except IntegrityError as error:
        raise Refused(_("Your earlier request for time has not been answered yet.")) from error
    audit.record("extension_asked", extension, by=by)
    transaction.on_commit(partial(tasks.take_in.delay, str(package.pk)))
    return extension


def decide_extension(extension: Extension, *, by: User, grant: bool, answer: str = "") -> Extension:
    """Grant or refuse time, with words for the mission. Granting moves the due date.

    Words that identify somebody are refused, and the refusal is written down: it tells whoever
    typed a name that it is the right one.
    """
    try:
        return _decide(extension, by=by, grant=grant, answer=answer)
    except _Named:
        case = extension.package.communication.case_id
        audit.read(extension, by=by, case=case, verb="refused_as_naming")
        raise


class _Named(Refused):
    """The words to the mission identify somebody."""


@transaction.atomic
def _decide(extension: Extension, *, by: User, grant: bool, answer: str) -> Extension:
    letter = extension.package.communication
    case = records.locked_case(letter.case)
    require(by, May.DECIDE_EXTENSION, case)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if extension.decision != ExtensionDecision.ASKED:
        raise Stale(extension, _("This request was decided already."))
    if not grant and not answer.strip():
        raise Refused(_("Tell the mission why time is refused."))
    gates.require_open([gates.not_stopped(case)])
    _require_nobody_named(letter, answer, by=by)
    extension.decision = ExtensionDecision.GRANTED if grant else ExtensionDecision.REFUSED
    extension.decided_by, extension.decided_at, extension.answer = by, timezone.now(), answer
    extension.save()
    if grant:
        _move_due_date(extension)
    deadlines.meet(case, DeadlineKind.EXTENSION, communication=letter)
    audit.record(f"extension_{extension.decision}", extension, by=by, case=case)
    notices.owe(notices.mission_of(extension.package.state), f"extension:{extension.pk}:decided")
    return extension


def _require_nobody_named(letter: Communication, answer: str, *, by: User) -> None:
    """These words go to the State as a letter does: the same leak check reads them."""
    names = identities.names_for(letter, by=by)
    if codes := communications.identified_in(answer, letter.case, by=by, except_for=names):
        raise _Named(_("Something in the answer identifies %(codes)s.") % {"codes": codes})


def _move_due_date(extension: Extension) -> None:
    package = Package.objects.select_for_update(of=("self",)).get(pk=extension.package_id)
    letter = extension.package.communication
    if package.due_at is None:
        raise Refused(_("This letter has no date by which a reply is due."))
    package.due_at = clocks.extend(package.due_at, extension.until)
    package.save(update_fields=["due_at"])
    if package.replies.filter(status=ReplyStatus.SUBMITTED).exists():
        return  # answered meanwhile: nobody is to be reminded of a reply any more
    deadlines.open_deadline(
        letter.case, DeadlineKind.RESPONSE, due_at=package.due_at, communication=letter
    )


def _receipt(package: Package, kind: ReceiptKind, *, by: User) -> bool:
    _row, created = Receipt.objects.get_or_create(package=package, kind=kind, defaults={"by": by})
    if created:
        transaction.on_commit(partial(tasks.take_in.delay, str(package.pk)))
    return created
