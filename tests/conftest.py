"""What every test stands on: the reference data, empty caches, nothing of another test."""

import pytest
from django.core.cache import cache

from cases.models.access import view_permission_id
from cases.models.term import forget_terms
from cases.services.reference import load_reference


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Reference data once for the whole run: it is read, never written, by the tests."""
    with django_db_blocker.unblock():
        load_reference()


@pytest.fixture(autouse=True)
def _reference_again_after_a_flush(request):
    """A test with real commits ends in a flush: permissions get new ids, terms are gone."""
    view_permission_id.cache_clear()
    if {"transactional_db", "live_server"} & set(request.fixturenames) or _commits(request):
        request.getfixturevalue("transactional_db")
        load_reference()
        forget_terms()


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def _empty_cache():
    """The throttle counts in Redis, which no test rolls back."""
    cache.clear()


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def portal(settings):
    """This process as the portal's; without it, tests are the console's."""
    settings.DOOR = "portal"
    settings.ROOT_URLCONF = "reprisals.urls_portal"


@pytest.fixture
def submission(settings):
    settings.DOOR = "submission"
    settings.ROOT_URLCONF = "reprisals.urls_submission"
