"""The learner's network with its undo history, as a value; ``state`` keeps one for each session."""

from __future__ import annotations

from dataclasses import dataclass

from lab.network.spec import NetworkSpec

# Undo steps kept; a network is a few kilobytes and shares its layers with its neighbours.
MAX_UNDO = 100


@dataclass(frozen=True)
class Workbench:
    """A network, and the networks before and after it in the history.

    Args:
        network: as it is now.
        past: the networks before it, the oldest first.
        future: what redo brings back, the next first.
        began: while something is dragged, the network that the drag began from; the whole drag is one step.
    """

    network: NetworkSpec
    past: tuple[NetworkSpec, ...] = ()
    future: tuple[NetworkSpec, ...] = ()
    began: NetworkSpec | None = None

    @property
    def base(self) -> NetworkSpec:
        """The network that was last settled on."""
        return self.network if self.began is None else self.began

    def moved(self, spec: NetworkSpec) -> Workbench:
        """Another network on its way, not a step yet."""
        return Workbench(spec, self.past, self.future, self.base)

    def settled(self) -> Workbench:
        """One step made of all that moved since the last; nothing where it moved back."""
        if self.network == self.base:
            return Workbench(self.network, self.past, self.future)
        return Workbench(self.network, (*self.past, self.base)[-MAX_UNDO:])

    def changed(self, spec: NetworkSpec) -> Workbench:
        """Another network as a step of its own."""
        return self.settled().moved(spec).settled()

    def undone(self) -> Workbench:
        """The network before the last step; the same at the start of the history."""
        now = self.settled()
        if not now.past:
            return now
        return Workbench(now.past[-1], now.past[:-1], (now.network, *now.future))

    def redone(self) -> Workbench:
        """The last undo taken back; the same at the end of the history."""
        now = self.settled()
        if not now.future:
            return now
        return Workbench(now.future[0], (*now.past, now.network), now.future[1:])
