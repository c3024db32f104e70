"""The drill of an order for all data on somebody: what there is can be proved, and is not read."""

import base64
import csv
import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as house
from django.core.management import CommandError, call_command
from django.db import connection

from cases import disclosure, files
from cases.models import AuditEvent, Case, Identity, PortalDraft
from cases.services import acts, drafts, evidence
from cases.vault import Place, Ring, Tampered, UnknownKey, VaultError, unseal, upkeep
from cases.vault.errors import RingMissing
from cases.vault.upkeep import FILE
from tests.factories import journey
from tests.promises.canaries import STEM, Canaries, sniff
from tests.promises.world import build
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db

# What is sealed and hangs on no case, and why.
ELSEWHERE = {
    "Draft": "found by the ids in its address",
    "PortalDraft": "found by the ids in its address",
    "Lock": "why an account was shut",
    "Search": "what an officer looked for, kept a day for them alone",
}
OTHER_KEY = base64.b64encode(b"x" * 32).decode()


def account(case, *code) -> tuple[list[disclosure.Holding], str]:
    """What the command says, as rows and as it is."""
    out, err = StringIO(), StringIO()
    call_command("vault", "account", case.reference, *code, stdout=out, stderr=err)
    head, *rows = csv.reader(StringIO(out.getvalue()))
    assert head == list(disclosure.Holding._fields)
    lines: list[Any] = rows  # all of it words
    return [disclosure.Holding(*line) for line in lines], out.getvalue() + err.getvalue()


def bytes_of(one) -> bytes:
    """As whoever holds the machines finds them, past everything of ours."""
    if one.column == FILE:
        [path] = (Path(house.FILES_DIR) / one.ring).glob(f"*/{one.row}.sealed")
        return path.read_bytes()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {one.column} FROM {one.table} WHERE id::text = %s", [one.row])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def opened(one) -> bytes:
    if one.column == FILE:
        return b"".join(files.read(one.row, Ring(one.ring)))
    version = int(one.version) if one.version else None
    return unseal(bytes_of(one), Place(one.table, one.column, one.row, version), Ring(one.ring))


def test_without_a_key_the_account_is_whole_and_true_and_nothing_can_be_read(settings):
    w = build(Canaries())
    words = {place: word for place, word in w.canaries.items() if word.startswith(STEM)}
    settings.KEY_RINGS = {}
    told = {case.pk: account(case) for case in Case.objects.all()}
    for case in w.cases:
        rows, said = told[case.pk]
        assert len(rows) > 30
        assert not sniff(said.encode(), words)
        for one in rows:
            raw = bytes_of(one)
            assert (str(len(raw)), hashlib.sha256(raw).hexdigest()) == (one.size, one.sha256)
            assert not sniff(raw, words)
            with pytest.raises(RingMissing):
                opened(one)
    _is_whole([one for rows, _said in told.values() for one in rows])


def _is_whole(told) -> None:
    """The accounts of all cases are all that the vault holds, each value once."""
    apart = {apps.get_model("cases", name)._meta.db_table for name in ("Lock", "Search")}
    sealed = [row for row in upkeep.everything() if row.table not in apart]
    places = [(one.table, one.column, one.row) for one in told if one.column != FILE]
    assert len(places) == len(set(places))
    assert set(places) == {(row.table, row.column, row.row) for row in sealed if row.table != FILE}
    resting = {str(pk) for ring in Ring for pk in files.resting(ring)}
    assert {one.row for one in told if one.column == FILE} == resting
    assert len(resting) > 8
    assert {one.ring for one in told} == {"vault", "portal"}


def test_with_other_keys_nothing_opens_and_with_ours_all_of_it(settings):
    who = journey.cast()
    case = journey.recorded(who)
    evidence.record_evidence(case, by=who.focal, kind="OTH", upload=upload(pdf(), "a.pdf"))
    rows, _said = account(case, "V-1")
    rows += account(case)[0]
    ours, ids = settings.KEY_RINGS, {one.ring: one.key for one in rows}
    settings.KEY_RINGS = {ring: f"{key}:{OTHER_KEY}" for ring, key in ids.items()}
    for one in rows:
        with pytest.raises(Tampered):
            opened(one)
    settings.KEY_RINGS = dict.fromkeys(ids, f"another:{OTHER_KEY}")
    for one in rows:
        with pytest.raises((UnknownKey, VaultError)):
            opened(one)
    settings.KEY_RINGS = ours
    texts = b"\n".join(opened(one) for one in rows)
    assert journey.NAME.encode() in texts
    assert journey.NARRATIVE.encode() in texts
    assert b"%PDF" in texts


def test_each_noun_that_holds_something_sealed_leads_to_its_case_or_says_why_not():
    nouns = {model.__name__ for model in upkeep.nouns() if not disclosure.ways(model, Case)}
    assert nouns == set(ELSEWHERE)


def test_the_account_of_one_person_is_theirs_and_no_other():
    who = journey.cast()
    case, other = journey.recorded(who), journey.recorded(who, name="Tamsin Overbeck")
    person = case.persons.get()
    acts.edit_act(case.acts.get(), by=who.focal, version=1, description="Taken at the gate")
    drafts.keep_typed_work(who.focal.pk, f"/persons/{person.pk}/edit/", {"description": ["typed"]})
    rows, said = account(case, "V-1")
    tables = {one.table for one in rows}

    texts = b"\n".join(opened(one) for one in rows)
    assert journey.NAME.encode() in texts
    assert b"Taken at the gate" in texts
    assert b"typed" in texts
    assert journey.NARRATIVE.encode() not in texts
    assert {"cases_identity", "cases_act", "cases_draft"} <= tables
    assert {one.row for one in rows if one.table == "cases_identity"} == {
        str(Identity.objects.get(person=person).pk)
    }
    assert not {one.row for one in rows} & {one.row for one in account(other)[0]}
    assert {one.row for one in rows} < {one.row for one in account(case)[0]}
    assert "rows of the audit" in said
    assert disclosure.beside(person).tokens > 0
    assert 0 < disclosure.beside(person).audit < disclosure.beside(case).audit


def test_what_a_mission_has_begun_to_write_is_found_by_its_address():
    who = journey.cast()
    package = journey.transmitted(who)
    PortalDraft.objects.create(
        user=who.mission, path=f"/replies/{package.pk}/", content={"text": "We"}
    )
    rows, _said = account(package.communication.case)
    assert "cases_portaldraft" in {one.table for one in rows}


def test_the_account_is_in_the_audit_and_asks_for_somebody_who_is_there():
    who = journey.cast()
    case = journey.recorded(who)
    for words in ([case.reference, "V-9"], ["RP-0000-00"]):
        with pytest.raises(CommandError, match="no such case"):
            call_command("vault", "account", *words, stdout=StringIO(), stderr=StringIO())
    assert not AuditEvent.objects.filter(verb="accounted").exists()
    account(case, "S-1")
    [event] = AuditEvent.objects.filter(verb="accounted")
    assert (event.case, event.actor, event.noun) == (case.pk, None, "source")
    assert event.subject == str(case.sources.first().pk)
