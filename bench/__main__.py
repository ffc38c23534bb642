"""Every benchmark, one after the other, each in a process of its own: ``make bench``."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("bench.page", "bench.live", "bench.feature_maps", "bench.training")


def main() -> int:
    """Run them all, also when one fails; return the worst exit status."""
    statuses = []
    for name in BENCHMARKS:
        print(f"\n== {name} ==", flush=True)
        statuses.append(subprocess.run([sys.executable, "-m", name], check=False).returncode)
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main())
