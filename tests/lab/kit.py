"""Small clients for the lab's tests: plain sockets, no library that would mend what a device sends."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from scanner.lab import Lab, Site, demo_site
from scanner.lab.auth import parameters

PASSWORD = demo_site().password


def site_of(*keys: str) -> Site:
    """The demo site with only the devices `keys`."""
    whole = demo_site()
    return Site(
        name="test",
        scope=whole.scope,
        devices=tuple(device for device in whole.devices if device.key in keys),
        user=whole.user,
        password=whole.password,
        community=whole.community,
        decoys=whole.decoys,
    )


@dataclasses.dataclass
class Visit:
    """One device of a lab on mapped ports, and how to talk to it."""

    lab: Lab
    host: str

    def where(self, port: int, protocol: str = "tcp") -> tuple[str, int]:
        return self.lab.port_map[self.host, port, protocol]

    async def open(
        self, port: int, context: ssl.SSLContext | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(*self.where(port), ssl=context)

    async def ask(self, port: int, data: bytes, context: ssl.SSLContext | None = None, wait: float = 0.1) -> bytes:
        """Send `data`; everything that comes until the device closes or is silent for `wait` seconds."""
        reader, writer = await self.open(port, context)
        writer.write(data)
        got = b""
        try:
            while chunk := await asyncio.wait_for(reader.read(65536), wait if got else 3.0):
                got += chunk
        except TimeoutError:
            pass
        writer.transport.abort()
        return got

    async def get(self, path: str = "/", port: int = 80, *headers: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}", "Connection: close", *headers]
        return await self.ask(port, ("\r\n".join(lines) + "\r\n\r\n").encode())

    async def post(self, path: str, body: str, port: int = 80, *headers: str) -> bytes:
        lines = [f"POST {path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(body.encode())}", *headers]
        return await self.ask(port, ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n" + body).encode())

    async def datagram(self, port: int, data: bytes, wait: float = 0.15) -> list[bytes]:
        """Send one datagram; the answers within `wait` seconds (the lab answers unicast at once)."""
        loop = asyncio.get_running_loop()
        answers: list[bytes] = []

        class Ear(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: Any) -> None:
                answers.append(data)

        transport, _ = await loop.create_datagram_endpoint(Ear, remote_addr=self.where(port, "udp"))
        transport.sendto(data)
        await asyncio.sleep(wait)
        transport.abort()
        return answers

    def kinds(self) -> list[str]:
        return [violation.kind for violation in self.lab.record.violations]


def visit(key: str, talk: Callable[[Visit], Coroutine[Any, Any, None]], *, granted: bool = False) -> None:
    """Put up the device `key` on mapped ports and let `talk` visit it."""

    async def run() -> None:
        async with Lab(site_of(key), ports="mapped", granted=granted) as lab:
            await talk(Visit(lab, lab.addresses[0]))

    asyncio.run(run(), debug=True)


def soap(operation: str, header: str = "") -> str:
    return (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
        f'<s:Header>{header}</s:Header><s:Body><{operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body>'
        "</s:Envelope>"
    )


def token(user: str, password: str) -> str:
    """A WS-Security UsernameToken with a password digest."""
    nonce, created = b"0123456789abcdef", "2026-11-22T09:00:00Z"
    digest = base64.b64encode(_sha1(nonce + created.encode() + password.encode())).decode()
    wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    return (
        f'<Security xmlns="{wsse}"><UsernameToken><Username>{user}</Username><Password>{digest}</Password>'
        f"<Nonce>{base64.b64encode(nonce).decode()}</Nonce><Created>{created}</Created></UsernameToken></Security>"
    )


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def digest(challenge: str, method: str, uri: str, user: str, password: str) -> str:
    """An Authorization header for the Digest challenge `challenge` (RFC 2617, MD5, qop=auth)."""
    given = parameters(challenge.partition(" ")[2])

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    first, second = md5(f"{user}:{given['realm']}:{password}"), md5(f"{method}:{uri}")
    response = md5(f"{first}:{given['nonce']}:00000001:abcd:auth:{second}")
    return (
        f'Digest username="{user}", realm="{given["realm"]}", nonce="{given["nonce"]}", uri="{uri}", '
        f'qop=auth, nc=00000001, cnonce="abcd", response="{response}"'
    )


def header(answer: bytes, name: str) -> str:
    """The first header `name` of an HTTP or RTSP answer, "" where there is none."""
    for line in answer.decode("utf-8", "replace").split("\r\n"):
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return ""
