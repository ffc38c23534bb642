"""Numbers as a learner reads them: shapes, counts, bytes, shares, times."""

from __future__ import annotations

from collections.abc import Sequence


def shape(values: Sequence[int]) -> str:
    """A tensor's shape without the batch axis.

    Examples:
        >>> shape((16, 28, 28)), shape((10,))
        ('16×28×28', '10')
    """
    return "×".join(str(value) for value in values)


def count(value: int) -> str:
    """A whole number with thousands separators.

    Examples:
        >>> count(421642)
        '421,642'
    """
    return f"{value:,}"


def short_count(value: float) -> str:
    """A number in at most four characters and its prefix: K thousand, M million, G thousand million.

    Examples:
        >>> short_count(950), short_count(4216), short_count(421642), short_count(15470264320)
        ('950', '4.2 K', '422 K', '15.5 G')
    """
    for limit, sign in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "K")):
        if value >= limit * 0.9995:
            scaled = value / limit
            return f"{scaled:.1f} {sign}" if scaled < 99.95 else f"{scaled:.0f} {sign}"
    return f"{value:.0f}"


def size(n_bytes: float) -> str:
    """Bytes in powers of 1,024.

    Examples:
        >>> size(784), size(50176), size(3 * 2**20)
        ('784 B', '49 KiB', '3.0 MiB')
    """
    for limit, sign in ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if n_bytes >= limit:
            scaled = n_bytes / limit
            return f"{scaled:.1f} {sign}" if scaled < 10 else f"{scaled:.0f} {sign}"
    return f"{n_bytes:.0f} B"


def percent(share: float, digits: int = 1) -> str:
    """A share of one as a percentage.

    Examples:
        >>> percent(0.9213)
        '92.1 %'
    """
    return f"{100 * share:.{digits}f} %"


def whole_percent(share: float) -> str:
    """A share as whole percents that neither call almost all everything nor hardly any nothing.

    Examples:
        >>> whole_percent(0.75), whole_percent(0.9999), whole_percent(0.001), whole_percent(0.0)
        ('75 %', 'over 99 %', 'under 1 %', '0 %')
    """
    if 0 < share < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 <= share < 1 else percent(share, 0)


def duration(time_s: float) -> str:
    """Seconds as a person says them.

    Examples:
        >>> duration(4.2), duration(75), duration(7260)
        ('4 s', '1 min 15 s', '2 h 1 min')
    """
    seconds = round(time_s)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
