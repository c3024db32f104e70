"""What is sealed is bound to the version of its row: nothing earlier can be put back unseen."""

import pytest
from django.db import models, transaction
from django.db.models import F

from cases.models.noun import Editable
from cases.vault import NotSealable, RingMissing, Sealed, SealedTextField, Tampered
from tests.vault.note import TEXT, Paper, loaded, put, stored

pytestmark = pytest.mark.usefixtures("table")


def raised(paper, **fields) -> Paper:
    """Saved by the next writer, who changed these fields."""
    again = loaded(paper)
    for name, value in fields.items():
        setattr(again, name, value)
    again.version += 1
    again.save()
    return again


def test_an_earlier_text_put_back_is_refused(paper):
    earlier = stored(paper)
    raised(paper, narrative="withdrawn")
    put(paper, earlier)

    with pytest.raises(Tampered, match="put back"):
        _text = loaded(paper).narrative
    assert loaded(paper).summary == "short"


def test_a_text_that_did_not_change_is_bound_to_the_new_version_too(paper):
    earlier = stored(paper, "summary")
    raised(paper, narrative="changed")

    assert loaded(paper).summary == "short"
    put(paper, earlier, "summary")
    with pytest.raises(Tampered):
        _text = loaded(paper).summary


def test_what_was_put_back_is_not_made_good_by_the_next_writer(paper):
    earlier = stored(paper, "summary")
    raised(paper, summary="changed")
    put(paper, earlier, "summary")

    again = loaded(paper)
    with pytest.raises(Tampered):
        again.version += 1


def test_a_text_of_a_later_version_is_refused_by_the_earlier_row(paper):
    raised(paper)
    later = stored(paper)
    Paper.objects.all().delete()
    again = Paper.objects.create(id=paper.pk, narrative=TEXT)
    put(again, later)

    with pytest.raises(Tampered):
        _text = loaded(paper).narrative


@pytest.mark.parametrize("names", [["version"], ["narrative"], ["kind", "version"], {"summary"}])
def test_a_part_of_the_row_is_saved_with_all_that_is_bound_together(paper, names):
    again = loaded(paper)
    again.version += 1
    again.narrative = "changed"
    again.save(update_fields=names)

    after = loaded(paper)
    assert (after.version, after.narrative, after.summary) == (2, "changed", "short")


def test_another_part_of_the_row_is_saved_alone(paper, settings):
    before, again = stored(paper), loaded(paper)
    settings.KEY_RINGS = {}
    again.kind = "sent"
    again.save(update_fields=["kind"])
    again.save()

    assert (loaded(paper).kind, stored(paper)) == ("sent", before)


@pytest.mark.parametrize("rows", [Paper.objects.defer("summary"), Paper.objects.only("kind")])  # type: ignore[misc]
def test_a_text_that_was_not_loaded_is_sealed_anew_with_the_rest(paper, rows):
    again = rows.get(pk=paper.pk)
    again.version += 1
    again.save()

    after = loaded(paper)
    assert (after.version, after.narrative, after.summary) == (2, TEXT, "short")


def test_a_row_that_was_read_again_opens_at_its_new_version(paper):
    again = loaded(paper)
    raised(paper, narrative="theirs")
    again.refresh_from_db()

    assert isinstance(again.__dict__["narrative"], Sealed)
    assert (again.version, again.narrative) == (2, "theirs")


def test_the_same_version_again_opens_nothing(paper, settings):
    again = loaded(paper)
    settings.KEY_RINGS = {}
    again.version = 1

    assert isinstance(again.__dict__["narrative"], Sealed)
    with pytest.raises(RingMissing):
        again.version = 2


def test_no_query_sets_a_version(paper):
    for value in (2, F("version") + 1):
        with pytest.raises(NotSealable, match="in a query"), transaction.atomic():
            Paper.objects.update(version=value)
    with pytest.raises(NotSealable), transaction.atomic():
        Paper.objects.bulk_update([loaded(paper)], ["version"])
    with pytest.raises(NotSealable, match="computed"):
        paper.version = F("version") + 1

    assert loaded(paper).narrative == TEXT


def test_many_rows_are_made_at_once_with_their_versions():
    papers = Paper.objects.bulk_create([Paper(narrative=f"text {n}") for n in range(3)])

    assert [loaded(paper).narrative for paper in papers] == [f"text {n}" for n in range(3)]


def test_a_version_of_another_kind_is_refused_by_the_checks():
    class Other(models.Model):
        version = models.IntegerField()
        text = SealedTextField()

        class Meta:
            app_label = "vault_tests"

        def __str__(self):
            return ""

    assert "VersionField" in " ".join(e.msg for e in Other._meta.get_field("text").check())


def test_each_noun_that_people_edit_has_such_a_version():
    nouns = [noun for noun in Editable.__subclasses__() if not noun._meta.abstract]

    assert len(nouns) > 3
    for noun in nouns:
        _name, path, _args, kwargs = noun._meta.get_field("version").deconstruct()
        assert (path, kwargs["default"]) == ("django.db.models.PositiveIntegerField", 1)
