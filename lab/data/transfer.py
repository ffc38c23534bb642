"""What a library fetches through ``urllib`` in this thread: counted, given up after a silence, called off when asked.

torchvision offers none of this. ``urllib`` has handlers that see every request and answer, and they are all that is
used here: addresses, mirrors and checksums stay torchvision's own.
"""

from __future__ import annotations

import http.client
import socket
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import PurePosixPath
from urllib.error import URLError
from urllib.parse import urlsplit

SILENCE_S = 20.0  # a server that sends nothing for so long is not there; torchvision itself would wait for ever
BROKE_OFF = "the connection broke off"

# Called with the bytes that have arrived in all, and whether a request begins or a file ends just now; what it raises
# ends the transfer.
OnBytes = Callable[[int, bool], None]


class Transfer:
    """The bytes of several files, each counted once, also where a second mirror begins it anew."""

    def __init__(self, on_bytes: OnBytes, silence_s: float) -> None:
        self.silence_s = silence_s
        self._on_bytes = on_bytes
        self._sizes: dict[str, int] = {}
        self._answer: http.client.HTTPResponse | None = None

    @property
    def n_bytes(self) -> int:
        """What has arrived so far."""
        return sum(self._sizes.values())

    def begin(self, file_name: str, answer: http.client.HTTPResponse) -> None:
        """A server begins to send this file."""
        self._sizes[file_name] = 0
        self._answer = answer
        self._on_bytes(self.n_bytes, False)

    def add(self, file_name: str, n_bytes: int) -> None:
        """So much more of it has arrived; nothing is its end."""
        self._sizes[file_name] += n_bytes
        self._on_bytes(self.n_bytes, n_bytes == 0)

    def tell(self, *, now: bool = False) -> None:
        """Nothing arrived, but time has passed, or something else begins now."""
        self._on_bytes(self.n_bytes, now)

    def hang_up(self) -> None:
        """End the connection that is waited at as if it had broken off; for another thread."""
        answer = self._answer
        if answer is not None and not answer.isclosed():
            with (
                suppress(OSError, ValueError),  # it has just ended by itself
                socket.fromfd(answer.fileno(), socket.AF_INET, socket.SOCK_STREAM) as connection,
            ):
                connection.shutdown(socket.SHUT_RDWR)


_CURRENT: ContextVar[Transfer | None] = ContextVar("transfer", default=None)


@contextmanager
def watched(on_bytes: OnBytes, *, silence_s: float = SILENCE_S) -> Iterator[Transfer]:
    """Watch all that this thread fetches inside the block.

    Args:
        on_bytes: called with every piece that arrives.
        silence_s: how long a server may send nothing.
    """
    _install()
    token = _CURRENT.set(transfer := Transfer(on_bytes, silence_s))
    try:
        yield transfer
    finally:
        _CURRENT.reset(token)


def heed() -> None:
    """Between two steps of long work on what has arrived: let the transfer be called off here, too."""
    transfer = _CURRENT.get()
    if transfer is not None:
        transfer.tell()


@cache
def _install() -> None:
    """Add the meter to ``urllib``'s usual handlers, once; requests of other threads pass through it unchanged."""
    urllib.request.install_opener(urllib.request.build_opener(_Meter))


class _Meter(urllib.request.BaseHandler):
    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        transfer = _CURRENT.get()
        if transfer is not None:
            transfer.tell(now=True)
            request.timeout = transfer.silence_s
        return request

    def http_response(
        self, request: urllib.request.Request, response: http.client.HTTPResponse
    ) -> http.client.HTTPResponse:
        transfer = _CURRENT.get()
        if transfer is not None and 200 <= response.status < 300:
            _count(transfer, PurePosixPath(urlsplit(request.full_url).path).name, response)
        return response

    https_request = http_request
    https_response = http_response


def _count(transfer: Transfer, file_name: str, response: http.client.HTTPResponse) -> None:
    """Count what is read of an answer; an answer that ends before it was complete is an error."""
    read = response.read
    transfer.begin(file_name, response)

    def counted(amt: int | None = None) -> bytes:
        piece = read(amt)
        if not piece and response.length:
            raise URLError(BROKE_OFF)
        transfer.add(file_name, len(piece))
        return piece

    response.read = counted  # type: ignore[method-assign]
