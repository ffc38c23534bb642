"""Experiments on data and training, at equal budget: what changes when one thing changes."""
