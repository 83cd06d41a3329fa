"""docs/traffic.md, written from what the code itself says that it sends: `python -m tests.probe.traffic_page`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from scanner.discover import ALL
from scanner.probe import PROBES
from scanner.probe.contact import SENDS
from scanner.probe.contract import Stage
from scanner.probe.http import PAGES, UNIDENTIFIED, Page
from scanner.probe.http_login import LOGIN_PAGES, LoginPage
from scanner.probe.switch import SENDS as SWITCH
from scanner.wire.vendor import PROTOCOLS, VendorProtocol

_INTRODUCTION = """# What Camcensus sends

This page is written from the code (`python -m tests.probe.traffic_page > docs/traffic.md`) and a test compares the two.

Camcensus only reads. It sends nothing to an address outside your scope, whatever a redirect, an XAddr or a LOCATION
says; it opens at most two connections to a device at once; it guesses no password, no user and no community; without
a login that you give for a device there is no `Authorization` header and no WS-Security header in anything it sends.
Every HTTP and RTSP request carries the tool's name in `User-Agent`.
"""
_INTO_PROTOCOLS = """Each question, whole. The same protocols have messages that log in, activate, reset or set an
address; no code here builds one. Of the answers, passwords, keys, salts and what says who or where the owner is are
dropped before anything is written. "Blind" ones are sent also to a single address of which nothing names a maker;
"rare" ones once a link.

"""
_INTO_LOGIN = """Each is asked for without the login first. Only where the device answers with a challenge, the same
request follows once more with the answer to it (HTTP digest; Basic only where the file says `basic = true`). Users and
passwords of other devices that a page may list are dropped before anything is written; Dahua's `RemoteDevice`, which
lists them in clear, is never asked for. See docs/credentials.md.

"""
_STAGES = {
    Stage.CONTACT: "Each address that is there",
    Stage.FOLLOW_UP: "Only what may be a camera, and only while something about it is still open",
    Stage.CREDENTIALS: "Only with what you give for it",
}


def document() -> str:
    """The whole page, Markdown."""
    parts = [_INTRODUCTION, "## Who is there\n", _rows((d.name, d.sends) for d in ALL)]
    for stage, title in _STAGES.items():
        first = [("first contact", SENDS)] if stage is Stage.CONTACT else []
        parts += [f"\n## {title}\n", _rows([*first, *((p.name, p.sends) for p in PROBES if p.stage is stage)])]
    parts += ["\n## Vendors' discovery protocols\n", _INTO_PROTOCOLS, _protocols()]
    parts += ["\n## Switches that you name\n", _rows([("switch", SWITCH)])]
    parts += ["\n## Vendors' pages\n", _pages()]
    parts += ["\n## Vendors' pages, with your login\n", _INTO_LOGIN, _login_pages()]
    return "\n".join(parts)


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"- **{name}**: {sends}\n" for name, sends in rows)


def _pages() -> str:
    lines = ["| suspected maker | request | why it may be asked |", "|---|---|---|"]
    lines += [_line(maker, page) for maker, pages in PAGES.items() for page in pages]
    lines += [_line("a camera of which no maker is suspected", page) for page in UNIDENTIFIED]
    return "\n".join(lines) + "\n"


def _protocols() -> str:
    lines = [
        "| protocol | UDP | on a link to | answered to | sent, byte for byte | by unicast |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_protocol(one) for one in PROTOCOLS]
    return "\n".join(lines) + "\n"


def _protocol(one: VendorProtocol) -> str:
    to = [one.group] * bool(one.group) + ["broadcast"] * one.broadcast
    answered = str(one.reply_port or "the asker's port") + (f", {one.reply_group}" if one.reply_group else "")
    suspected = (
        ", ".join(one.makers)
        + "".join(f"; TCP {port} open" for port in one.tcp)
        + "; blind" * one.blind
        + "; rare" * one.rare
    )
    sent = f"{one.asks}: {_bytes(one.build())}"
    return f"| {one.title} | {one.port} | {' and '.join(to)} | {answered} | {sent} | {suspected} |"


def _bytes(data: bytes) -> str:
    """Text where it is one, else hex, with the zeros at its end counted."""
    if data.isascii() and data.replace(b"\n", b"").decode().isprintable():
        return f"`{data.decode().replace(chr(10), chr(92) + 'n')}`"
    end = data.rstrip(b"\0")
    zeros = len(data) - len(end)
    return f"`{end.hex()}` and {zeros} zero bytes" if zeros > 4 else f"`{data.hex()}`"


def _login_pages() -> str:
    lines = ["| maker | request | what it tells |", "|---|---|---|"]
    lines += [_line(maker, page) for maker, pages in LOGIN_PAGES.items() for page in pages]
    return "\n".join(lines) + "\n"


def _line(maker: str, page: Page | LoginPage) -> str:
    body = f" `{page.body.decode()}`" if page.body is not None else ""
    only = " (TLS only)" if isinstance(page, Page) and page.tls else ""
    only += " (recorders only)" if isinstance(page, LoginPage) and page.recorder else ""
    return f"| {maker} | `{page.method} {page.path}`{body}{only} | {page.source} |"


if __name__ == "__main__":
    sys.stdout.write(document())
