"""Sources: who told us stays where somebody's consent came through them."""

import pytest

from cases.models import Consent, Source
from cases.refusals import Refused
from cases.services import consents, sources
from tests.factories import journey

pytestmark = pytest.mark.django_db


def test_a_source_through_whom_consent_was_given_stays():
    who = journey.cast()
    case = journey.recorded(who)
    person, source = case.persons.get(), case.sources.first()
    consents.record_consent(
        case, by=who.focal, person=person, scope="STO", status="BEHALF", given_through=source
    )

    with pytest.raises(Refused, match="given through this source"):
        sources.remove_source(source, by=who.focal)

    assert Consent.objects.get().given_through == source
    sources.remove_source(case.sources.last(), by=who.focal)
    assert Source.objects.get(case=case) == source
