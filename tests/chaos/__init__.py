"""Faults on purpose: proves on real servers that nothing is lost, doubled, invented or reordered.

`python -m tests.chaos --seed 7` runs it; docs/architecture/chaos.md says what is proven, how, and what is not.
"""
