"""The private servers: they answer, they stay apart, and nothing of them outlives its run."""

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg.conninfo import conninfo_to_dict

from launch import services as launch_services
from launch.errors import LaunchError
from launch.place import LONGEST_FOLDER, find_place
from launch.postgres import LOG
from launch.services import kept_folder, passing_folder, services

ROOT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-m", "launch", "run", "--"]
PATIENCE = 60  # seconds


@pytest.fixture(autouse=True)
def _no_servers_given(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def var(monkeypatch, tmp_path):
    monkeypatch.setattr(launch_services, "VAR", tmp_path)
    return tmp_path


def until(said) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not said() and time.monotonic() < deadline:
        time.sleep(0.1)
    return said()


def ask(urls, words):
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        rows = connection.execute(words)
        return rows.fetchone() if rows.description else None


def answers(urls: dict[str, str]) -> bool:
    try:
        ask(urls, "SELECT 1")
        with redis.from_url(urls["REDIS_URL"]) as client:
            return client.ping()
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def test_servers_answer_in_the_block_and_are_gone_after_it(var):
    with passing_folder() as folder, services(folder, durable=False) as urls:
        assert answers(urls)

    assert not answers(urls)
    assert not folder.exists()
    assert not Path(conninfo_to_dict(urls["DATABASE_URL"])["host"]).exists()


def test_kept_data_are_there_next_time_and_safe_on_disk(var):
    with kept_folder("demo") as folder, services(folder, durable=True) as urls:
        ask(urls, "CREATE TABLE kept (one int)")
        ask(urls, "INSERT INTO kept VALUES (1)")
    with kept_folder("demo") as folder, services(folder, durable=True) as urls:
        assert ask(urls, "TABLE kept") == (1,)
        assert ask(urls, "SHOW fsync") == ("on",)


def test_kept_folder_serves_one_run_at_a_time(var):
    refused = pytest.raises(LaunchError, match="Another run already uses")
    with kept_folder("demo"), refused, kept_folder("demo"):
        pass


def test_servers_listen_on_private_sockets_only(var):
    with passing_folder() as folder, services(folder, durable=False) as urls:
        place = find_place(folder).folder
        assert ask(urls, "SHOW listen_addresses") == ("",)
        with redis.from_url(urls["REDIS_URL"]) as client:
            assert client.config_get("port") == {"port": "0"}
        for path in (place / "valkey.sock", place / ".s.PGSQL.5432", place):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_what_a_statement_carries_stays_out_of_the_log_when_it_fails(var):
    with passing_folder() as folder, services(folder, durable=False) as urls:
        ask(urls, "CREATE TABLE kept (word text CONSTRAINT never CHECK (word = ''))")
        with psycopg.connect(urls["DATABASE_URL"]) as server, pytest.raises(psycopg.Error):
            server.execute("INSERT INTO kept VALUES (%s)", ["Zephyrine"])
        with psycopg.connect(urls["DATABASE_URL"]) as server, pytest.raises(psycopg.Error):
            server.execute("INSERT INTO kept VALUES ('Zephyrine'); SELECT 1")
        log = (find_place(folder).folder / LOG).read_text()
    assert 'violates check constraint "never"' in log
    assert "Zephyrine" not in log


def test_given_servers_are_used_and_left_alone(var, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/theirs")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")

    with passing_folder() as folder, services(folder, durable=False) as urls:
        assert not (folder / "servers").exists()

    assert urls == {
        "DATABASE_URL": "postgresql://elsewhere/theirs",
        "REDIS_URL": "redis://elsewhere",
    }


def test_path_too_long_for_a_socket_moves_the_place(tmp_path):
    deep = tmp_path / ("x" * LONGEST_FOLDER)
    deep.mkdir()

    place = find_place(deep)

    assert len(str(place.folder)) <= LONGEST_FOLDER
    assert find_place(deep) == place
    place.folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
def test_folder_closed_to_the_servers_user_moves_the_place(tmp_path):
    tmp_path.chmod(0o700)

    place = find_place(tmp_path)

    assert place.folder.parent != tmp_path
    assert place.folder.owner() == place.user == "nobody"
    place.folder.rmdir()


def test_run_gives_back_the_exit_code_of_its_command():
    code = subprocess.call([*RUN, "sh", "-c", "exit 7"], cwd=ROOT, timeout=PATIENCE)  # noqa: S603

    assert code == 7


def test_killed_run_leaves_no_server_and_the_next_run_no_folder():
    script = 'echo "$DATABASE_URL $REDIS_URL $$"; exec sleep 600'
    parent = subprocess.Popen([*RUN, "sh", "-c", script], cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603
    with parent:
        database, broker, child = parent.stdout.readline().decode().split()
        urls = {"DATABASE_URL": database, "REDIS_URL": broker}
        assert answers(urls)
        parent.send_signal(signal.SIGKILL)

    assert until(lambda: not answers(urls))
    assert until(lambda: not Path(f"/proc/{child}").exists())
    with passing_folder():
        assert not Path(conninfo_to_dict(database)["host"]).exists()


def test_left_over_servers_are_replaced(var):
    """What a killed run left where the kernel does not end children with their parent."""
    with ExitStack() as killed, kept_folder("demo") as folder:
        old = killed.enter_context(services(folder, durable=True))
        with services(folder, durable=True) as new:
            assert answers(new)
            assert new == old
