import asyncio
from collections.abc import Awaitable, Callable

import pytest

from scanner.models import Evidence, Outcome
from scanner.net.api import Stream, TlsPeer
from scanner.net.door import SocketNetwork
from scanner.net.targets import parse_targets
from scanner.probe.session import BODY_CAP, HttpSession, Reply, http_session
from tests.discover.fast import run
from tests.fakes import Peer, ScriptedNetwork
from tests.fakes import Reply as Scripted
from tests.probe.suspects import HOST, answer, assert_no_login, pages

Ask = Callable[[HttpSession], Awaitable[Reply]]


async def _ask(net: ScriptedNetwork, ask: Ask) -> Reply:
    async with http_session(net, HOST) as session:
        return await ask(session)


def _get(net: ScriptedNetwork, path: str = "/", port: int = 80) -> Reply:
    return asyncio.run(_ask(net, lambda session: session.request("GET", port, path)))


def test_one_connection_for_all_requests_of_one_visit() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): pages({}, otherwise=answer(b"x", "Set-Cookie: a=b"))})

    async def visit() -> list[Reply]:
        async with http_session(net, HOST) as outer:
            async with http_session(net, HOST) as inner:
                assert inner is outer
                first = await inner.request("GET", 80, "/1")
            return [first, await outer.request("POST", 80, "/2", body=b"{}", headers=[("Content-Type", "a/b")])]

    replies = asyncio.run(visit())
    assert [reply.ok for reply in replies] == [True, True]
    assert sum(one.kind == "connect" for one in net.sent) == 1
    assert_no_login(net)  # nor the cookie


def test_head_and_body_leave_together() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"x")})
    asyncio.run(_ask(net, lambda session: session.request("POST", 80, "/", body=b"body")))
    assert len(net.requests(HOST, 80)) == 1
    assert net.requests(HOST, 80)[0].endswith(b"\r\n\r\nbody")


def test_the_tool_names_itself() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"x")})
    _get(net)
    assert b"User-Agent: Camcensus/" in net.requests(HOST, 80)[0]


def test_a_connection_that_the_device_closed_is_replaced_once() -> None:
    served: list[bytes] = []

    def once(request: bytes) -> Scripted:
        served.append(request)
        return answer(b"x") if len(served) != 2 else None

    net = ScriptedNetwork(tcp={(HOST, 80, False): once})

    async def visit() -> Reply:
        async with http_session(net, HOST) as session:
            await session.request("GET", 80, "/1")
            return await session.request("GET", 80, "/2")

    assert asyncio.run(visit()).ok
    assert len(served) == 3
    assert net.open_streams == 0


@pytest.mark.parametrize(
    ("raw", "status", "kept"),
    [
        (b"<html>AC-200", None, "AC-200"),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\nAC-200", 200, "AC-200"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nAC-200", 200, "AC-200"),
        (b"HTTP/1.1 401\r\nWWW-Authenticate : Basic realm=x\r\n\r\nAC-200", 401, "AC-200"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 6\r\n\r\nAC-200", 302, "AC-200"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nXX\r\nAC-200", 200, "AC-200"),
        (b"RTSP/1.0 400 Bad Request\r\nServer: AC-200\r\n\r\nAC-200", 400, "AC-200"),
    ],
)
def test_what_httpx_refuses_is_read_all_the_same(raw: bytes, status: int | None, kept: str) -> None:
    reply = _get(ScriptedNetwork(tcp={(HOST, 80, False): raw}))
    assert reply.outcome is Outcome.ANSWERED
    assert reply.fields.get("status") == status
    assert kept in reply.fields["body"]


@pytest.mark.parametrize(
    ("peer", "outcome"),
    [
        (Outcome.REFUSED, Outcome.REFUSED),
        (Outcome.UNREACHABLE, Outcome.UNREACHABLE),
        (Peer(), Outcome.EMPTY),
        (Peer(stays_open=True), Outcome.TIMED_OUT),
    ],
)
def test_how_it_may_end_without_an_answer(peer: Outcome | Peer, outcome: Outcome) -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): peer})
    reply = _get(net)
    assert (reply.outcome, reply.answer) == (outcome, None)
    assert sum(one.kind == "connect" for one in net.sent) == 1
    assert net.open_streams == 0


@pytest.mark.parametrize("path", ["no slash", "/a b", "/a\r\nX: y", ""])
def test_a_path_that_would_break_out_of_its_line_is_not_sent(path: str) -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): answer(b"x")})
    assert _get(net, path).answer is None
    assert net.sent == []


def test_out_of_scope_is_said_and_nothing_is_sent() -> None:
    net = ScriptedNetwork(scope=("203.0.113.0/24",))
    assert _get(net).outcome is Outcome.OUT_OF_SCOPE
    assert net.sent == []


def test_a_body_without_end_is_cut() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"
    net = ScriptedNetwork(tcp={(HOST, 80, False): head + b"a" * (BODY_CAP * 2)})
    reply = _get(net)
    assert reply.outcome is Outcome.CUT
    assert len(reply.fields["body"]) == 64 * 1024


def test_a_device_that_lets_us_wait_twice_is_not_asked_again() -> None:
    net = ScriptedNetwork(tcp={(HOST, 80, False): Peer(stays_open=True)})

    async def visit() -> list[Outcome]:
        async with http_session(net, HOST) as session:
            return [(await session.request("GET", 80, f"/{n}")).outcome for n in range(4)]

    assert asyncio.run(visit()) == [Outcome.TIMED_OUT, Outcome.TIMED_OUT, Outcome.SKIPPED, Outcome.SKIPPED]
    assert len(net.requests(HOST, 80)) == 2


class _Drip:
    """A stream that gives one byte a second, for ever."""

    host = HOST
    port = 80
    tls: TlsPeer | None = None

    async def send(self, data: bytes) -> None:
        pass

    async def receive(self, limit: int = 65536) -> bytes:
        await asyncio.sleep(1)
        return b"H"

    async def close(self) -> None:
        pass


class _DripNetwork(ScriptedNetwork):
    async def connect(self, host: str, port: int, *, tls: bool = False, timeout: float | None = None) -> Stream:
        return _Drip()


def test_a_dripping_answer_ends_at_the_deadline_and_is_kept() -> None:
    reply = run(_ask(_DripNetwork(), lambda session: session.request("GET", 80, "/")))
    assert reply.outcome is Outcome.TIMED_OUT
    assert reply.fields["body"].startswith("H")


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while request := await reader.readuntil(b"\r\n\r\n"):
        path = request.split(b" ", 2)[1]
        bodies = {b"/good": answer(b"fine"), b"/lf": b"HTTP/1.1 200 OK\nbad header\n\nAC-200"}
        writer.write(bodies.get(path, answer(b"no", status="404 Not Found")))
        await writer.drain()
        if path == b"/lf":
            break
    writer.close()


async def _through_the_real_door() -> list[Evidence]:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    net = SocketNetwork(parse_targets(["127.0.0.1"]))
    async with server, net, http_session(net, "127.0.0.1") as session:
        replies = [await session.request("GET", port, path) for path in ("/good", "/none", "/lf")]
        assert net.ledger.connections == 1
        return [session.evidence(reply) for reply in replies]


def test_httpx_over_the_real_door_and_a_real_server() -> None:
    found = asyncio.run(_through_the_real_door())
    assert [(one.get("path"), one.get("status"), one.get("body")) for one in found] == [
        ("/good", 200, "fine"),
        ("/none", 404, "no"),
        ("/lf", 200, "AC-200"),
    ]
