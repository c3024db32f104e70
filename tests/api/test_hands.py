"""Handing a case to another office, and stepping back, by machines."""

import datetime as dt

from django.utils import timezone

from accounts.models import Role
from tests.api.conftest import machine
from tests.factories import OfficeFactory, member
from tests.factories.journey import cast, office_of, recorded


def test_an_office_reads_codes_of_what_is_offered_and_takes_it(db):
    who = cast()
    case = recorded(who)
    there = member(OfficeFactory.create(), Role.FOCAL_POINT)
    giving, taking = machine(who.reviewer), machine(there)
    until = (timezone.now() + dt.timedelta(days=7)).isoformat()
    sent = {"to": str(office_of(there).pk), "reason": "Their State", "expires_at": until}
    assert giving.post("transfers/", {"case": str(case.pk), **sent}).status_code == 201

    (offer,) = taking.get("offers/").json()["results"]
    assert set(offer) == {"id", "what", "from_office", "reason", "expires_at"}
    assert taking.get(f"cases/{case.pk}/").status_code == 404
    assert giving.get(f"offers/{offer['id']}/").status_code == 404
    assert taking.post(f"offers/{offer['id']}/decide/", {"accept": True}).status_code == 204
    assert taking.get(f"cases/{case.pk}/").status_code == 200
    assert giving.get(f"cases/{case.pk}/").status_code == 404


def test_who_steps_back_finds_nothing_more_and_nobody_lets_themselves_in(db):
    who = cast()
    case = recorded(who)
    mine, reviewer = machine(who.focal), machine(who.reviewer)
    assert mine.post("recusals/", {"case": str(case.pk)}).status_code == 204
    assert mine.get(f"cases/{case.pk}/").status_code == 404
    (recusal,) = reviewer.get("recusals/", {"case": str(case.pk)}).json()["results"]
    assert mine.post(f"recusals/{recusal['id']}/end/").status_code == 404
    assert reviewer.post(f"recusals/{recusal['id']}/end/").status_code == 200
    assert mine.get(f"cases/{case.pk}/").status_code == 200
