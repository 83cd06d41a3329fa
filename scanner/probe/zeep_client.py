"""onvif-zeep's adapter: shared WSDL documents, a transport that can reach nothing but the callable it is given.

The library blocks, so each call runs in a thread; what it sends comes back to the event loop through `Post`.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from scanner.models import Outcome
from scanner.probe.contract import Login
from scanner.probe.library import library
from scanner.probe.session import Reply

_NOWHERE = "http://device.invalid/onvif/device_service"
_SECONDS = 15.0
_LOADING = threading.Lock()

Post = Callable[[bytes, Sequence[tuple[str, str]]], Awaitable[Reply]]
"""Send one envelope with these headers to the device."""


class Service(StrEnum):
    """A service that is asked, by the namespace under which a device gives its address."""

    DEVICE = "http://www.onvif.org/ver10/device/wsdl"
    MEDIA = "http://www.onvif.org/ver10/media/wsdl"
    MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"  # onvif-zeep has no WSDL of it: see `envelope`
    DEVICE_IO = "http://www.onvif.org/ver10/deviceIO/wsdl"


_FILES = {
    Service.DEVICE: ("devicemgmt.wsdl", "DeviceBinding"),
    Service.MEDIA: ("media.wsdl", "MediaBinding"),
    Service.DEVICE_IO: ("deviceio.wsdl", "DeviceIOBinding"),
}


async def call(
    login: Login | None, skew: timedelta, service: Service, operation: str, post: Post, **arguments: Any
) -> None:
    """Call `operation` once; whether the library can read the answer does not matter, as `post` has kept it.

    With a login the envelope carries a UsernameToken digest; None is for a device that wants HTTP digest.
    """
    loop = asyncio.get_running_loop()
    unused = [operation.encode()]

    def send(envelope: bytes, headers: Sequence[tuple[str, str]]) -> Reply:
        # onvif-zeep calls once more after a TypeError, wherever that came from; a login is tried once.
        if not unused or unused.pop() not in envelope:
            return Reply(Outcome.SKIPPED)
        return asyncio.run_coroutine_threadsafe(_awaited(post, envelope, headers), loop).result(_SECONDS)

    await asyncio.to_thread(_call, login, skew, service, operation, arguments, send)


async def envelope(login: Login | None, skew: timedelta, body: str) -> bytes:
    """A SOAP envelope around `body` (an element), with zeep's UsernameToken digest where there is a login."""
    return await asyncio.to_thread(_envelope, login, skew, body)


def _envelope(login: Login | None, skew: timedelta, body: str) -> bytes:
    etree = library("lxml.etree")
    soap = "http://www.w3.org/2003/05/soap-envelope"
    root = etree.fromstring(f'<s:Envelope xmlns:s="{soap}"><s:Header/><s:Body>{body}</s:Body></s:Envelope>')
    if login is not None:
        root, _ = _token(login, skew).apply(root, {})
    return bytes(etree.tostring(root))


async def _awaited(post: Post, envelope: bytes, headers: Sequence[tuple[str, str]]) -> Reply:
    return await post(envelope, headers)


def _call(
    login: Login | None,
    skew: timedelta,
    service: Service,
    operation: str,
    arguments: Mapping[str, Any],
    send: Callable[..., Reply],
) -> None:
    with _LOADING:
        onvif, document = _onvif(), _document(service)
    file, binding = _FILES[service]
    client = _client(document, login, skew, send)
    with contextlib.suppress(onvif.ONVIFError):
        asked = onvif.ONVIFService(
            xaddr=_NOWHERE,
            user="",
            passwd="",
            url=str(_wsdl(file)),
            binding_name=f"{{{service.value}}}{binding}",
            zeep_client=client,
        )
        getattr(asked, operation)(dict(arguments))


@cache
def _onvif() -> Any:
    """onvif-zeep. Its import sets up logging for the whole process, which is undone."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        return library("onvif")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@cache
def _document(service: Service) -> Any:
    """A service's WSDL, read once from the files that the distribution lists (its own path is wrong)."""
    path = str(_wsdl(_FILES[service][0]))
    return library("zeep.wsdl").Document(path, _transport(_nothing), settings=_settings())


def _wsdl(name: str) -> Path:
    for file in importlib.metadata.files("onvif_zeep") or ():
        if file.name == name:
            return Path(str(file.locate()))
    raise FileNotFoundError(f"{name} of onvif-zeep is not installed")


def _settings() -> Any:
    return library("zeep").Settings(strict=False, xml_huge_tree=False, forbid_dtd=True, forbid_entities=True)


def _client(document: Any, login: Login | None, skew: timedelta, send: Callable[..., Reply]) -> Any:
    token = _token(login, skew) if login is not None else None
    return library("zeep").Client(document, wsse=token, transport=_transport(send), settings=_settings())


def _token(login: Login, skew: timedelta) -> Any:
    return library("zeep.wsse.username").UsernameToken(
        login.user, login.password, use_digest=True, zulu_timestamp=True, created=datetime.now(UTC) + skew
    )


def _nothing(_envelope: bytes, _headers: Sequence[tuple[str, str]]) -> Reply:
    return Reply(Outcome.SKIPPED)


def _transport(send: Callable[..., Reply]) -> Any:
    """A zeep transport that opens no socket: local files are read, all else goes through `send`."""
    failure = library("zeep.exceptions").TransportError
    base = library("zeep.transports").Transport

    class DoorTransport(base):  # type: ignore[misc, valid-type]
        def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Any:  # noqa: ARG002
            return _response(send(message, list(headers.items())))

        def get(self, address: str, params: object, headers: object) -> Any:  # noqa: ARG002
            raise failure("only POST to the device itself")

        def load(self, url: str) -> bytes:
            path = Path(url.removeprefix("file://"))
            if not path.is_absolute():
                raise failure("only local files are loaded")
            return path.read_bytes()

    def _response(reply: Reply) -> Any:
        if reply.answer is None or reply.outcome is not Outcome.ANSWERED:
            raise failure(f"no whole answer: {reply.outcome.value}")
        response = library("requests").Response()
        response.status_code = reply.answer.status or 0
        response._content = reply.answer.body
        response.headers.update({name: value for name, value in reply.answer.headers if value.isprintable()})
        return response

    return DoorTransport()
