"""A letter transmitted to one State, its mission at the portal, and the mission of another."""

import pytest
from django.test import Client

from accounts.models import Role
from cases.models import Package
from cases.services import replies
from tests.factories import journey, member, mission_of


@pytest.fixture(autouse=True)
def _at_the_portal(portal):
    """Every test here is the portal's own process."""


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def package(who) -> Package:
    return journey.transmitted(who)


@pytest.fixture
def reply(package, who):
    return replies.start_reply(package, by=who.mission)


@pytest.fixture
def submitted(package, who):
    return journey.replied(package, who)


@pytest.fixture
def browser(who) -> Client:
    return signed_in(who.mission)


@pytest.fixture
def head(who):
    """The other role of a mission, in the same office."""
    return member(mission_of("XAA"), Role.MISSION_HEAD)


@pytest.fixture
def stranger() -> Client:
    return signed_in(member(mission_of("XBB"), Role.MISSION_HEAD))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client
