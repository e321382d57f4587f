"""The servers themselves: they answer, say why they do not, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pymysql
import pytest
import sqlalchemy as sa
from redis import Redis

from tests import servers


def test_a_database_of_each_kind_is_empty_and_keeps_hangul(empty_database_url: str) -> None:
    engine = sa.create_engine(empty_database_url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("CREATE TABLE item (name VARCHAR(20))"))
        connection.execute(sa.text("INSERT INTO item VALUES ('감자 🥔')"))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT name FROM item")) == "감자 🥔"
    engine.dispose()


def test_mariadb_started_again_continues_with_its_data(tmp_path: Path) -> None:
    port = servers.free_port()
    with servers.mariadb(tmp_path, port), pymysql.connect(host="127.0.0.1", port=port, user="root") as connection:
        connection.cursor().execute("CREATE DATABASE kept")

    with servers.mariadb(tmp_path, port), pymysql.connect(host="127.0.0.1", port=port, user="root") as connection:
        assert connection.cursor().execute("SHOW DATABASES LIKE 'kept'") == 1


def test_redis_starts_with_nothing_and_again_after_it_was_killed(tmp_path: Path) -> None:
    port = servers.free_port()
    for _ in range(2):
        with servers.redis(tmp_path, port, stop=signal.SIGKILL) as url, Redis.from_url(url) as client:
            assert client.get("감자") is None
            client.set("감자", "🥔")


def test_a_server_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    cmd = [sys.executable, "-c", "print('no such setting'); raise SystemExit(3)"]

    with (
        pytest.raises(RuntimeError, match=r"ended with 3(.|\n)*no such setting"),
        servers.process(cmd, log=tmp_path / "log", port=servers.free_port()),
    ):
        pass


def test_a_server_that_never_answers_is_stopped(tmp_path: Path) -> None:
    cmd = [sys.executable, "-c", "import time; time.sleep(60)"]

    with (
        pytest.raises(RuntimeError, match=r"did not answer"),
        servers.process(cmd, log=tmp_path / "log", port=servers.free_port(), timeout=0.3),
    ):
        pass


def test_a_missing_debian_package_names_the_command_that_installs_it() -> None:
    with pytest.raises(RuntimeError, match="make setup-test"):
        servers.needed("no-such-program", "no-such-package")


def test_no_server_outlives_a_killed_test_run(tmp_path: Path) -> None:
    port = servers.free_port()
    script = (
        "import sys, time; from pathlib import Path; from tests import servers\n"
        "cmd = [sys.executable, '-m', 'http.server', sys.argv[1], '--bind', '127.0.0.1']\n"
        "with servers.process(cmd, log=Path(sys.argv[2]), port=int(sys.argv[1])):\n"
        "    print('up', flush=True); time.sleep(60)\n"
    )
    _ends_with_its_starter(script, port, tmp_path)


def test_no_forked_desk_outlives_a_killed_test_run(tmp_path: Path) -> None:
    port = servers.free_port()
    script = (
        "import sys, time; from pathlib import Path; from tests import forked, servers\n"
        "port, log = int(sys.argv[1]), Path(sys.argv[2])\n"
        "env = {'LEDGER_DATABASE_URL': f'sqlite:///{log}.db', 'LEDGER_STORE_URL': str(log.parent)}\n"
        "desk = forked.ForkedDesk(['serve', '--port', str(port)], log=log, env=env, cwd=Path.cwd())\n"
        "with servers.answering(desk, 'the desk', log=log, port=port):\n"
        "    print('up', flush=True); time.sleep(60)\n"
    )
    _ends_with_its_starter(script, port, tmp_path)


def _ends_with_its_starter(script: str, port: int, tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(port), str(tmp_path / "log")], cwd=root, stdout=subprocess.PIPE
    )
    assert starter.stdout is not None
    with starter.stdout:
        assert starter.stdout.readline() == b"up\n"

    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()

    end = time.monotonic() + 10
    while _accepts(port):
        assert time.monotonic() < end
        time.sleep(0.02)


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("2001:db8::1", 443), ("api.openai.com", 443)])
def test_a_test_cannot_reach_the_network(address: tuple[str, int]) -> None:
    with pytest.raises(RuntimeError, match="is not on this machine"):
        socket.create_connection(address, timeout=1)


def test_a_test_cannot_send_a_datagram_out() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(RuntimeError, match="is not on this machine"),
    ):
        sender.sendto(b"?", ("192.0.2.1", 53))


def test_settings_and_keys_of_the_person_who_runs_the_tests_are_not_seen() -> None:
    kept = [name for name in os.environ if name.startswith(("OPENAI_", "LEDGER_", "AWS_"))]

    assert sorted(kept) == ["AWS_CONFIG_FILE", "AWS_EC2_METADATA_DISABLED", "AWS_SHARED_CREDENTIALS_FILE"]
