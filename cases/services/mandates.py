"""Who speaks for which mandate, and what a mandate writes to States."""

from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import Role, User
from cases.models import CommunicationRule, Mechanism
from cases.policy import ROLES, May
from cases.vocabulary import CommunicationType


class Leads(NamedTuple):
    """The mandates for which somebody may prepare a letter."""

    own: list[Mechanism]  # those of their offices
    others: list[Mechanism]

    def find(self, code: str) -> Mechanism | None:
        return next((lead for lead in [*self.own, *self.others] if lead.pk == code), None)


def leads_for(user: User) -> Leads:
    """An officer of mechanisms writes for those of their offices alone; a desk may for any."""
    drafting = {place.role for place in user.memberships_now} & ROLES[May.DRAFT_LETTER]
    offices = {place.office_id for place in user.memberships_now}
    own = list(writing().filter(offices__in=offices).distinct())
    if drafting <= {Role.MECHANISM_OFFICER}:
        return Leads(own, [])
    return Leads(own, list(writing().exclude(pk__in=[lead.pk for lead in own])))


def writing() -> QuerySet[Mechanism]:
    """The mandates that write to States, alone or with others."""
    rules = CommunicationRule.objects.filter(active=True, type__in=CommunicationType.values)
    return Mechanism.objects.exclude(active=False).filter(pk__in=rules.values("mechanism"))


def rules_of(lead: Mechanism) -> list[CommunicationRule]:
    """The letters that this mandate writes to States, each with its windows."""
    order = {code: place for place, code in enumerate(CommunicationType.values)}
    rules = CommunicationRule.objects.filter(mechanism=lead, active=True, type__in=order)
    return sorted(rules, key=lambda rule: order[rule.type])


def mandates_held(user: User) -> set[str]:
    """The codes of the mandates whose holder this is; a closed office holds none."""
    offices = user.offices_with({Role.MANDATE_HOLDER})
    return set(Mechanism.objects.filter(offices__in=offices).values_list("pk", flat=True))
