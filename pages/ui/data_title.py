"""What a data set is called where a learner reads of it; its id is for links and files."""

from __future__ import annotations

from lab.data.catalogue import data_sets


def data_title(name: str) -> str:
    """Give a data set's title; one that is not there any more keeps the name it had.

    Examples:
        >>> data_title("fashion-mnist"), data_title("gone")
        ('Fashion-MNIST (bundled part)', 'gone')
    """
    row = data_sets().get(name)
    return row.title if row else name
