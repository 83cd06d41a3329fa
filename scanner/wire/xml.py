"""XML as devices send it: hardened first, then recovered. No DTD, no entity, no network, bounded size and depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.text import decode
from scanner.wire.errors import WireError

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

MAX_DEPTH = 64
MAX_NAMESPACE = 1024
MAX_TEXT = 65536
MAX_REFERENCES = 10_000
_WRAPPER = "fragments"
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CONTROL = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])


def parse_xml(data: bytes | str, *, limit: int = 1 << 20) -> _Element:
    """The root element of `data` (at most `limit` bytes).

    Broken documents, fragments without namespace declarations and several roots side by side (then under one
    made-up root `fragments`) are recovered as far as they go. WireError: nothing to read, a document type
    declaration, too large, nested deeper than MAX_DEPTH, a namespace name longer than MAX_NAMESPACE.
    """
    if len(data) > limit:
        raise WireError(f"XML of more than {limit} bytes")
    root = _parse_strictly(data)
    if root is None:
        root = _recover(_as_text(data))
    _check(root)
    return root


def _parser(*, recover: bool) -> XMLParser:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _parse_strictly(data: bytes | str) -> _Element | None:
    from lxml import etree

    source = _without_declaration(data).encode("utf-8", "replace") if isinstance(data, str) else data
    try:
        root = etree.fromstring(source, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        raise WireError("XML with a document type declaration")
    return root


def _without_declaration(text: str) -> str:
    """`text` without the XML declaration at its start, whose encoding no longer holds."""
    text = text.lstrip("\ufeff \t\r\n")
    return text.partition("?>")[2] if text.startswith("<?xml ") else text


def _as_text(data: bytes | str) -> str:
    return data if isinstance(data, str) else decode(data, _declared_encoding(data))


def _declared_encoding(data: bytes) -> str | None:
    head = data[:200]
    if b"encoding" not in head:
        return None
    value = head.split(b"encoding", 1)[1].lstrip(b" \t\r\n=")
    return value[1:].split(value[:1], 1)[0].decode("latin-1") if value[:1] in (b'"', b"'") else None


def _recover(text: str) -> _Element:
    """Second attempt, over text: every byte that XML forbids is gone and every stray ampersand is escaped."""
    from lxml import etree

    if "<!doctype" in text.lower() or "<!entity" in text.lower():
        raise WireError("XML with a document type declaration")
    text = _escape_strays(_without_declarations(text.translate(_CONTROL)))
    if "<" not in text:
        raise WireError("no XML element")
    wrapped = f"<{_WRAPPER}>{text}</{_WRAPPER}>".encode()
    try:
        root = etree.fromstring(wrapped, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise WireError(f"no XML: {str(error)[:120]}") from None
    if root is None or not len(root):
        raise WireError("no XML element")
    return root[0] if len(root) == 1 else root


def _without_declarations(text: str) -> str:
    """`text` without XML declarations, which may not stand inside the wrapper."""
    first, *others = text.split("<?xml ")
    return first + "".join(part.partition("?>")[2] if "?>" in part else part for part in others)


def _escape_strays(text: str) -> str:
    if text.count("&") > MAX_REFERENCES:
        return text.replace("&", "&amp;")
    first, *others = text.split("&")
    parts = [first]
    for part in others:
        name = part[:12].partition(";")[0] if ";" in part[:12] else ""
        known = name in _PREDEFINED or (name.startswith("#") and _is_reference(name[1:]))
        parts.append(("&" if known else "&amp;") + part)
    return "".join(parts)


def _is_reference(number: str) -> bool:
    digits, base = (number[1:], 16) if number[:1] in ("x", "X") else (number, 10)
    try:
        code = int(digits, base)
    except ValueError:
        return False
    return digits.isalnum() and 0x20 <= code < 0x110000 and code not in _CONTROL


def _check(root: _Element) -> None:
    """Depth, and the length of namespace names: lxml spells them out again for every element."""
    from lxml import etree

    depth = 0
    for event, value in etree.iterwalk(root, events=("start", "end", "start-ns")):
        if event == "start-ns":
            if len(value[1]) > MAX_NAMESPACE:
                raise WireError(f"XML with a namespace name longer than {MAX_NAMESPACE}")
            continue
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise WireError(f"XML nested deeper than {MAX_DEPTH}")


def local_name(element: _Element) -> str:
    """The element's name without namespace or prefix (an undeclared prefix stays in the name, and is cut too)."""
    return element.tag.rpartition("}")[2].rpartition(":")[2]


def own_text(element: _Element) -> str:
    """The text directly inside the element, white space stripped, at most MAX_TEXT characters."""
    parts = [element.text or ""]
    parts.extend(child.tail or "" for child in element)
    return "".join(parts)[:MAX_TEXT].strip()


def find_all(root: _Element, name: str) -> list[_Element]:
    """Every element (the root too) of that local name, in document order."""
    return [element for element in root.iter("*") if local_name(element) == name]


def texts(root: _Element, name: str) -> list[str]:
    """The non-empty texts of all elements of that local name, in document order."""
    return [text for element in find_all(root, name) if (text := own_text(element))]


def first_text(root: _Element, name: str) -> str | None:
    """The first non-empty text of an element of that local name."""
    for element in root.iter("*"):
        if local_name(element) == name and (text := own_text(element)):
            return text
    return None


def leaves(root: _Element, limit: int = 500) -> list[tuple[str, str]]:
    """(local name, text) of the elements without children and with text, at most `limit`, in document order."""
    found: list[tuple[str, str]] = []
    for element in root.iter("*"):
        if len(found) >= limit:
            break
        if not len(element) and (text := own_text(element)):
            found.append((local_name(element), text))
    return found
