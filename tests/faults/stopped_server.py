"""A database that goes away and comes back."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path

import pymysql

from tests import servers


class Server:
    """A MariaDB that is stopped, by this signal, and started again with its data."""

    def __init__(self, folder: Path, how: signal.Signals = signal.SIGTERM) -> None:
        self._folder, self._port, self._how, self._running = folder, servers.free_port(), how, ExitStack()
        self.start()
        with pymysql.connect(host="127.0.0.1", port=self._port, user="root") as connection:
            cursor = connection.cursor()
            cursor.execute("CREATE DATABASE ledger CHARACTER SET utf8mb4")
            cursor.execute("CREATE USER desk@127.0.0.1 IDENTIFIED BY 'hunter2-secret'")
            cursor.execute("GRANT ALL ON ledger.* TO desk@127.0.0.1")
        self.url = f"mysql+pymysql://desk:hunter2-secret@127.0.0.1:{self._port}/ledger?{servers.MARIADB_OPTIONS}"

    def start(self) -> None:
        self._running.enter_context(servers.mariadb(self._folder, self._port, self._how))

    def stop(self) -> None:
        self._running.close()
