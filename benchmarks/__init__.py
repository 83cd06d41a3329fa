"""Measurements of what users wait for, what a network bears, and what a hostile device could cost.

`make benchmark`, or `python -m benchmarks [NAME…] [--markdown]`. One file a benchmark; each states its yardstick, which
is measured in the same run, in turn with what is measured: the ratio means something on a noisy machine, seconds
alone do not. docs/benchmarks.md has the method and figures.
"""
