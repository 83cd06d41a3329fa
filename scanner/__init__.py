"""Camcensus: find every camera on a network, prove who made it, say which lists name that maker."""

__version__ = "0.1.0"
