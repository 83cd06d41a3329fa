"""zeroconf's browser on one interface, closed for certain; what one bad name breaks costs that name only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from scanner.wire.mdns import MdnsService, parse_txt

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

_MAX_NAMES = 1024
_RESOLVE_MS = 1500

Resolved = Callable[[MdnsService], Awaitable[None]]


async def browse(address: str, types: Sequence[str], seconds: float, resolved: Resolved) -> list[str]:
    """Browse for `types` from the interface that has `address`; each service found goes to `resolved`.

    The notes for the coverage where that could not be done.
    """
    from zeroconf import Error, IPVersion
    from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf

    try:
        zeroconf = AsyncZeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
    except (OSError, Error) as error:
        return [f"mDNS not browsed from {address}: {error}"]
    names: asyncio.Queue[tuple[str, str]] = asyncio.Queue(_MAX_NAMES)
    try:
        browser = AsyncServiceBrowser(zeroconf.zeroconf, list(types), handlers=[_into(names)])
        await _resolve_all(zeroconf, names, seconds, resolved)
        await browser.async_cancel()
    except (OSError, Error) as error:
        return [f"mDNS browsing from {address} ended early: {error}"]
    finally:
        await zeroconf.async_close()
    return []


def _into(names: asyncio.Queue[tuple[str, str]]) -> Callable[..., None]:
    def found(**change: Any) -> None:
        # A flood beyond the queue's size is a hostile or broken responder; what is already in it is resolved.
        if not names.full():
            names.put_nowait((change["service_type"], change["name"]))

    return found


async def _resolve_all(
    zeroconf: AsyncZeroconf, names: asyncio.Queue[tuple[str, str]], seconds: float, resolved: Resolved
) -> None:
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    seen: set[tuple[str, str]] = set()
    async with asyncio.TaskGroup() as group:
        while clock() < end:
            try:
                async with asyncio.timeout(end - clock()):
                    name = await names.get()
            except TimeoutError:
                return
            if name not in seen:
                seen.add(name)
                group.create_task(_resolve(zeroconf, *name, resolved))


async def _resolve(zeroconf: AsyncZeroconf, kind: str, name: str, resolved: Resolved) -> None:
    from zeroconf import Error
    from zeroconf.asyncio import AsyncServiceInfo

    try:
        info = AsyncServiceInfo(kind, name)
        await info.async_request(zeroconf.zeroconf, _RESOLVE_MS)
        service = _service(info)
    except (Error, ValueError, OSError):
        # zeroconf is strict about names that devices use all the same (BadTypeInNameException is one of its errors)
        return
    await resolved(service)


def _service(info: AsyncServiceInfo) -> MdnsService:
    return MdnsService(
        service=info.type,
        name=info.name,
        host=info.server or "",
        port=info.port,
        txt=parse_txt(info.text or b""),
        addresses=tuple(info.parsed_addresses()),
    )
