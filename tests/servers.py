"""The real servers that tests start: MariaDB, Redis, an S3 server, our own app; and where Chromium is.

Each server runs in its own session, is told by the kernel to die with the process that started it (so nothing is left
behind even after `kill -9` of pytest), and is ready when it answers. A missing Debian package is an error that says
what to run, never a skip: a suite that skips its database is green for the wrong reason.

Start servers from the main thread: the kernel's signal is sent when the *thread* that started them ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

START_SECONDS = 60
"""Longest wait for a server to answer. Each needs about a second; a busy two-core machine may need ten times that."""
MARIADB_OPTIONS = "charset=utf8mb4&ssl_disabled=true"
"""How to connect to our MariaDB. It has no certificate, and PyMySQL would load all that the system trusts each time."""


def free_port() -> int:
    """A loopback port that nobody else is given while this process lives.

    The socket stays bound and never listens. With SO_REUSEADDR a server may still listen on the port, while the kernel
    neither hands it to another `bind(0)` nor uses it for an outgoing connection; so parallel workers cannot collide.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    port = int(holder.getsockname()[1])
    holder.detach()  # the descriptor stays open until this process ends
    return port


@contextlib.contextmanager
def process(
    cmd: Sequence[str],
    *,
    log: Path,
    port: int | None = None,
    url: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = START_SECONDS,
    stop: signal.Signals = signal.SIGTERM,
    grace: float = 10,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `cmd` until the block ends; it is entered once `url` answers with success, or else `port` accepts.

    `env` is added to our environment. A process that ends early or never answers raises RuntimeError with the tail of
    its log. It is asked to stop with `stop`, and killed with everything it started after `grace` seconds.
    """
    with log.open("ab") as out:
        child = subprocess.Popen(
            [*_dies_with_us(), *cmd],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
        )
    with answering(child, cmd[0], log=log, port=port, url=url, timeout=timeout, stop=stop, grace=grace):
        yield child


class Child(Protocol):
    """What is asked of a running server; subprocess.Popen answers it."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, number: int) -> None: ...


@contextlib.contextmanager
def answering(
    child: Child,
    name: str,
    *,
    log: Path,
    port: int | None = None,
    url: str | None = None,
    timeout: float = START_SECONDS,
    stop: signal.Signals = signal.SIGTERM,
    grace: float = 10,
) -> Iterator[None]:
    """Wait until a process just started answers, and stop it at the end of the block, as `process` says."""
    try:
        _wait_until_ready(child, name, log, port, url, timeout)
        yield
    finally:
        _stop(child, stop, grace)


def _dies_with_us() -> list[str]:
    # setpriv is part of util-linux, which every Debian has. preexec_fn would do the same and warns from Python 3.12 on.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _wait_until_ready(child: Child, name: str, log: Path, port: int | None, url: str | None, timeout: float) -> None:
    end = time.monotonic() + timeout
    while not _answers(port, url):
        if child.poll() is not None:
            raise RuntimeError(f"{name} ended with {child.returncode} before it answered. {_tail(log)}")
        if time.monotonic() > end:
            raise RuntimeError(f"{name} did not answer at {url or port} within {timeout:.0f} s. {_tail(log)}")
        time.sleep(0.02)


def _answers(port: int | None, url: str | None) -> bool:
    try:
        if url is not None:
            with urllib.request.urlopen(url, timeout=2) as response:
                return bool(200 <= response.status < 300)
        if port is not None:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:  # urllib.error.URLError and HTTPError are OSErrors too
        return False
    return True


def _tail(log: Path) -> str:
    return f"{log}:\n{log.read_text(errors='replace')[-2000:]}"


def _stop(child: Child, stop: signal.Signals, grace: float) -> None:
    if child.poll() is None:
        child.send_signal(stop)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # also what the server itself started and forgot
    child.wait()


def needed(binary: str, package: str) -> str:
    """Path of a program that a Debian package brings."""
    path = shutil.which(binary) or shutil.which(binary, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise RuntimeError(f"{binary} is missing (Debian package {package}). Run: make setup-test")
    return path


def chromium_path() -> str:
    """Chromium of the distribution without its windows, which takes half the processor; Playwright's own download is
    not used.
    """
    return needed("chromium-headless-shell", "chromium-headless-shell")


@contextlib.contextmanager
def mariadb(
    folder: Path, port: int | None = None, stop: signal.Signals = signal.SIGTERM, *, buffer_mb: int = 64
) -> Iterator[str]:
    """A private MariaDB with its data in `folder`, as much of it in memory; yields its URL without a database name.

    Entered again with the same folder and port it continues with the data of last time, also after SIGKILL.
    """
    port = port or free_port()
    install = needed("mariadb-install-db", "mariadb-server")
    server = needed("mariadbd", "mariadb-server")
    # The server refuses to run as root unless told to.
    common = [
        "--no-defaults",
        f"--datadir={folder / 'data'}",
        f"--tmpdir={folder / 'tmp'}",  # a starting server empties it, in a shared one also of what others have there
        *(["--user=root"] if os.geteuid() == 0 else []),
    ]
    if not (folder / "data" / "mysql").is_dir():
        _install_mariadb([install, *common], folder)
    cmd = [
        server,
        *common,
        "--socket=server.sock",  # relative to the data: a long path would not fit a socket's 108 bytes
        "--pid-file=server.pid",
        "--bind-address=127.0.0.1",
        f"--port={port}",
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--performance-schema=0",
        f"--innodb-buffer-pool-size={buffer_mb}M",
        "--innodb-log-file-size=16M",
        # The data outlives a killed server, not a power cut; that is enough here and many times faster.
        "--innodb-flush-log-at-trx-commit=2",
        "--innodb-flush-method=nosync",
        "--sync-binlog=0",
    ]
    with process(cmd, log=folder / "mariadb.log", port=port, stop=stop):
        yield f"mysql+pymysql://root@127.0.0.1:{port}"


def _install_mariadb(cmd: list[str], folder: Path) -> None:
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        # The default root account takes the Unix socket only; this one takes TCP with an empty password.
        [*cmd, "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"mariadb-install-db ended with {done.returncode}:\n{done.stdout[-2000:]}")


@contextlib.contextmanager
def redis(folder: Path, port: int | None = None, stop: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """A private Redis that keeps nothing on disk; yields its URL. Its log is in `folder`."""
    port = port or free_port()
    cmd = [needed("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    cmd += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with process(cmd, log=folder / "redis.log", port=port, stop=stop):
        yield f"redis://127.0.0.1:{port}"


@dataclass(frozen=True)
class S3Server:
    """An S3 server of the tests and the one account that it knows."""

    endpoint: str
    key: str
    secret: str


@contextlib.contextmanager
def seaweedfs(folder: Path, port: int | None = None) -> Iterator[S3Server]:
    """A private S3 server with its data in `folder`: it checks signatures and keeps objects as Amazon does.

    Entered again with the same folder and port it continues with the data of last time.
    """
    s3 = S3Server(f"http://127.0.0.1:{port or free_port()}", "test-key", "test-secret")
    accounts = folder / "s3.json"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    accounts.write_text(json.dumps({"identities": [_account(s3)]}))
    cmd = [
        _program_of_our_wheels("weed"),
        "mini",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.config={accounts}",
        "-s3.autoCreateBucket=false",
        f"-s3.port={s3.endpoint.rpartition(':')[2]}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-webdav=false",
        "-admin.ui=false",
        "-master.telemetry=false",  # it is on unless told otherwise
        *_seaweedfs_ports(),
    ]
    # It needs three seconds to stop by itself and keeps what it has acknowledged even when killed.
    with process(
        cmd, log=folder / "seaweedfs.log", port=int(s3.endpoint.rpartition(":")[2]), cwd=folder, stop=signal.SIGKILL
    ):
        yield s3


def _account(s3: S3Server) -> dict[str, object]:
    return {
        "name": "tests",
        "credentials": [{"accessKey": s3.key, "secretKey": s3.secret}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }


def _seaweedfs_ports() -> list[str]:
    # Every port is given: the default of a gRPC port is its HTTP port + 10000, which may not exist.
    parts = ["s3.port.grpc", *(f"{part}.port{kind}" for part in _SEAWEEDFS_PARTS for kind in ("", ".grpc"))]
    return [f"-{part}={free_port()}" for part in parts]


_SEAWEEDFS_PARTS = ("master", "volume", "filer", "admin")


def _program_of_our_wheels(name: str) -> str:
    path = Path(sys.executable).parent / name
    if not path.exists():
        raise RuntimeError(f"{path} is missing (requirements-dev.txt brings it). Run: make setup-test")
    return str(path)
