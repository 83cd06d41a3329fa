"""A simulated site with real sockets: for the demo, the tests and the benchmarks."""

from scanner.lab.lab import Lab, LabError
from scanner.lab.record import Record, Violation
from scanner.lab.sites import demo_site, large_site
from scanner.lab.spec import DeviceSpec, Site, Truth

__all__ = ["DeviceSpec", "Lab", "LabError", "Record", "Site", "Truth", "Violation", "demo_site", "large_site"]
