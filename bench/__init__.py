"""Benchmarks: ours, the peers and the limit, interleaved in one run, printed as ratios."""
