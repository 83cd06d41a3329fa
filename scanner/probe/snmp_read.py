"""SNMP reads with what the user gave, by pysnmp, whose datagrams go through the door.

Only GET of named objects; each access of the user's is tried once, in his order, until one answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from scanner.models import Outcome, OutOfScope
from scanner.net.api import DatagramSocket, NetError, Network
from scanner.probe.contract import ProbeResult, SnmpAccess, Stage, Suspect
from scanner.probe.library import library
from scanner.probe.record import evidence

PORT = 161
SYSTEM = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.5.0")
"""sysDescr, sysObjectID, sysName (RFC 3418)."""

MAKERS = {
    # HIK-DEVICE-MIB: type, hardware, software, MAC
    "Hikvision": tuple(f"1.3.6.1.4.1.39165.1.{n}.0" for n in (1, 2, 3, 4)),
    # DAHUA-SNMP-MIB: software revision, serial number, device class, device type
    "Dahua": tuple(f"1.3.6.1.4.1.1004849.2.1.{n}.0" for n in ("1.1", "2.4", "2.5", "2.6")),
}
ENTITY = tuple(f"1.3.6.1.2.1.47.1.1.1.1.{n}.1" for n in (10, 11, 12, 13))
"""ENTITY-MIB (RFC 6933), first entity: software, serial number, manufacturer, model; for all other makers."""

_TIMEOUT = 2.0  # seconds
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


class SnmpRead:
    """Nothing is guessed: without the user's own access it never runs."""

    name = "snmp-read"
    stage = Stage.CREDENTIALS
    sends = (
        "UDP 161, only with the user's own communities or SNMPv3 users, each once until one answers: GET of sysDescr, "
        "sysObjectID and sysName, then of the suspected maker's model, version and serial number (for other makers of "
        "ENTITY-MIB's first row)."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Whether the user gave an access and nothing was read yet."""
        read = any(one.protocol == "snmp" and one.get("oids") for one in suspect.evidence)
        return bool(suspect.snmp) and not read

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`snmp` evidence with `oids`."""
        if not net.in_scope(suspect.host):
            return ProbeResult(Outcome.OUT_OF_SCOPE)
        await asyncio.to_thread(library, _HLAPI)
        for access in suspect.snmp:
            oids = await _read(net, suspect, access)
            if oids:
                return ProbeResult(Outcome.ANSWERED, (evidence(net, suspect.host, "snmp", oids=oids),))
        return ProbeResult(Outcome.TIMED_OUT)


async def _read(net: Network, suspect: Suspect, access: SnmpAccess) -> dict[str, str]:
    """What `access` may read, by OID; empty where nothing answered."""
    engine = library(_HLAPI).SnmpEngine()
    try:
        async with net.udp() as sock, _target(sock, suspect.host) as target:
            found = await _get(engine, access, target, SYSTEM)
            if found:
                more = next((MAKERS[m] for m in suspect.makers if m in MAKERS), ENTITY)
                for oid in more:
                    # One by one: an SNMPv1 agent refuses the whole request for one unknown name.
                    found |= await _get(engine, access, target, (oid,))
        return found
    finally:
        engine.close_dispatcher()


async def _get(engine: Any, access: SnmpAccess, target: Any, oids: tuple[str, ...]) -> dict[str, str]:
    hlapi = library(_HLAPI)
    names = [hlapi.ObjectType(hlapi.ObjectIdentity(oid)) for oid in oids]
    try:
        failed, status, _, bindings = await hlapi.get_cmd(
            engine, _credentials(access), target, hlapi.ContextData(), *names, lookupMib=False
        )
    except library("pysnmp.error").PySnmpError:
        return {}
    if failed or status:
        return {}
    read = ((str(name), _text(value)) for name, value in bindings)
    return {name: text for name, text in read if text}


def _credentials(access: SnmpAccess) -> Any:
    hlapi = library(_HLAPI)
    if access.version in (1, 2):
        return hlapi.CommunityData(access.community, mpModel=access.version - 1)
    return hlapi.UsmUserData(
        access.user,
        authKey=access.auth_key or None,
        privKey=access.privacy_key or None,
        authProtocol=getattr(hlapi, _AUTH[_plain(access.auth_protocol)]),
        privProtocol=getattr(hlapi, _PRIVACY[_plain(access.privacy_protocol)]),
    )


def _plain(protocol: str) -> str:
    return protocol.lower().replace("-", "").replace("_", "")


def _text(value: Any) -> str:
    """The value as text; "" for what the agent does not have."""
    absent = library("pysnmp.proto.rfc1905")
    if isinstance(value, (absent.NoSuchObject, absent.NoSuchInstance, absent.EndOfMibView, absent.UnSpecified)):
        return ""
    return str(value.prettyPrint())[:_MAX_TEXT]


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
    target = await Target.create((host, PORT), timeout=_TIMEOUT, retries=0)
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
        datagram = await sock.receive(_TIMEOUT)
        if datagram is not None and datagram.host == host and listener:
            listener[0].datagram_received(datagram.data, (host, PORT))
