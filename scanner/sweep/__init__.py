"""One sweep: discover -> probe -> evidence log; then, from the log alone, identify -> registry -> inventory."""

from scanner.sweep.asked import DEVICE_SECONDS, WORKERS, Gathered, SweepOptions
from scanner.sweep.sweeper import SYNC_SECONDS, Find, Sweeper

__all__ = ["DEVICE_SECONDS", "SYNC_SECONDS", "WORKERS", "Find", "Gathered", "SweepOptions", "Sweeper"]
