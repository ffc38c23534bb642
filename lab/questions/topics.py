"""All topics, in the order of the menu; adding one means adding a row to its group, and its test."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lab.errors import Code, LabError
from lab.questions.activation import ACTIVATION
from lab.questions.backward import BACKWARD
from lab.questions.by_hand import BY_HAND
from lab.questions.chains import CHAINS
from lab.questions.costs import COSTS
from lab.questions.differences import DIFFERENCES
from lab.questions.enlarging import ENLARGING
from lab.questions.fields import FIELDS
from lab.questions.losses import LOSSES
from lab.questions.memory import MEMORY
from lab.questions.missing import MISSING
from lab.questions.neurons import NEURONS
from lab.questions.pool_sizes import POOL_SIZES
from lab.questions.pooled import POOLED
from lab.questions.same_sizes import SAME_SIZES
from lab.questions.sizes import SIZES
from lab.questions.spot import SPOT
from lab.questions.topic import Topic
from lab.questions.training import TRAINING

__all__ = ["TOPICS", "Topic", "topic_of"]

_GROUPS = (
    *(SIZES, POOL_SIZES, SAME_SIZES, ENLARGING, MISSING),
    *(COSTS, MEMORY, FIELDS, CHAINS),
    *(BY_HAND, POOLED, ACTIVATION, NEURONS),
    *(BACKWARD, LOSSES, TRAINING),
    *(SPOT, DIFFERENCES),
)

TOPICS: Mapping[str, Topic] = MappingProxyType({row.name: row for group in _GROUPS for row in group})
"""Every topic by name."""


def topic_of(name: str) -> Topic:
    """Find a topic.

    Raises:
        LabError: there is none of that name (``INPUT``).
    """
    if name in TOPICS:
        return TOPICS[name]
    raise LabError(Code.INPUT, f"there is no topic {name[:40]!r}", where="topic", now=f"topics: {', '.join(TOPICS)}")
