"""The least that makes a person, an office and a membership."""

import time
from typing import Any

import factory
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from factory.django import DjangoModelFactory

from accounts.models import MISSION_ROLES, Membership, Office, OfficeKind, Role, User
from cases.models import State

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        """Without a password unless one is asked for: to stretch one takes half a second."""
        return User.objects.create_user(**kwargs)


class OfficeFactory(DjangoModelFactory[Office]):
    class Meta:
        model = Office

    kind = OfficeKind.DESK
    name = factory.Sequence(lambda n: f"Desk {n}")


def mission_of(code: str = "XAA") -> Office:
    """The permanent mission of a fictitious State; the State is made if it is missing."""
    state, __ = State.objects.get_or_create(
        iso3=code, defaults={"status": "synthetic", "names": {"en": f"Synthetic {code}"}}
    )
    found = Office.objects.filter(kind=OfficeKind.MISSION, state=state).first()
    return found or OfficeFactory.create(
        kind=OfficeKind.MISSION, state=state, name=f"Mission of {code}"
    )


def member(office: Office | None = None, role: Role = Role.FOCAL_POINT, **person: Any) -> User:
    """Somebody with one role in one office, as the next request will find them."""
    if office is None:
        office = mission_of() if role in MISSION_ROLES else OfficeFactory.create()
    user = person.pop("user", None) or UserFactory.create(**person)
    Membership.objects.create(office=office, user=user, role=role)
    return User.objects.get(pk=user.pk)


def prove(client: Client, user: User, *, method: str = "password", ago: float = 0) -> None:
    """This session as if its person had proved `ago` seconds ago that it is they."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": time.time() - ago}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()
