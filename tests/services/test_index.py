"""The index is made anew for a new key, in pieces, and says what it could not read."""

from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Case, NameIndex, TextIndex
from cases.models.index import made_by
from cases.search import in_names, in_words
from cases.services.index import reindex
from tests.factories import journey
from tests.vault.conftest import key

pytestmark = pytest.mark.django_db
NEW = f"search-2:{key('t')}"


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def rotated(settings, case):
    """A new key before the old one, as an operator puts it."""
    old = settings.KEY_RINGS["search"]
    settings.KEY_RINGS = {**settings.KEY_RINGS, "search": f"{NEW},{old}"}
    return settings


def found(who):
    texts = Case.objects.filter(in_words("internal narrative"))
    names = Case.objects.filter(in_names("Marrowby", who.focal))
    return list(texts), list(names)


def stale():
    rows = TextIndex.objects.exclude(made_by=made_by())
    return rows.count() + NameIndex.objects.exclude(made_by=made_by()).count()


def test_everything_is_found_before_within_and_after(who, case, rotated, capsys):
    everything = stale()
    assert everything
    assert found(who) == ([case], [case])

    list(islice(reindex(), 3))  # stopped in the middle
    assert 0 < stale() < everything
    assert found(who) == ([case], [case])

    call_command("reindex")
    assert stale() == 0
    assert "needed no more" in capsys.readouterr().out
    rotated.KEY_RINGS = {**rotated.KEY_RINGS, "search": NEW}
    assert found(who) == ([case], [case])


def test_the_old_key_alone_is_needed_until_then(who, case, rotated):
    rotated.KEY_RINGS = {**rotated.KEY_RINGS, "search": NEW}

    assert found(who) == ([], [])


def test_what_is_done_is_not_done_again(case, rotated):
    list(reindex())
    assert stale() == 0

    again = [done.row.pk for done in reindex()]

    assert not set(again) & set(TextIndex.objects.values_list("pk", flat=True))
    assert not set(again) & set(NameIndex.objects.values_list("pk", flat=True))


def test_rows_without_an_index_are_given_one(who, case):
    TextIndex.objects.all().delete()
    NameIndex.objects.all().delete()
    assert found(who) == ([], [])

    call_command("reindex")

    assert found(who) == ([case], [case])


def test_a_row_that_cannot_be_opened_is_told_and_the_others_are_done(who, case, rotated):
    element = case.elements.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_element SET statement = '\\x01ff'::bytea WHERE id = %s", [element.pk]
        )

    with pytest.raises(CommandError, match=f"element {element.pk}"):
        call_command("reindex")

    assert found(who) == ([case], [case])
    assert stale() == 1
