"""`camcensus demo`: a sweep of a simulated site on this machine; nothing leaves it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scanner.cli.choices import FormatOption
from scanner.cli.exits import Exit
from scanner.cli.output import say
from scanner.report.formats import Format

if TYPE_CHECKING:
    from scanner.cli.running import Plan, PortMap
    from scanner.lab.lab import Lab
    from scanner.lab.spec import Site

_MARK = "demo"  # the recorded option by which the demo knows its own folder


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for evidence log, inventory and HTML report.")
    ] = Path("camcensus-demo"),
    serve: Annotated[
        bool, typer.Option("--serve", help="Only keep the site up, to sweep it from another terminal.")
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="ADDRESS", help="Leave this device, network or range out; may be repeated."),
    ] = None,
    form: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the result.")] = False,
) -> int:
    """Sweep a simulated site on loopback: real sockets, invented devices."""
    site = _present(without or ())
    if serve:
        return _serve(out, site)
    from scanner.cli.choices import ProgressMode
    from scanner.cli.finish import show
    from scanner.cli.progress import progress_for
    from scanner.cli.running import run_plan

    plan = _plan(_fresh(out))
    if not quiet:
        say(f"A simulated site of {len(site.devices)} devices on loopback: invented, but they answer as real ones do.")
    ended = run_plan(plan, progress_for(ProgressMode.AUTO, quiet=quiet), partial(_site, site))
    show(ended.inventory, form, None)
    if not quiet:
        say(f"Report: {ended.report}")
        say(f"Why one of them: camcensus explain {out} {plan.options.targets[0]}")
    return ended.exit


def _plan(out: Path) -> Plan:
    from dataclasses import replace

    from scanner.cli.planning import Wishes, plan_sweep
    from scanner.lab.sites import demo_site

    hosts = [device.host for device in demo_site().devices]
    plan = plan_sweep(
        Wishes(targets=(f"{hosts[0]}-{hosts[-1].rpartition('.')[2]}",), out=out, rate=5000, host_rate=400)
    )
    return replace(plan, recorded_options={**plan.recorded_options, _MARK: True})


def _fresh(out: Path) -> Path:
    """The files of an earlier demo make room; those of a real sweep, and all others, are left alone."""
    from scanner.runs import EVIDENCE, INVENTORY, REPORT, STATE, read_states

    if (out / STATE).is_file() and any(_is_demo(state) for state in read_states(out / STATE)):
        for name in (EVIDENCE, INVENTORY, REPORT, STATE):
            (out / name).unlink(missing_ok=True)
    return out


def _is_demo(state: dict[str, Any]) -> bool:
    options = state.get("options")
    return isinstance(options, dict) and options.get(_MARK) is True


def _present(gone: Sequence[str]) -> Site:
    """The demo site without what was left out; UsageError where that names none of its devices."""
    from scanner.lab.sites import demo_site, without

    return without(demo_site(), gone)


def _lab(site: Site) -> Lab:
    import sys

    from scanner.lab.lab import Lab

    # Only Linux answers on the whole of 127.0.0.0/8 unasked.
    return Lab(site, bind=None if sys.platform == "linux" else "127.0.0.1")


@contextlib.asynccontextmanager
async def _site(site: Site) -> AsyncIterator[PortMap]:
    async with _lab(site) as lab:
        yield lab.port_map


def _serve(out: Path, site: Site) -> int:
    import asyncio

    import msgspec

    from scanner.lab.sites import demo_site
    from scanner.runs import write_whole

    async def serve() -> None:
        async with _lab(site) as lab:
            hosts = [device.host for device in demo_site().devices]
            command = f"camcensus sweep {hosts[0]}-{hosts[-1].rpartition('.')[2]}"
            if lab.port_map:
                rows = [[*key, *real] for key, real in sorted(lab.port_map.items())]
                file = write_whole(out / "ports.json", msgspec.json.encode(rows))
                command += f" --port-map {file}"
            say(f"The site is up: {len(lab.addresses)} devices. In another terminal:\n  {command}\nCtrl-C ends it.")
            await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
    return Exit.DONE
