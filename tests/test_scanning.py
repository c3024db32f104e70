"""Asking a virus scanner: whatever is not a clear answer is none."""

import shutil
import socket
import subprocess
import time

import pytest

from cases import scanning
from cases.scanning import ScannerSilent
from tests.clamd import EICAR


def test_it_says_what_the_scanner_says(clamd):
    assert scanning.is_infected([b"harmless"]) is False
    assert scanning.is_infected([EICAR]) is True
    assert scanning.is_infected([EICAR[:30], EICAR[30:]]) is True


def test_long_files_go_in_pieces(clamd):
    content = bytes(range(256)) * 2000
    assert scanning.is_infected([content[:300_000], content[300_000:]]) is False
    assert clamd.seen == [content]


@pytest.mark.parametrize(
    "says", ["INSTREAM size limit exceeded. ERROR", "", "OK\nOK", "not OK", "FOUND nothing"]
)
def test_an_unclear_answer_is_no_answer(clamd, says):
    clamd.says = says or " "
    with pytest.raises(ScannerSilent):
        scanning.is_infected([b"harmless"])


def test_nobody_there_is_no_answer(settings):
    for where in ("unix:/nowhere/clamd.sock", "tcp:127.0.0.1:1"):
        settings.CLAMD = where
        with pytest.raises(ScannerSilent):
            scanning.is_infected([b"harmless"])


def test_a_scanner_that_hangs_is_left_alone(settings, monkeypatch):
    """The kernel takes the connection; nobody ever answers."""
    monkeypatch.setattr(scanning, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMD = f"tcp:127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(ScannerSilent):
            scanning.is_infected([b"harmless"])


@pytest.mark.skipif(shutil.which("clamd", path="/usr/sbin:/usr/bin") is None, reason="no ClamAV")
def test_a_real_clamd_finds_what_it_knows(settings, tmp_path):
    """With a database of one signature of our own: the test file of the trade."""
    signatures, path = tmp_path / "db", tmp_path / "clamd.sock"
    signatures.mkdir()
    (signatures / "test.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
    said = f"LocalSocket {path}\nDatabaseDirectory {signatures}\nForeground yes\nUser root\n"
    (tmp_path / "clamd.conf").write_text(said)
    clamd = subprocess.Popen(  # noqa: S603  our own words only
        ["/usr/sbin/clamd", "--config-file", str(tmp_path / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while not path.exists() and clamd.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        settings.CLAMD = f"unix:{path}"
        assert scanning.is_infected([EICAR]) is True
        assert scanning.is_infected([b"harmless"]) is False
    finally:
        clamd.terminate()
        clamd.wait()
