"""`camcensus explain`: each fact of one device with its claims, fingerprints and matched text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scanner.cli.choices import AsOfOption, PolicyOption
from scanner.cli.judging_options import OverlayOption, PolicyFileOption, WaiversOption, judging
from scanner.cli.output import colored, result, width
from scanner.cli.rules_options import NOTHING_ADDED, Extras, FingerprintsOption, PinsOption, RecogOption
from scanner.cli.run_files import read_run, rejudge


def explain(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that a sweep wrote, or an inventory file.")],
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="The device: an address, a MAC, a serial or its id.")
    ],
    fingerprints: FingerprintsOption = None,
    recog: RecogOption = None,
    pins: PinsOption = None,
    policy: PolicyOption = None,
    policy_file: PolicyFileOption = None,
    overlay: OverlayOption = None,
    waivers: WaiversOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Say what a device's verdict rests on; with fingerprints or pins of your own, what it would rest on."""
    from scanner.models import UsageError
    from scanner.report.explain import find_devices, render_explanation

    inventory = read_run(run)
    given = judging(policy, policy_file, overlay, waivers, as_of)
    extras = Extras.given(fingerprints, recog, pins)
    if given or extras != NOTHING_ADDED:
        by = replace(given, as_of=given.as_of or date.fromisoformat(inventory.sweep.as_of))
        inventory = rejudge(run, inventory, by, extras)
    devices = find_devices(inventory, address)
    if not devices:
        known = ", ".join(d.host for d in inventory.devices[:10])
        more = ", …" if len(inventory.devices) > 10 else ""
        raise UsageError(f"{run} has no device {address!r}. Devices in it: {known or 'none'}{more}")
    for device in devices:
        result(render_explanation(device, inventory, width=width(), color=colored()))
