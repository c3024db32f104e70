"""Conflicts of interest: the ties that an administrator writes down, and stepping back."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from cases import audit
from cases.models import Case, Recusal, State, Tie
from cases.models.exclusion import Bond
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import hands, notices, records


@transaction.atomic
def set_ties(
    person: User, *, by: User, nationalities: Iterable[State], seconded_by: State | None
) -> int:
    """Say to which States a person is bound; what they hold of cases there is let go at once.

    Returns the number of cases let go. Raises PermissionDenied for anybody but an administrator,
    and Refused for members of a mission, who never see a case, and for one's own ties.
    """
    if not by.offices_with({Role.ADMINISTRATOR}):
        raise PermissionDenied(_("Only an administrator writes down ties to a State."))
    if person.pk == by.pk:
        raise Refused(_("Another administrator writes down your ties."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.state_id:
        raise Refused(_("Members of a mission never see a case; there is nothing to exclude."))
    Tie.objects.filter(user=person).delete()
    ties = [Tie(user=person, state=state, bond=Bond.NATIONALITY) for state in set(nationalities)]
    if seconded_by:
        ties.append(Tie(user=person, state=seconded_by, bond=Bond.SECONDMENT))
    Tie.objects.bulk_create(ties)
    audit.record("ties_written", person, by=by, detail={"number": len(ties)})
    barred = hands.held_by(person).filter(state__in=[tie.state for tie in ties])
    return hands.hand_over(barred, person=person, by=by, to=None)


@transaction.atomic
def recuse(case: Case, *, by: User, person: User | None = None, reason: str = "") -> Recusal:
    """Step back from a case, or say for a colleague that they must; in force with the next click.

    Raises Refused where this person has stepped back already.
    """
    case = records.locked_case(case)
    person = person or by
    require(by, May.VIEW_CASE if person == by else May.RECUSE, case)
    if Recusal.objects.in_force().filter(case=case, user=person).exists():
        raise Refused(_("This person has stepped back from this case already."))
    hands.let_go(case, person=person, by=by)
    recusal = Recusal.objects.create(case=case, user=person, reason=reason, declared_by=by)
    audit.record("recused", recusal, by=by, case=case, detail={"of": str(person.pk)})
    told = notices.reviewers_of(case, but=by)
    notices.owe([one for one in told if one != person], f"recused:{recusal.pk}")
    return recusal


@transaction.atomic
def end_recusal(recusal: Recusal, *, by: User) -> Recusal:
    """Let a person see the case again as their offices do; nothing that ended comes back."""
    case = records.locked_case(recusal.case)
    require(by, May.RECUSE, case)
    recusal = Recusal.objects.select_for_update(of=("self",)).get(pk=recusal.pk)
    if recusal.ended_at:
        raise Refused(_("This recusal has ended already."))
    if recusal.user_id == by.pk:
        raise Refused(_("Nobody ends their own recusal."))
    recusal.ended_at, recusal.ended_by = timezone.now(), by
    recusal.save(update_fields=["ended_at", "ended_by"])
    audit.record("recusal_ended", recusal, by=by, case=case, detail={"of": str(recusal.user_id)})
    return recusal
