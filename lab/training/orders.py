"""What a page asks of a worker, as small files in the run's folder: they outlive page, server and worker."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from lab.files import disk_errors_in_words, write_json
from lab.training.saved import read_saved, saved

OrderName = Literal["pause", "resume", "stop", "set_lr", "interrupt"]
_FOLDER = "orders"


@saved
@dataclass(frozen=True)
class Order:
    """One wish: pause, resume, stop, a learning rate by hand (``lr=None``: back to the schedule), or save and end."""

    name: OrderName
    lr: float | None = None


class OrderBox:
    """The orders waiting for one run's worker, oldest first.

    Args:
        run_folder: the run's folder.
    """

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder / _FOLDER
        with disk_errors_in_words(_FOLDER):
            self._folder.mkdir(exist_ok=True)

    def put(self, order: Order) -> Path:
        """Leave an order for the worker; returns the file that says so."""
        # Fixed width, so that the order of the names is the order of the wishes.
        path = self._folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}.json"
        write_json(path, asdict(order))
        return path

    def has(self, name: OrderName) -> bool:
        """Whether an order of that name waits; nothing is removed."""
        orders = [_read(self._folder / file) for file in os.listdir(self._folder) if not file.startswith(".")]
        return any(order is not None and order.name == name for order in orders)

    def take(self) -> tuple[Order, ...]:
        """Remove and return what waits; a file that is no order is removed and ignored.

        Cheap enough for every training step: without orders it only lists one empty folder.
        """
        names = os.listdir(self._folder)
        if not names:
            return ()
        # What begins with a dot is still being written.
        paths = [self._folder / name for name in sorted(names) if not name.startswith(".")]
        orders = [order for path in paths if (order := _read(path)) is not None]
        for path in paths:
            path.unlink(missing_ok=True)
        return tuple(orders)

    def forget_all_but_rates(self) -> None:
        """Drop what was meant for a worker that is gone; a learning rate set meanwhile still counts."""
        rates = [order for order in self.take() if order.name == "set_lr"]
        for order in rates:
            self.put(order)


def _read(path: Path) -> Order | None:
    try:
        return read_saved(Order, path.read_bytes())
    except (OSError, ValueError):
        return None
