"""The options that `camcensus sweep` alone has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scanner.cli.choices import ProgressMode

TargetsOption = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TARGET…", help="Address, network (198.51.100.0/24), range (198.51.100.10-40), name or @file."
    ),
]
ExcludeOption = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="TARGET", help="Leave this out; may be repeated.")
]
SiteFileOption = Annotated[
    Path | None,
    typer.Option("--site", metavar="FILE", help="A site file: its sites, each in turn (docs/sitefile.md)."),
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME", help="Only this site of the file; may be repeated."),
]
NowOption = Annotated[bool, typer.Option("--now", help="Sweep even outside of the window that the site file allows.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for evidence log, inventory and HTML report.")
]
AllowPublicOption = Annotated[bool, typer.Option("--allow-public", help="Allow public addresses among the targets.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be sent (with --json FILE as JSON), and send nothing.")
]
ResumeOption = Annotated[Path | None, typer.Option("--resume", metavar="DIR", help="Go on with an interrupted sweep.")]
YesOption = Annotated[bool, typer.Option("--yes", help="With no TARGET: sweep the local networks without asking.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only the result.")]
ProgressOption = Annotated[
    ProgressMode | None, typer.Option("--progress", help="What to tell while it runs; auto by default.")
]
