"""Clients of the machines' door, as somebody."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.factories.journey import Cast, cast

ROOT = "/api/v1/"


class Machine(APIClient):
    """Addresses are given from the noun on; what it sends is JSON."""

    default_format = "json"
    person: User

    def generic(self, method, path, *args, **kwargs):
        path = path if path.startswith(("/", "http")) else ROOT + path
        return super().generic(method, path, *args, **kwargs)

    def send(self, path, data=None, seen=None, method="patch"):
        """A change, by whoever saw version `seen`."""
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        return getattr(self, method)(path, data or {}, headers=headers)

    def put_in(self, path, data=None, code=201):
        """What must succeed: the answer's row."""
        answer = self.post(path, data or {})
        assert answer.status_code == code, answer.content
        return answer.json() if answer.content else None


def machine(user) -> Machine:
    client = Machine()
    client.force_login(user)
    return client


@pytest.fixture
def who(db) -> Cast:
    return cast()
