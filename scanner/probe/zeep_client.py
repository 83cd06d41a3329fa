"""onvif-zeep's adapter: one shared WSDL document, a transport that can reach nothing but the callable it is given.

The library blocks, so each call runs in a thread; what it sends comes back to the event loop through `Post`.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from scanner.models import Outcome
from scanner.probe.contract import Login
from scanner.probe.library import library
from scanner.probe.session import Reply

_BINDING = "{http://www.onvif.org/ver10/device/wsdl}DeviceBinding"
_NOWHERE = "http://device.invalid/onvif/device_service"
_SECONDS = 15.0
_LOADING = threading.Lock()

Post = Callable[[bytes, Sequence[tuple[str, str]]], Awaitable[Reply]]
"""Send one envelope with these headers to the device."""


async def call(login: Login, skew: timedelta, operations: Sequence[str], post: Post) -> tuple[Outcome, str]:
    """Call `operations` one after the other until the first refusal; how that ended, with a word about it."""
    loop = asyncio.get_running_loop()
    unused = list(operations)

    def send(envelope: bytes, headers: Sequence[tuple[str, str]]) -> Reply:
        # onvif-zeep calls once more after a TypeError, wherever that came from; a login is tried once.
        if not unused or unused.pop(0).encode() not in envelope:
            return Reply(Outcome.SKIPPED)
        return asyncio.run_coroutine_threadsafe(_awaited(post, envelope, headers), loop).result(_SECONDS)

    return await asyncio.to_thread(_call, login, skew, operations, send)


async def _awaited(post: Post, envelope: bytes, headers: Sequence[tuple[str, str]]) -> Reply:
    return await post(envelope, headers)


def _call(login: Login, skew: timedelta, operations: Sequence[str], send: Callable[..., Reply]) -> tuple[Outcome, str]:
    with _LOADING:
        onvif, document = _onvif(), _document()
    client = _client(document, login, skew, send)
    answered = Outcome.EMPTY
    try:
        service = onvif.ONVIFService(
            xaddr=_NOWHERE, user="", passwd="", url=str(_wsdl()), binding_name=_BINDING, zeep_client=client
        )
        for operation in operations:
            getattr(service, operation)()
            answered = Outcome.ANSWERED
    except onvif.ONVIFError as error:
        # Its text may quote the device's answer, never the request.
        return (answered if answered is Outcome.ANSWERED else Outcome.REFUSED), str(error)[:200]
    return answered, ""


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
def _document() -> Any:
    """The device service's WSDL, read once from the files that the distribution lists (its own path is wrong)."""
    return library("zeep.wsdl").Document(str(_wsdl()), _transport(_nothing), settings=_settings())


def _wsdl() -> Path:
    for file in importlib.metadata.files("onvif_zeep") or ():
        if file.name == "devicemgmt.wsdl":
            return Path(str(file.locate()))
    raise FileNotFoundError("devicemgmt.wsdl of onvif-zeep is not installed")


def _settings() -> Any:
    return library("zeep").Settings(strict=False, xml_huge_tree=False, forbid_dtd=True, forbid_entities=True)


def _client(document: Any, login: Login, skew: timedelta, send: Callable[..., Reply]) -> Any:
    token = library("zeep.wsse.username").UsernameToken(
        login.user, login.password, use_digest=True, zulu_timestamp=True, created=datetime.now(UTC) + skew
    )
    return library("zeep").Client(document, wsse=token, transport=_transport(send), settings=_settings())


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
