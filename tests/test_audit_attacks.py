"""Security test T15: whatever the owner of the table does to the audit is found, and where.

The adversary owns the table, switches its triggers off, knows how hashes are made and writes any
anchor; only the signing key is not theirs.
"""

import base64
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import anchors, chain, proof, tasks
from cases.chain import Wrong
from cases.models import AuditEvent

pytestmark = pytest.mark.django_db
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
LOCK = "SELECT pg_advisory_lock(5424, 0)"
LANES, ROWS = (0, 1), 6


def key():
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


@pytest.fixture
def signing(settings):
    settings.AUDIT_KEY, settings.AUDIT_PUBLIC_KEYS = key(), ""
    return settings


def write(number):
    for _ in range(number):
        AuditEvent.objects.create(
            verb="read", noun="case", subject=str(uuid4()), door="console", detail={"n": number}
        )


@pytest.fixture
def two_lanes(signing):
    """Six rows in each of two lanes, anchored in the middle and at the end."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        for number, lock in ((ROWS // 2, True), (ROWS // 2, False)):
            if lock:
                other.execute(LOCK)  # a writer that is busy with the first lane
                write(ROWS)
                other.execute("SELECT pg_advisory_unlock_all()")
            write(number)
            anchors.drop(NOON + timedelta(minutes=0 if lock else 5))
    places = AuditEvent.objects.order_by("lane", "position").values_list("lane", "position")
    assert list(places) == [(lane, at) for lane in LANES for at in range(1, ROWS + 1)]


@contextmanager
def as_owner():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_auditevent DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE cases_auditevent ENABLE TRIGGER USER")


def row(lane, position):
    return AuditEvent.objects.get(lane=lane, position=position)


def change(row, **fields):
    AuditEvent.objects.filter(pk=row.pk).update(**fields)


def link_of(event):
    found = AuditEvent.objects.filter(pk=event.pk).annotate(text=Cast("detail", TextField()))
    fields = ["text" if name == "detail" else name for name in chain.Link._fields]
    return chain.Link(*found.values_list(*fields).get())


def chained_anew(lane, first):
    """Every hash from `first` on, as the trigger would have made it."""
    before = bytes(row(lane, first - 1).hash) if first > 1 else b""
    for event in AuditEvent.objects.filter(lane=lane, position__gte=first).order_by("position"):
        before = chain.digest(before, link_of(event))
        change(event, hash=before)


# What somebody does at one place -> what is said, and at which position.
def edit(lane, at):
    change(row(lane, at), actor=uuid4())
    return Wrong.CHANGED, at


def edit_detail(lane, at):
    change(row(lane, at), detail={})
    return Wrong.CHANGED, at


def delete(lane, at):
    row(lane, at).delete()
    return (Wrong.CUT if at == ROWS else Wrong.MISSING), at


def insert(lane, at):
    """A row between two others: those after it move up, with every hash but the anchored ones."""
    for event in AuditEvent.objects.filter(lane=lane, position__gte=at).order_by("-position"):
        change(event, position=F("position") + 1)
    AuditEvent.objects.create(
        verb="read",
        noun="case",
        subject="",
        door="console",
        lane=lane,
        position=at,
        written_at=row(lane, at + 1).written_at,
        hash=b"x" * 32,
    )
    return Wrong.CHANGED, at


def swap(lane, at):
    """Two rows change places; at the end of the lane, the last two."""
    one = min(at, ROWS - 1)
    first, second = row(lane, one), row(lane, one + 1)
    change(first, position=0)
    change(second, position=one)
    change(first, position=one + 1)
    return Wrong.CHANGED, one


def cut(lane, at):
    AuditEvent.objects.filter(lane=lane, position__gte=at).delete()
    return Wrong.CUT, at


def clock_back(lane, at):
    """The server wrote a row yesterday, and everything after it, in good form."""
    one = max(at, 2)
    change(row(lane, one), written_at=row(lane, one).written_at - timedelta(days=1))
    chained_anew(lane, one)
    return Wrong.CLOCK, one


def chain_anew(lane, at):
    """The best an owner without the key can do; found at the next place that was anchored."""
    change(row(lane, at), actor=uuid4())
    chained_anew(lane, at)
    anchored = [ROWS // 2, ROWS] if lane == 0 else [ROWS]
    return Wrong.REPLACED, min(place for place in anchored if place >= at)


ATTACKS: list[Callable] = [
    edit,
    edit_detail,
    delete,
    insert,
    swap,
    cut,
    clock_back,
    chain_anew,
]


@given(
    attack=st.sampled_from(ATTACKS),
    lane=st.sampled_from(LANES),
    at=st.integers(min_value=1, max_value=ROWS),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_each_attack_is_found_where_it_was_made(two_lanes, attack, lane, at):
    with transaction.atomic():
        with as_owner():
            what, position = attack(lane, at)
        _number, found = proof.verify({}, with_anchors=True)
        transaction.set_rollback(True)
    said = [(finding.what, finding.lane, finding.position) for finding in found]
    assert said == [(what, lane, position)]


def test_what_nobody_touched_is_whole(two_lanes):
    assert proof.verify({}, with_anchors=True) == (2 * ROWS, [])


def findings():
    return [(found.what, found.anchor) for found in proof.verify({}, with_anchors=True)[1]]


def test_a_database_put_back_to_yesterday_is_found(two_lanes):
    with as_owner():
        AuditEvent.objects.filter(lane=0, position__gt=ROWS // 2).delete()
    [found] = proof.verify({}, with_anchors=True)[1]
    assert (found.what, found.lane, found.position) == (Wrong.CUT, 0, ROWS // 2 + 1)
    assert found.since == ROWS // 2


def test_without_the_anchors_a_chain_written_anew_looks_whole(two_lanes):
    """Control: it is the anchors that find it."""
    with as_owner():
        chain_anew(0, 2)
    assert proof.verify({}, with_anchors=False)[1] == []
    assert [what for what, _ in findings()] == [Wrong.REPLACED]


# The anchors -------------------------------------------------------------------------------------


def lines():
    [path] = anchors.files()
    return path, path.read_bytes().splitlines(keepends=True)


def test_an_anchor_that_was_changed_is_found_and_not_believed(two_lanes):
    path, (first, second) = lines()
    path.write_bytes(first + second.replace(b'"heads":[[0,6', b'"heads":[[0,5'))
    assert findings() == [(Wrong.ANCHOR, f"{path.name}:2")]
    assert anchors.last().at == NOON


def test_an_anchor_signed_with_another_key_is_found(two_lanes, settings):
    settings.AUDIT_KEY = key()
    path, _lines = lines()
    assert findings() == [(Wrong.ANCHOR, f"{path.name}:1"), (Wrong.ANCHOR, f"{path.name}:2")]


def test_an_anchor_that_was_taken_out_is_found(two_lanes):
    path, (_first, second) = lines()
    path.write_bytes(second)
    assert findings() == [(Wrong.GAP, f"{path.name}:1")]


def test_a_new_day_has_a_file_that_follows_the_old_one(two_lanes):
    anchors.drop(NOON + timedelta(days=1))
    old, new = anchors.files()
    assert (old.name, new.name) == ("2030-01-01.anchors", "2030-01-02.anchors")
    assert findings() == []
    old.unlink()
    assert findings() == [(Wrong.GAP, f"{new.name}:1")]


def test_a_line_torn_by_a_power_cut_harms_no_other(two_lanes):
    path, (first, second) = lines()
    path.write_bytes(first + second[:40])
    anchors.drop(NOON + timedelta(minutes=10))
    assert findings() == [(Wrong.ANCHOR, f"{path.name}:2")]


def test_anchors_are_kept_from_other_users_of_the_machine(two_lanes):
    path, _lines = lines()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_an_old_key_is_believed_as_long_as_the_settings_name_it(two_lanes, settings):
    old = Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.AUDIT_KEY)).public_key()
    settings.AUDIT_KEY = key()
    settings.AUDIT_PUBLIC_KEYS = base64.b64encode(old.public_bytes_raw()).decode()
    anchors.drop(NOON + timedelta(hours=1))
    assert findings() == []


def test_without_a_key_nothing_is_signed_or_believed(signing):
    signing.AUDIT_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="AUDIT_KEY"):
        tasks.anchor_audit()
    with pytest.raises(ImproperlyConfigured, match="AUDIT_PUBLIC_KEYS"):
        anchors._signed(b"{}\tabc=")


def test_the_task_anchors_every_lane(two_lanes):
    tasks.anchor_audit()
    assert anchors.last().heads == chain.heads()


# The command -------------------------------------------------------------------------------------


def command(*words):
    said, trouble = StringIO(), StringIO()
    try:
        call_command("audit", *words, stdout=said, stderr=trouble, no_color=True)
    except CommandError as error:
        return error.returncode, f"{trouble.getvalue()}{error}"
    return 0, said.getvalue()


def test_the_command_says_that_all_is_whole_and_writes_it_down(two_lanes):
    code, said = command("verify")
    assert (code, said.startswith("The audit is whole: 12 rows, anchored until 2030")) == (0, True)
    proved = AuditEvent.objects.get(verb="verified")
    assert proved.detail == {"rows": 12, "findings": 0, "anchored": True}
    assert (proved.actor, proved.noun) == (None, "auditevent")


def test_the_command_says_which_row_and_fails(two_lanes):
    with as_owner():
        edit(1, 4)
    bad = row(1, 4)
    code, said = command("verify")
    assert code == 1
    assert f"lane 1 position 4 id {bad.pk}: changed" in said


def test_only_what_came_after_an_anchor_is_walked(two_lanes):
    code, said = command("verify", "--since", (NOON + timedelta(minutes=1)).isoformat())
    assert (code, f"whole: {ROWS // 2} rows" in said) == (0, True)
    with as_owner():
        edit(0, ROWS - 1)
    assert command("verify", "--since", (NOON + timedelta(minutes=1)).isoformat())[0] == 1


def test_the_command_refuses_to_prove_anything_without_anchors(signing):
    write(1)
    code, said = command("verify")
    assert (code, "no anchor" in said) == (1, True)
    assert command("verify", "--without-anchors")[0] == 0
    assert command("verify", "--since", "2030-01-01T00:00")[0] == 1
    assert "is no moment" in command("verify", "--since", "yesterday")[1]
