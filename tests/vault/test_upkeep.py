"""All that is sealed is found, opened, counted and put under another key, also beside the work."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cases import files
from cases.models import Case, Package
from cases.services import cases, evidence
from cases.vault import Ring, upkeep
from cases.vault.upkeep import Key
from tests.factories import journey
from tests.samples import pdf, upload
from tests.services.world import build
from tests.vault.conftest import NEW, OLD, PORTAL, SEARCH, key
from tests.vault.note import put

LATER = f"portal-2027:{key('q')}"


def rings_of(vault, portal=PORTAL) -> dict[str, str]:
    return {"vault": vault, "portal": portal, "search": SEARCH}


@pytest.fixture
def w(db, rings):
    """One of everything, under the keys of 2025 and portal-2026."""
    return build()


@pytest.fixture
def few(db, rings):
    """Two cases just recorded, which is much faster."""
    who = journey.cast()
    return [journey.recorded(who), journey.recorded(who)]


def command(verb, *words) -> tuple[str, str]:
    """What it said on each of the two roads."""
    out, err = StringIO(), StringIO()
    call_command("vault", verb, *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refused(verb, *words) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as error:
        call_command("vault", verb, *words, stdout=out, stderr=err)
    return err.getvalue(), str(error.value)


def test_everything_goes_under_the_new_keys_and_the_old_ones_can_go(w, settings):
    said, _err = command("verify")
    assert "Everything opens." in said
    assert "vault 2025:" in said
    assert "portal portal-2026:" in said
    before = {found[:4] for found in upkeep.everything()}
    frozen = bytes(Package.objects.values_list("content", flat=True)[0].content)
    settings.KEY_RINGS = rings_of(f"{NEW},{OLD}", f"{LATER},{PORTAL}")
    changed = Case.objects.values_list("changed_at", "version").order_by("pk")
    stamps = list(changed)

    said, _err = command("rewrap")

    assert "vault 2025: nothing lies under this key now" in said
    assert "portal portal-2026: nothing lies under this key now" in said
    settings.KEY_RINGS = rings_of(NEW, LATER)
    after = list(upkeep.everything())
    assert {found[:4] for found in after} == before
    assert not [found for found in after if found.flaw]
    assert set(upkeep.keys_in_use()) == {
        Key(Ring.VAULT, "2026"),
        Key(Ring.PORTAL, "portal-2027"),
    }
    body = bytes(Package.objects.values_list("content", flat=True)[0].content)
    assert body.endswith(frozen[-40:])
    assert list(changed) == stamps


def test_a_second_run_finds_nothing_to_do(few, settings):
    settings.KEY_RINGS = rings_of(f"{NEW},{OLD}")
    assert sum(progress.done for progress in upkeep.rewrap_all()) > 5

    assert sum(progress.done for progress in upkeep.rewrap_all()) == 0


def test_a_run_that_was_stopped_is_resumed(few, settings, monkeypatch):
    monkeypatch.setattr(upkeep, "BATCH", 1)
    settings.KEY_RINGS = rings_of(f"{NEW},{OLD}")
    run = upkeep.rewrap_all()
    for _n in range(5):
        next(run)
    run.close()
    assert upkeep.keys_in_use()[Key(Ring.VAULT, "2025")] > 0

    list(upkeep.rewrap_all())

    assert upkeep.keys_in_use()[Key(Ring.VAULT, "2025")] == 0


def test_what_does_not_open_is_named_by_its_place_and_the_rest_is_done(few, settings):
    put(few[0], b"\x01\x042025" + bytes(80), "narrative")
    settings.KEY_RINGS = rings_of(f"{NEW},{OLD}")

    told, error = refused("rewrap")
    assert f"{few[0].pk}: altered" in told
    assert "1 were left" in error
    told, error = refused("verify")
    assert told == f"cases_case narrative {few[0].pk}: altered, cut short, moved or put back\n"
    assert "1 do not open" in error


def test_a_swapped_text_is_found(few):
    one, other = few
    put(one, bytes(Case.objects.values_list("narrative", flat=True).get(pk=other.pk).content))

    told, _error = refused("verify")

    assert told.startswith(f"cases_case narrative {one.pk}: altered")


def test_a_lost_key_is_named_with_how_many_need_it(few, settings):
    needed = upkeep.keys_in_use()[Key(Ring.VAULT, "2025")]
    settings.KEY_RINGS = rings_of(NEW)
    out = StringIO()

    with pytest.raises(CommandError, match="do not open"):
        call_command("vault", "verify", stdout=out, stderr=StringIO())

    assert f"vault 2025: key missing, {needed} need it" in out.getvalue()
    assert upkeep.keys_missing() == {Key(Ring.VAULT, "2025"): needed}


def test_files_altered_or_lost_are_named(few):
    row = evidence.attach(
        evidence.record_evidence(few[0], by=few[0].recorded_by, kind="OTH"),
        by=few[0].recorded_by,
        upload=upload(pdf(), "a.pdf"),
    )
    path = files._path(row.pk, Ring.VAULT)
    path.write_bytes(path.read_bytes()[:-1])
    told, _error = refused("verify")
    assert told == f"file content {row.pk}: altered, cut short, moved or put back\n"

    path.unlink()
    told, _error = refused("verify")
    assert told == f"cases_evidenceattachment file {row.pk}: has no file\n"


def test_nothing_is_begun_without_all_rings(few, settings):
    settings.KEY_RINGS = {"vault": f"{NEW},{OLD}"}

    _told, error = refused("rewrap")

    assert "'portal'" in error
    assert upkeep.keys_in_use()[Key(Ring.VAULT, "2026")] == 0


class Writer(threading.Thread):
    """Edits every case again and again, as the console does, until it is told to stop."""

    def __init__(self, by):
        super().__init__()
        self.by, self.over, self.trouble = by, threading.Event(), None

    def run(self):
        number = 0
        try:
            while not self.over.is_set():
                number += 1
                for case in Case.objects.all():
                    cases.edit_case(case, by=self.by, version=case.version, narrative=str(number))
        except Exception as error:
            self.trouble = error
        finally:
            connection.close()

    def __enter__(self):
        self.start()

    def __exit__(self, *_error):
        self.over.set()
        self.join()


@pytest.mark.django_db(transaction=True)
def test_writers_go_on_while_everything_goes_under_a_new_key(rings, monkeypatch):
    monkeypatch.setattr(upkeep, "BATCH", 3)
    monkeypatch.setattr(upkeep, "PAUSE", 0.01)
    who = journey.cast()
    for _n in range(4):
        journey.recorded(who)
    writer = Writer(who.focal)

    with writer:
        for letter in "abcdef":
            fresh, before = f"key-{letter}:{key(letter)}", rings.KEY_RINGS["vault"]
            rings.KEY_RINGS = rings_of(f"{fresh},{before}")
            assert not [flaw for done in upkeep.rewrap_all() for flaw in done.flaws]

    assert writer.trouble is None
    list(upkeep.rewrap_all())
    assert set(upkeep.keys_in_use()) <= {Key(Ring.VAULT, "key-f"), Key(Ring.PORTAL, "portal-2026")}
    assert min(Case.objects.values_list("version", flat=True)) > 2
    assert not [found for found in upkeep.everything() if found.flaw]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_writer_holds_is_come_back_for(rings, monkeypatch):
    case = journey.recorded(journey.cast())
    held, waits, done = threading.Event(), threading.Event(), threading.Event()

    def pause(_seconds):
        waits.set()
        done.wait(10)

    def hold():
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            held.set()
            waits.wait(10)
        connection.close()
        done.set()

    monkeypatch.setattr(upkeep.time, "sleep", pause)
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    rings.KEY_RINGS = rings_of(f"{NEW},{OLD}")
    list(upkeep.rewrap_all())
    holder.join()

    assert waits.is_set()
    assert upkeep.keys_in_use()[Key(Ring.VAULT, "2025")] == 0


# The words of the command ------------------------------------------------------------------------


def test_a_new_house_by_commands_alone(tmp_path, settings):
    folder = tmp_path / "keys"
    said, _err = command("init", str(folder))
    assert str(folder / "vault_keys") in said
    assert "is there already" in refused("init", str(folder))[1]

    settings.KEY_RINGS = rings_of(folder / "vault_keys")
    assert "vault-2 seals from now on." in command("rotate")[0]
    assert "does not come from a file" in refused("rotate", "--ring", "portal")[1]

    command("split", str(folder), "--to", str(tmp_path / "shares"))
    rotated = (folder / "vault_keys").read_text()
    for path in folder.glob("*_keys"):
        path.unlink()
    (folder / "submission_public_key").unlink()
    shares = [str(tmp_path / "shares" / f"share-{n}-of-5") for n in (5, 2, 4)]
    assert "3 different shares" in refused("restore", str(folder), *shares[:2])[1]
    command("restore", str(folder), *shares)
    assert (folder / "vault_keys").read_text() == rotated


def test_shares_may_be_typed_from_paper(tmp_path, monkeypatch):
    command("init", str(tmp_path))
    command("split", str(tmp_path), "--to", str(tmp_path / "shares"))
    typed = [path.read_text() for path in sorted((tmp_path / "shares").iterdir())[:3]]
    for path in [*tmp_path.glob("*_keys"), tmp_path / "submission_public_key"]:
        path.unlink()
    monkeypatch.setattr("sys.stdin", StringIO("\n".join(typed)))

    said, _err = command("restore", str(tmp_path))

    assert "brought back" in said
