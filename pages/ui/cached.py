"""What the pages ask ``lab`` for again and again, computed once per frozen spec for all sessions.

Results that are frozen and small are kept in ``lru_cache``: equality of specs decides, and unlike ``st.cache_data``
nothing is pickled at every call. What is large or holds a model goes through ``st.cache_resource`` with
``max_entries``, and a model that hooks touch is used only inside its lock.
"""

from __future__ import annotations

from functools import lru_cache

from lab.network.spec import NetworkSpec
from lab.network.summary import Analysis
from lab.network.summary import analyse as _analyse


@lru_cache(maxsize=256)
def analyse(spec: NetworkSpec) -> Analysis:
    """Shapes, costs and the errors of every layer; see :func:`lab.network.summary.analyse`."""
    return _analyse(spec)


@lru_cache(maxsize=64)
def pytorch_code(spec: NetworkSpec) -> str:
    """The network as PyTorch source; raises the LabError that says why it cannot be written."""
    from lab.network.code import pytorch_code as write  # jinja2 is not needed before somebody asks for code

    return write(spec)


@lru_cache(maxsize=64)
def keras_code(spec: NetworkSpec) -> str:
    """The network as Keras 3 source; raises the LabError that says why it cannot be written."""
    from lab.network.code import keras_code as write

    return write(spec)
