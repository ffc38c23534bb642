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


@contextmanager
def serve(home: Path, *, app: Path = ROOT / "app.py", options: tuple[str, ...] = (), cwd: Path = ROOT) -> Iterator[str]:
    """Serve an app for one block of work; yield its address.

    Args:
        home: the folder that becomes ``LAB_HOME``; runs and the server's log go there.
        app: the script to serve.
        options: more options of ``streamlit run``.
        cwd: where Streamlit looks for ``.streamlit/config.toml``.

    Raises:
        RuntimeError: the server did not come up; the message carries its log.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    log = home / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false", *options]
    environment = os.environ | {"LAB_HOME": str(home), "OMP_WAIT_POLICY": "PASSIVE"}
    with log.open("wb") as sink:
        server = subprocess.Popen(command, cwd=cwd, env=environment, stdout=sink, stderr=sink, start_new_session=True)
    try:
        deadline = time.monotonic() + START_LIMIT_S
        while not is_up(url):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not come up:\n{log.read_text()}")
            time.sleep(0.05)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)
