"""Everything recorded that our codecs should read is read. Skipped where the recorded cases are absent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scanner.wire import challenge, onvif, upnp, ws_discovery
from scanner.wire.html import title
from scanner.wire.xml import leaves, parse_xml

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases" / "dev.jsonl"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the recorded cases are not here")


@cache
def _records() -> list[tuple[str, dict[str, Any]]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [(case["id"], record) for case in map(json.loads, lines) for record in case["evidence"]]


def _of(protocol: str) -> Iterator[tuple[str, dict[str, Any]]]:
    found = [(name, record) for name, record in _records() if record["protocol"] == protocol]
    assert found
    yield from found


@pytest.mark.parametrize("protocol", ["ws-discovery", "onvif", "upnp", "sadp"])
def test_every_document_is_read_from_text_and_bytes(protocol: str) -> None:
    for name, record in _of(protocol):
        root = parse_xml(record["xml"])
        assert sum(1 for _ in root.iter("*")) > 1, name
        assert leaves(parse_xml(record["xml"].encode())) == leaves(root), name


def test_cut_documents_are_read_as_far_as_they_go() -> None:
    for name, record in _of("upnp"):
        xml = record["xml"]
        whole = leaves(parse_xml(xml))
        part = leaves(parse_xml(xml[: len(xml) * 2 // 3]))
        assert part[:-1] == whole[: len(part) - 1], name


def test_every_reply_has_scopes_or_an_address() -> None:
    for name, record in _of("ws-discovery"):
        replies = ws_discovery.parse_replies(record["xml"])
        assert replies, name
        assert all(reply.types or reply.scopes or reply.endpoint for reply in replies), name
        stated = record.get("scopes")
        if stated:
            assert [scope for reply in replies for scope in reply.scopes] == stated, name


def test_onvif_answers_give_what_they_hold() -> None:
    for name, record in _of("onvif"):
        xml, operation = record["xml"], record["operation"]
        if operation == "GetDeviceInformation" and not onvif.fault(xml):
            information = onvif.device_information(xml)
            assert information, name
            for field, value in record.get("fields", {}).items():
                assert information.get(field, "") == value.strip(), name
        if operation == "GetScopes" and "ScopeItem" in xml:
            assert onvif.scopes(xml), name
        if operation == "GetServices" and "XAddr" in xml:
            assert onvif.service_addresses(xml), name


def test_descriptions_name_their_device() -> None:
    for name, record in _of("upnp"):
        found = dict(upnp.description(record["xml"]))
        assert found.get("manufacturer") or found.get("friendlyName") or found.get("modelName"), name


def test_realms_and_titles() -> None:
    for name, record in _of("http"):
        headers = tuple((key, value) for key, value in record.get("headers", []))
        found = challenge.challenges(headers)
        for key, value in headers:
            if key.lower() == "www-authenticate" and "realm=" in value.lower():
                assert any("realm" in parameters for _, parameters in found), name
        body = record.get("body", "")
        if body.lower().startswith("<title>") and body[7:].partition("<")[0].strip():
            assert title(body), name
