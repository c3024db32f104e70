"""A database filled by COPY holds what the services would have written."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from bench.fill import FILLED, fill
from bench.made import uid
from bench.people import email
from cases.chain import broken
from cases.models import AuditEvent, Case, Identity, Package, Reply, TextIndex
from cases.search import in_names, in_words

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = 400


def indexes() -> set[str]:
    tables = [model._meta.db_table for model in FILLED]
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [tables])
        return {definition for (definition,) in cursor}


def test_what_is_filled_opens_is_found_and_is_chained(tmp_path):
    before = indexes()
    fill(NUMBER, tmp_path, lambda _words: None)

    assert Case.objects.count() == NUMBER and AuditEvent.objects.count() == 10 * NUMBER
    case = Case.objects.get(pk=uid("case", 7))
    word = case.narrative.rstrip(".").split()[-1]
    assert [one.pk for one in Case.objects.filter(in_words(word))] == [case.pk]
    name = Identity.objects.filter(person__case=case)[0].content["name"]
    assert case in Case.objects.filter(in_names(name, case.owner))
    assert all(package.content["questions"] for package in Package.objects.all()[:5])
    assert Reply.objects.count() > 0 and TextIndex.objects.count() == NUMBER
    focal = User.objects.get(email=email("desk", 0, 0))
    assert 0 < Case.objects.visible_to(focal).count() < NUMBER / 2

    assert list(broken({})) == [] and indexes() == before
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.all().delete()


def test_what_was_filled_before_is_kept(tmp_path):
    fill(10, tmp_path, lambda _words: None)
    first = Case.objects.values_list("recorded_at", flat=True).order_by("pk")[0]
    fill(10, tmp_path, lambda _words: None)
    assert Case.objects.values_list("recorded_at", flat=True).order_by("pk")[0] == first


def test_a_run_that_was_killed_says_how_to_begin_anew(tmp_path):
    (tmp_path / "halfway").touch()
    with pytest.raises(SystemExit, match="rm -r"):
        fill(10, tmp_path, lambda _words: None)


def test_another_edition_is_filled_over_the_one_before(tmp_path, monkeypatch):
    fill(10, tmp_path, lambda _words: None)
    monkeypatch.setattr("bench.fill.EDITION", "another")
    fill(20, tmp_path, lambda _words: None)
    assert Case.objects.count() == 20
