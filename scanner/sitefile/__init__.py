"""The site file `camcensus.toml`: what is swept where, when and how, read strictly and told by line. Pure."""

from scanner.sitefile.check import Words
from scanner.sitefile.keys import Keys, fill, from_folder, over
from scanner.sitefile.read import Site, SiteFile, read_site_file
from scanner.sitefile.schedule import Schedule, window_of
from scanner.sitefile.write import Draft, site_file_text

__all__ = [
    "Draft",
    "Keys",
    "Schedule",
    "Site",
    "SiteFile",
    "Words",
    "fill",
    "from_folder",
    "over",
    "read_site_file",
    "site_file_text",
    "window_of",
]
