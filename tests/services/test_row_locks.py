"""The case is held before anybody looks whether a part of it may go: nothing leaves in between."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import intake
from cases.refusals import Refused
from cases.services import elements, evidence, packages, people, sources
from tests.factories import journey
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def asked_of_the_database(call):
    with CaptureQueriesContext(connection) as asked:
        call()
    said = [query["sql"] for query in asked]
    return [sql for sql in said if not sql.startswith(("SAVEPOINT", "RELEASE"))]


@pytest.mark.parametrize(
    ("rows", "call"),
    [
        ("persons", people.remove_person),
        ("elements", elements.remove_element),
        ("sources", sources.remove_source),
        ("evidence", evidence.remove_evidence),
        ("evidence", lambda row, by: evidence.attach(row, upload(pdf(), "a.pdf"), by=by)),
    ],
)
def test_the_case_is_held_first(who, rows, call):
    case = journey.recorded(who)
    evidence.record_evidence(case, by=who.focal, kind="PHOTO", upload=upload(pdf(), "b.pdf"))
    row = getattr(case, rows).select_related("case").last()

    first, *_rest = asked_of_the_database(lambda: call(row, by=who.focal))

    assert 'FROM "cases_case"' in first and "FOR UPDATE" in first


def test_intake_holds_the_case_before_the_letter(who):
    """Like everybody else: two who hold one each and want the other's would wait for ever."""
    package = journey.transmitted(who)
    packages.read_package(package, by=who.mission)

    said = asked_of_the_database(lambda: intake.take_in(package.pk))

    locks = [sql for sql in said if "FOR UPDATE" in sql]
    assert ['OF "cases_case"' in sql for sql in locks] == [True, False]
    assert 'OF "cases_communication"' in locks[1]


def test_no_file_is_kept_for_evidence_that_is_gone(who, settings):
    case = journey.recorded(who)
    gone = evidence.record_evidence(case, by=who.focal, kind="PHOTO")
    evidence.remove_evidence(case.evidence.get(), by=who.focal)

    with pytest.raises(Refused, match="removed this evidence"):
        evidence.attach(gone, upload(pdf(), "a.pdf"), by=who.focal)

    assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []
