"""Official files that the user downloaded → an overlay for a person to sign off. No network."""

from scanner.registry.importing.compare import import_lists
from scanner.registry.importing.recognise import READERS

__all__ = ["READERS", "import_lists"]
