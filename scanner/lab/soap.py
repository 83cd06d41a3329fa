"""Reading the SOAP that the lab receives: the operation, the message id, a UsernameToken."""

from __future__ import annotations

import msgspec
from lxml import etree

MAX_BYTES = 256 * 1024


class Call(msgspec.Struct, frozen=True):
    """A request. `operation` is the local name of the Body's first child, `types` of a WS-Discovery Probe.

    `token` is (user, password or digest, nonce, created), or None without a UsernameToken; `detailed` is GetServices'
    IncludeCapability.
    """

    operation: str
    message_id: str = ""
    types: str = ""
    token: tuple[str, str, str, str] | None = None
    detailed: bool = False


def read_call(data: bytes) -> Call | None:
    """The call in `data`, or None where there is none. No DTD, no entities, no network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data[:MAX_BYTES], parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    body = _first(root, "Body")
    if body is None:
        return None
    operation = next((_local(child) for child in body if isinstance(child.tag, str)), "")
    return Call(
        operation,
        _text(root, "MessageID"),
        _text(body, "Types"),
        _token(root),
        _text(body, "IncludeCapability") == "true",
    )


def _token(root: etree._Element) -> tuple[str, str, str, str] | None:
    token = _first(root, "UsernameToken")
    if token is None:
        return None
    return _text(token, "Username"), _text(token, "Password"), _text(token, "Nonce"), _text(token, "Created")


def _first(root: etree._Element, name: str) -> etree._Element | None:
    return next((node for node in root.iter() if _local(node) == name), None)


def _text(root: etree._Element, name: str) -> str:
    node = _first(root, name)
    return (node.text or "").strip() if node is not None else ""


def _local(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
