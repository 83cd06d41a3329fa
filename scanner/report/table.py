"""The table a person reads in a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from scanner.models import Device, Inventory, Status
from scanner.report.words import (
    STATUS_LABEL,
    channel_camera_text,
    channel_name,
    headline,
    hidden_channels,
    in_reading_order,
    instruments_short,
    kind_short,
    let_pass_text,
    maker_text,
    reach_line,
    status_text,
    upcoming_lines,
    waiver_lines,
)
from scanner.text import clean

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

STATUS_STYLE = {
    Status.LISTED: "bold red",
    Status.REVIEW: "yellow",
    Status.UNDETERMINED: "magenta",
    Status.NOT_LISTED: "green",
    Status.NOT_A_CAMERA: "dim",
}
_NARROW = 100
_TINY = 70
_ADDRESS = 20
_HIDDEN = 20  # cameras behind recorders named in a terminal
_WHY = 75  # characters of the reason; `camcensus explain` has the rest


def render_table(inventory: Inventory, *, width: int = 120, color: bool = False) -> str:
    """What was not reached, then the devices, then the verdict. `color` adds ANSI styles of ours; never a device's."""
    console = paper(width, color)
    for note in inventory.coverage.notes:
        console.print(styled(f"! {note}", "yellow"))
    console.print(styled(reach_line(inventory)))
    if not inventory.sweep.complete:
        console.print(
            styled("The sweep is not complete: what follows is what was found until it ended.", "bold yellow")
        )
    devices = in_reading_order(inventory.devices)
    if width < _TINY:
        _print_stacked(console, devices)
    else:
        console.print(device_table(devices, wide=width >= _NARROW))
    _print_hidden(console, inventory)
    for line in upcoming_lines(inventory):
        console.print(styled(line))
    for line in waiver_lines(inventory):
        console.print(styled(line, "yellow", limit=1000))
    console.print(styled(headline(inventory), "bold"))
    return output(console)


def _print_hidden(console: Console, inventory: Inventory) -> None:
    """The cameras that only their recorders tell of: no devices, so beside the table."""
    hidden = hidden_channels(inventory)
    if not hidden:
        return
    console.print(styled("Behind recorders, not reached:", "bold"))
    for recorder, channel in hidden[:_HIDDEN]:
        status = channel.status
        line = styled(f"{recorder.host} {channel_name(channel)}: {channel_camera_text(channel)}")
        if status is not None:
            line.append(" · ").append_text(styled(STATUS_LABEL[status], STATUS_STYLE[status]))
        line.pad_left(2)
        console.print(line)
    if len(hidden) > _HIDDEN:
        console.print(styled(f"  and {len(hidden) - _HIDDEN} more: camcensus explain, or the HTML report"))
    console.print(styled(""))


def device_table(devices: list[Device], *, wide: bool = True) -> RenderableType:
    """A Rich table of `devices`, in their order."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=wide)
    # Half of an IPv6 address a line: a long host must not squeeze out who made it.
    longest = max((len(clean(device.host)) for device in devices), default=0)
    table.add_column("Address", overflow="fold", no_wrap=longest <= _ADDRESS, max_width=_ADDRESS)
    table.add_column("Brand", overflow="fold", max_width=14)
    table.add_column("Maker", overflow="fold", max_width=14)
    table.add_column("Model", overflow="fold", max_width=20)
    table.add_column("Kind", overflow="fold", max_width=10)
    table.add_column("Status", no_wrap=True)
    if wide:
        table.add_column("Why", overflow="fold", ratio=1, min_width=30)
    for device in devices:
        table.add_row(*_cells(device, wide=wide))
    return table


def _print_stacked(console: Console, devices: list[Device]) -> None:
    """For a screen on which no table can be read: two lines a device."""
    for device in devices:
        console.print(styled(""))
        console.print(styled(device.host, "bold"), styled(status_text(device), STATUS_STYLE[device.status]))
        maker = maker_text(device)
        made = f"made by {maker}" if maker and device.brand and device.brand != device.maker else maker
        brand = device.brand if device.brand != device.maker or not maker else ""
        words = [word for word in (kind_short(device), brand, made, device.model) if word]
        if words:
            console.print(styled(", ".join(words)))
    console.print(styled(""))


def _cells(device: Device, *, wide: bool) -> list[RenderableType]:
    dim = "dim" if device.status is Status.NOT_A_CAMERA else ""
    rebrand = device.brand is not None and device.maker is not None and device.brand != device.maker
    cells: list[RenderableType] = [
        styled(device.host, dim),
        styled(device.brand or "", dim),
        styled(maker_text(device), "bold" if rebrand else dim),
        styled(device.model or "", dim),
        styled(kind_short(device), dim),
        styled(status_text(device), STATUS_STYLE[device.status]),
    ]
    if wide:
        named = instruments_short(device) or let_pass_text(device)
        behind = f"behind {device.behind[0]}" if device.behind else ""
        reasons = " · ".join(part for part in (named, behind, device.why) if part)
        cells.append(styled(reasons, dim, limit=_WHY))
    return cells


def styled(text: str, style: str = "", limit: int = 400) -> Text:
    """Literal text: no Rich markup, no control characters, at most `limit` characters."""
    from rich.text import Text

    return Text(clean(text, limit), style=style)


def paper(width: int, color: bool) -> Console:
    """A console that writes to memory."""
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def output(console: Console) -> str:
    """What was written to a `paper` console."""
    file = console.file
    assert isinstance(file, io.StringIO)  # noqa: S101 - made so above
    return file.getvalue()
