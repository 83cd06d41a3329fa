"""One device over SNMP with one access of the user's: pysnmp speaks, its datagrams go through the door.

GET, GETNEXT and GETBULK only. Nothing of the access is ever part of what is returned or raised.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

from scanner.models import OutOfScope
from scanner.net.api import DatagramSocket, NetError, Network
from scanner.probe.contract import SnmpAccess
from scanner.probe.library import library

PORT = 161
TIMEOUT = 2.0  # seconds
MAX_IN_FLIGHT = 100
"""Devices asked at once: pysnmp's engines stall the loop at thousands."""

Value = int | str | bytes
"""INTEGER and its kin as int, OBJECT IDENTIFIER as dotted text, octets (and IpAddress) as bytes."""

_AUTH = {
    "": "usmNoAuthProtocol",
    "md5": "usmHMACMD5AuthProtocol",
    "sha": "usmHMACSHAAuthProtocol",
    "sha1": "usmHMACSHAAuthProtocol",
    "sha224": "usmHMAC128SHA224AuthProtocol",
    "sha256": "usmHMAC192SHA256AuthProtocol",
    "sha384": "usmHMAC256SHA384AuthProtocol",
    "sha512": "usmHMAC384SHA512AuthProtocol",
}
_PRIVACY = {
    "": "usmNoPrivProtocol",
    "des": "usmDESPrivProtocol",
    "3des": "usm3DESEDEPrivProtocol",
    "aes": "usmAesCfb128Protocol",
    "aes128": "usmAesCfb128Protocol",
    "aes192": "usmAesCfb192Protocol",
    "aes256": "usmAesCfb256Protocol",
}
_MAX_TEXT = 4096
_HLAPI = "pysnmp.hlapi.v3arch.asyncio"
_PLACES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class SnmpClient:
    """Asks the device of one target. `vlan` is the context of an agent that keeps a table for each VLAN."""

    def __init__(self, engine: Any, target: Any, access: SnmpAccess, vlan: int | None = None) -> None:
        self._engine = engine
        self._target = target
        self._access = access
        self._vlan = vlan
        self.single = access.version == 1

    def in_vlan(self, vlan: int) -> SnmpClient:
        """The same device and secret in the context of a VLAN (Cisco: community@vlan; SNMPv3 context vlan-N)."""
        return SnmpClient(self._engine, self._target, self._access, vlan)

    async def get(self, names: Sequence[str]) -> dict[str, str]:
        """The values as text, of those that the agent has; empty where it stays silent or refuses.

        An SNMPv1 agent refuses a whole request for one unknown name.
        """
        hlapi = library(_HLAPI)
        rows = await self._ask(hlapi.get_cmd, names)
        read = ((name, text(value)) for name, value in rows or ())
        return {name: value for name, value in read if value}

    async def next_rows(self, name: str, count: int) -> list[tuple[str, Value]] | None:
        """At most `count` objects after `name`; empty at the end of the agent's view, None where nothing came."""
        hlapi = library(_HLAPI)
        if self.single:
            rows = await self._ask(hlapi.next_cmd, [name])
        else:
            rows = await self._ask(hlapi.bulk_cmd, [name], 0, count)
        if rows is None:
            return None
        return [(name, plain) for name, value in rows[:count] if (plain := _plain_value(value)) is not None]

    async def _ask(self, command: Any, names: Sequence[str], *counts: int) -> list[tuple[str, Any]] | None:
        hlapi = library(_HLAPI)
        objects = [hlapi.ObjectType(hlapi.ObjectIdentity(name)) for name in names]
        context = hlapi.ContextData()
        if self._vlan is not None and self._access.version == 3:
            context = hlapi.ContextData(contextName=f"vlan-{self._vlan}".encode())
        try:
            failed, status, _, rows = await command(
                self._engine,
                credentials(self._access, self._vlan),
                self._target,
                context,
                *counts,
                *objects,
                lookupMib=False,
            )
        except library("pysnmp.error").PySnmpError:
            return None
        if failed:
            return None
        # noSuchName is how SNMPv1 says the end of the view
        return [] if status else [(str(name), value) for name, value in rows]


@asynccontextmanager
async def snmp_client(net: Network, host: str, access: SnmpAccess) -> AsyncIterator[SnmpClient]:
    """A client for `host`; waits for one of the places. Nothing is sent yet."""
    await asyncio.to_thread(library, _HLAPI)
    places = _PLACES.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MAX_IN_FLIGHT))
    async with places:
        engine = library(_HLAPI).SnmpEngine()
        try:
            async with net.udp() as sock, _target(sock, host) as target:
                yield SnmpClient(engine, target, access)
        finally:
            engine.close_dispatcher()


def credentials(access: SnmpAccess, vlan: int | None = None) -> Any:
    """pysnmp's form of what the user gave."""
    hlapi = library(_HLAPI)
    if access.version in (1, 2):
        community = access.community if vlan is None else f"{access.community}@{vlan}"
        return hlapi.CommunityData(community, mpModel=access.version - 1)
    return hlapi.UsmUserData(
        access.user,
        authKey=access.auth_key or None,
        privKey=access.privacy_key or None,
        authProtocol=getattr(hlapi, _AUTH[_plain_name(access.auth_protocol)]),
        privProtocol=getattr(hlapi, _PRIVACY[_plain_name(access.privacy_protocol)]),
    )


def text(value: Any) -> str:
    """A value as text, octets that are none as 0x…; "" for what the agent does not have."""
    if _absent(value):
        return ""
    octets = _plain_value(value)
    if not isinstance(octets, bytes) or isinstance(value, library("pysnmp.proto.rfc1902").IpAddress):
        return str(value.prettyPrint())[:_MAX_TEXT]
    try:
        # Bosch ends its texts as C does
        said = octets.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        return f"0x{octets.hex()}"
    return said if all(char.isprintable() or char in "\r\n\t" for char in said) else f"0x{octets.hex()}"


def _plain_value(value: Any) -> Value | None:
    if _absent(value):
        return None
    types = library("pyasn1.type.univ")
    if isinstance(value, types.OctetString):
        return bytes(value.asOctets()[:_MAX_TEXT])
    if isinstance(value, types.ObjectIdentifier):
        return str(value)
    return int(value) if isinstance(value, types.Integer) else None


def _absent(value: Any) -> bool:
    gone = library("pysnmp.proto.rfc1905")
    return isinstance(value, gone.NoSuchObject | gone.NoSuchInstance | gone.EndOfMibView | gone.UnSpecified)


def _plain_name(protocol: str) -> str:
    return protocol.lower().replace("-", "").replace("_", "")


class _Bridge:
    """What pysnmp takes for its socket: collects what it sends, for the pump to hand to the door."""

    def __init__(self) -> None:
        self.outgoing: asyncio.Queue[bytes] = asyncio.Queue()

    def sendto(self, data: bytes, _address: object) -> None:
        """pysnmp sends one datagram."""
        self.outgoing.put_nowait(data)

    def close(self) -> None:
        """The door's socket is closed by its own context."""


@asynccontextmanager
async def _target(sock: DatagramSocket, host: str) -> AsyncIterator[Any]:
    """A pysnmp target whose datagrams pass `sock`, to `host` only and from `host` only."""
    transport_base = library("pysnmp.carrier.asyncio.dgram.udp").UdpAsyncioTransport
    target_base = library(_HLAPI).UdpTransportTarget
    bridge = _Bridge()

    class Transport(transport_base):  # type: ignore[misc, valid-type]
        def open_client_mode(self, iface: object = None, allow_broadcast: bool = False) -> Transport:  # noqa: ARG002
            self.connection_made(bridge)
            listener.append(self)
            return self

    class Target(target_base):  # type: ignore[misc, valid-type]
        PROTO_TRANSPORT = Transport

        async def _resolve_address(self, address: tuple[str, int]) -> tuple[str, int]:
            return address

    listener: list[Transport] = []
    target = await Target.create((host, PORT), timeout=TIMEOUT, retries=0)
    pumps = [
        asyncio.create_task(_pump_out(bridge, sock, host)),
        asyncio.create_task(_pump_in(sock, host, listener)),
    ]
    try:
        yield target
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def _pump_out(bridge: _Bridge, sock: DatagramSocket, host: str) -> None:
    while True:
        data = await bridge.outgoing.get()
        try:
            await sock.send(data, host, PORT)
        except (NetError, OutOfScope):
            # pysnmp's own timeout ends the wait for an answer to what could not be sent.
            continue


async def _pump_in(sock: DatagramSocket, host: str, listener: list[Any]) -> None:
    while True:
        datagram = await sock.receive(TIMEOUT)
        if datagram is not None and datagram.host == host and listener:
            listener[0].datagram_received(datagram.data, (host, PORT))
