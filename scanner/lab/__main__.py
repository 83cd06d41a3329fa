"""`python -m scanner.lab`: run a site as a process of its own until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec

from scanner.lab.lab import Lab
from scanner.lab.sites import demo_site, large_site, vendor_site, without
from scanner.lab.spec import Site
from scanner.models import CamcensusError, UsageError


def main(arguments: list[str] | None = None) -> int:
    """Run; exit code 0, or 2 with a message where the site cannot be put up."""
    options = _parser().parse_args(arguments)
    _raise_file_limit()
    try:
        own = options.site_file
        site = read_site(own) if own else site_of(options.site, options.count, options.first)
        asyncio.run(_serve(without(site, options.without), options))
    except CamcensusError as error:
        sys.stderr.write(f"camcensus lab: {error}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def site_of(name: str, count: int, first: str | None) -> Site:
    """The site `name`: "demo", "vendor", or "large" with `count` devices; `first` is the first device's address."""
    if name == "demo":
        return demo_site(first) if first else demo_site()
    if name == "vendor":
        return vendor_site(first) if first else vendor_site()
    return large_site(count, first) if first else large_site(count)


def read_site(path: Path) -> Site:
    """A site written as JSON (`msgspec.json.encode` of a Site). UsageError where it is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Site)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path}: {error}") from error


def ready_line(lab: Lab) -> dict[str, Any]:
    """What a caller needs: scope, addresses, truth, MAC addresses, port map as [[host, port, protocol, host, port]]."""
    return {
        "ready": True,
        "site": lab.site.name,
        "scope": list(lab.scope),
        "addresses": list(lab.addresses),
        "macs": {device.host: device.mac for device in lab.site.devices},
        "truth": {host: msgspec.to_builtins(truth) for host, truth in lab.truth.items()},
        "decoys": list(lab.decoys),
        "port_map": [[*key, *value] for key, value in lab.port_map.items()],
        "login": {"user": lab.site.user, "password": lab.site.password, "community": lab.site.community},
    }


async def _serve(site: Site, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stop.set)
    async with Lab(site, ports=options.ports, granted=options.granted) as lab:
        try:
            _tell(msgspec.json.encode(ready_line(lab)) + b"\n", options)
            await stop.wait()
        finally:
            if options.record is not None:
                options.record.write_bytes(lab.record.to_json())


def _tell(line: bytes, options: argparse.Namespace) -> None:
    if options.ready_file is not None:
        part = options.ready_file.with_suffix(".part")
        part.write_bytes(line)
        part.replace(options.ready_file)
    if options.ready_fd is not None:
        os.write(options.ready_fd, line)
        os.close(options.ready_fd)
    if options.ready_file is None and options.ready_fd is None:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def _raise_file_limit() -> None:
    """A site of 120 devices holds over a thousand sockets: use what the system allows at most."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scanner.lab", description="A simulated site with real sockets.")
    parser.add_argument("--site", choices=("demo", "large", "vendor"), default="demo")
    parser.add_argument(
        "--site-file", type=Path, metavar="FILE", help="a site of one's own, as JSON of scanner.lab.spec.Site"
    )
    parser.add_argument("--count", type=int, default=120, help="devices of the large site")
    parser.add_argument("--first", help="address of the first device")
    parser.add_argument(
        "--without", action="append", default=[], metavar="ADDRESS",
        help="leave this device, network or range out; may be repeated",
    )  # fmt: skip
    parser.add_argument("--ports", choices=("auto", "real", "mapped"), default="auto")
    parser.add_argument("--granted", action="store_true", help="the site's login and community are given to the tool")
    parser.add_argument("--ready-fd", type=int, metavar="FD", help="write the ready line there, not to standard output")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="write the ready line there, at once whole")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write what was received there at the end")
    return parser


if __name__ == "__main__":
    sys.exit(main())
