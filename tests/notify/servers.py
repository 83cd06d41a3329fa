"""Servers on loopback that keep what they got: HTTP (with TLS too) and SMTP."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """`answers` are the statuses to come; the last one stays."""

    url: str
    port: int
    answers: list[int]
    requests: list[Request] = field(default_factory=list)


@contextmanager
def web(*answers: int, context: ssl.SSLContext | None = None, silent: threading.Event | None = None) -> Iterator[Web]:
    """A web server; with `silent`, one that answers nothing until the event is set."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            state.requests.append(Request(self.path, dict(self.headers.items()), self.rfile.read(length)))
            if silent:
                silent.wait(20)
            status = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{state.url}/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_GET = do_POST  # noqa: N815 - where a redirect would lead

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that trusts us not hangs up
    port = server.server_address[1]
    state = Web(f"{'https' if context else 'http'}://127.0.0.1:{port}", port, list(answers or (204,)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Post:
    """A mail server, and what it got."""

    port: int
    mails: list[Envelope] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)


class _Handler:
    def __init__(self, post: Post, answers: list[str], unknown: str) -> None:
        self.post = post
        self.answers = answers
        self.unknown = unknown

    async def handle_RCPT(  # noqa: N802 - the library's name for it
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.unknown:
            return "550 nobody here of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.post.mails.append(envelope)
        self.post.encrypted.append(session.ssl is not None)
        return "250 taken"


@contextmanager
def post(
    context: ssl.SSLContext | None = None, *, implicit: bool = False, answers: tuple[str, ...] = (), unknown: str = ""
) -> Iterator[Post]:
    """An SMTP server: with STARTTLS where there is a context, with TLS from the start where it is `implicit`."""
    sock = socket.create_server(("127.0.0.1", 0))
    state = Post(sock.getsockname()[1])
    handler = _Handler(state, list(answers), unknown)

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        state.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)

    def session() -> SMTP:
        return SMTP(
            handler, hostname="mail.example", loop=loop, authenticator=check, auth_require_tls=not implicit,
            tls_context=None if implicit else context,
        )  # fmt: skip

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(session, sock=sock, ssl=context if implicit else None))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield state
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()


@dataclass(frozen=True)
class Authority:
    """A certificate for 127.0.0.1, and the file of the authority that made it."""

    file: Path
    context: ssl.SSLContext


def authority(folder: Path) -> Authority:
    """A new authority, which nobody else trusts, and a server's context by it."""
    key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    today = datetime.datetime.now(datetime.UTC)
    base = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
    )
    own = (
        base.subject_name(name).public_key(key.public_key()).serial_number(1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    leaf = (
        base.subject_name(x509.Name([])).public_key(server_key.public_key()).serial_number(2)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    file, chain = folder / "authority.pem", folder / "server.pem"
    file.write_bytes(own.public_bytes(pem))
    private = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(private + leaf.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return Authority(file, context)
