"""What is said in public takes consent by machines too: refused with every reason."""

import pytest

from cases.models import Action
from tests.api.conftest import machine
from tests.factories import journey

pytestmark = pytest.mark.django_db


def test_a_public_action_is_refused_with_every_reason_until_all_is_there(who):
    case = journey.recorded(who)
    person = case.persons.get()
    client = machine(who.focal)
    words = {"case": str(case.pk), "kind": "PR", "named": [str(person.pk)]}

    refused = client.post("actions/", words)

    assert refused.status_code == 409
    reasons = " ".join(refused.json()["reasons"])
    for part in ("Store only", "Public advocacy", "Publish with name", "Risk assessment of V-1"):
        assert part in reasons
    assert not Action.objects.exists()

    journey.shareable(case, who)
    for scope in ("MED", "PBW"):
        journey.said(case, who, person=person, scope=scope, status="GRANTED")
    row = client.put_in("actions/", words)
    assert row["named"] == [str(person.pk)]


def test_a_quiet_action_is_made_public_by_no_edit(who):
    case = journey.shareable(journey.recorded(who), who)
    client = machine(who.focal)
    row = client.put_in("actions/", {"case": str(case.pk), "kind": "CALL"})

    refused = client.send(f"actions/{row['id']}/", {"public": True}, 1)

    assert refused.status_code == 409
    assert client.get(f"actions/{row['id']}/").json()["public"] is False


def test_what_people_asked_for_is_said_to_be_kept_and_is_no_field_of_the_row(who):
    case = journey.shareable(journey.recorded(who), who)
    asked = {"status": "CONDITIONS", "conditions": "Not before the release"}
    journey.said(case, who, person=case.persons.get(), scope="MED", **asked)
    client, words = machine(who.focal), {"case": str(case.pk), "kind": "PR"}

    assert client.post("actions/", words).status_code == 409
    row = client.put_in("actions/", {**words, "conditions_met": "They are free"})

    assert "conditions_met" not in row
    assert case.fulfilments.get().words == "They are free"
