import time

import pytest
from django.core import mail
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _count_attempts_from_zero():
    """The throttle counts in Redis, which no test rolls back."""
    cache.clear()


@pytest.fixture
def portal(settings):
    """This process as the portal's; without it, the tests here are the console's."""
    settings.DOOR = "portal"
    settings.ROOT_URLCONF = "reprisals.urls_portal"


@pytest.fixture
def letters():
    """Mails leave in a thread of their own: wait for as many as are promised."""

    def wait(count: int) -> list[mail.EmailMessage]:
        for _attempt in range(200):
            if len(mail.outbox) >= count:
                break
            time.sleep(0.01)
        assert len(mail.outbox) == count
        return mail.outbox

    return wait
