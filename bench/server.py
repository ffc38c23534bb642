"""A Streamlit server of our own on a free port, for benchmarks, screenshots and browser tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_LIMIT_S = 60.0


def free_port() -> int:
    """Ask the system for a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_up(url: str) -> bool:
    """Ask the server's own health page."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Server:
    """One Streamlit server that can be started, ended and started again at the same address.

    Args:
        home: the folder that becomes ``LAB_HOME``; runs and the server's log go there.
        app: the script to serve.
        options: more options of ``streamlit run``.
        cwd: where Streamlit looks for ``.streamlit/config.toml``.
    """

    def __init__(self, home: Path, *, app: Path = ROOT / "app.py", options: tuple[str, ...] = (), cwd: Path = ROOT):
        self.home = home
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._cwd = cwd
        self._command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(self.port)]
        self._command += ["--server.headless", "true", "--browser.gatherUsageStats", "false", *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            RuntimeError: it did not come up; the message carries its log.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        log = self.home / "server.log"
        environment = os.environ | {"LAB_HOME": str(self.home), "OMP_WAIT_POLICY": "PASSIVE"}
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                self._command, cwd=self._cwd, env=environment, stdout=sink, stderr=sink, start_new_session=True
            )
        deadline = time.monotonic() + START_LIMIT_S
        while not is_up(self.url):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not come up:\n{log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, as Ctrl+C would; training workers are sessions of their own and go on."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=20)
            self._process = None


@contextmanager
def serve(home: Path, *, app: Path = ROOT / "app.py", options: tuple[str, ...] = (), cwd: Path = ROOT) -> Iterator[str]:
    """Serve an app for one block of work; yield its address. Arguments as for :class:`Server`."""
    server = Server(home, app=app, options=options, cwd=cwd)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()
