"""The options by which the user gives access: what is not given is not tried."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CommunityOption = Annotated[
    list[str] | None,
    typer.Option(
        "--snmp-community",
        metavar="TEXT",
        help="Community to read every device with; none by default, none is guessed.",
    ),
]
CredentialsOption = Annotated[
    Path | None,
    typer.Option("--credentials", metavar="FILE", help="What you give for which device (TOML, chmod 600)."),
]
SwitchOption = Annotated[
    list[str] | None,
    typer.Option(
        "--switch",
        metavar="ADDRESS",
        help="Read this switch's tables over SNMP: which device at which port; repeatable.",
    ),
]
