"""The yardstick of the sweep: open and close a TCP connection to each port of each device, two at a time to a device.

It knows the addresses already, says nothing and learns only which ports are open: the least that any tool which looks
at these ports sends. `python -m benchmarks.connect HOST… [--ports P…] [--timeout S]`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable, Sequence

from scanner.probe.ports import FIRST_TIER

AT_ONCE = 2
SECONDS = 2.0


async def open_ports(hosts: Iterable[str], ports: Sequence[int], timeout: float = SECONDS) -> dict[str, list[int]]:
    """The open ports of each host."""
    found: dict[str, list[int]] = {host: [] for host in hosts}

    async def ask(host: str, port: int, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                async with asyncio.timeout(timeout):
                    _, writer = await asyncio.open_connection(host, port)
            except OSError:  # TimeoutError too
                return
            found[host].append(port)
            writer.close()
            try:
                await writer.wait_closed()
            except OSError:
                return

    async with asyncio.TaskGroup() as group:
        for host in found:
            places = asyncio.Semaphore(AT_ONCE)
            for port in ports:
                group.create_task(ask(host, port, places))
    return {host: sorted(open_) for host, open_ in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each host and its open ports."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.connect")
    parser.add_argument("hosts", nargs="+", metavar="HOST")
    parser.add_argument("--ports", nargs="+", type=int, default=list(FIRST_TIER))
    parser.add_argument("--timeout", type=float, default=SECONDS)
    options = parser.parse_args(arguments)
    for host, ports in asyncio.run(open_ports(options.hosts, options.ports, options.timeout)).items():
        sys.stdout.write(f"{host} {' '.join(map(str, ports))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
