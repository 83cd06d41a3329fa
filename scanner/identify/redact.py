"""Evidence that may be shared: what tells a maker stays, what tells a device or its owner is replaced or left out.

Replaced by stand-ins (pseudonyms.py): addresses, MACs, serials, UUIDs, names. Left out: passwords, tokens, cookies'
values, places, contacts. What stands in free text is found by its form or by the name before it; a person who shares
the file reads it first (docs/learning.md says so). All patterns run in RE2: time is linear in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

from scanner.identify.names import GENERIC, Names, fold
from scanner.identify.place import SWITCH_PORT
from scanner.identify.places import body_text
from scanner.identify.pseudonyms import Pseudonyms
from scanner.models import Device, Evidence
from scanner.text import is_ip, normalise_mac

LEFT_OUT = "redacted"
_DROPPED_PROTOCOLS = frozenset({SWITCH_PORT, "lldp", "cdp", "neighbour"})
_BODY_CAP = 16 * 1024
_MAX_DEPTH = 12
_SERIAL = ("serial", "deviceid", "device_id", "devid", "imei", "p2pid", "cloudid", "devsn", "cpuid")
_SERIAL_WHOLE = frozenset({"sn", "id", "uid"})
_MAC = ("macaddr", "mac_addr", "hwaddr", "ethaddr")
_MAC_WHOLE = frozenset({"mac", "bssid"})
_NAME = ("hostname", "host_name", "friendlyname", "sysname", "devicename", "device_name", "devname", "ssid", "nickname",
         "channelname", "titlename", "alias")  # fmt: skip
_NAME_WHOLE = frozenset({"name", "host", "user", "username", "server"})
_SECRET = ("password", "passwd", "pwd", "secret", "token", "session", "nonce", "opaque", "psk", "apikey", "auth_key",
           "private", "credential", "location", "contact", "latitude", "longitude", "email", "phone", "owner", "street",
           "salt", "cookie")  # fmt: skip
_SNMP_NAME, _SNMP_OWNERS = "1.3.6.1.2.1.1.5.0", frozenset({"1.3.6.1.2.1.1.4.0", "1.3.6.1.2.1.1.6.0"})
_HEX2 = "[0-9A-Fa-f]{2}"
_FORMS = (
    ("mac", rf"\b{_HEX2}(?:[:-]{_HEX2}){{5}}\b"),
    ("uuid", r"\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\b"),
    ("email", r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"),
    ("ip", r"(?:^|//|[^0-9A-Za-z.])((?:\d{1,3}\.){3}\d{1,3}(?:\.\d{1,9})*)"),
    ("ip", r"(?:^|[^0-9A-Za-z:])([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})"),
    (
        "serial",
        r"(?i)\b(?:(?:serial\s(?:number|num|no|nr)|s/n|seriennummer)(?:[\s:#=.]|&nbsp;|<[^<>]{0,80}>){1,8}"
        r"|serial(?:\s|&nbsp;|<[^<>]{0,80}>){1,8})([0-9a-z][0-9a-z-]{4,40})",
    ),
)
"""What has a form of its own. A page for people says a serial after its word, in prose or in a table's next cell."""
_KEY = r"(?i)\b([a-z_][a-z0-9_.-]{0,40})"
_KEYED = (
    r"(?i)<([a-z_][a-z0-9_.:-]{0,60})((?:\s[^<>]{0,200})?>)([^<>]{1,300})",
    _KEY + r"""(["']?\s{0,4}[=:]\s{0,4}")([^"<>\r\n]{1,200})""",
    _KEY + r"""(["']?\s{0,4}[=:]\s{0,4}')([^'<>\r\n]{1,200})""",
    _KEY + r"""(["']?\s{0,4}[=:]\s{0,4})([^"'&;,<>\s][^"'&;,<>\r\n]{0,200})""",
)
"""A name, what parts it from its value, the value: XML elements; JSON and `key=value`."""
_THINGS = frozenset({"doorstation", "doorbell", "doorphone", "intercom", "encoder", "recorder", "dome", "ptz"})
"""Further words for kinds of things, folded: they stand in the names that devices give themselves."""
_SCOPE = r"(?i)(onvif://www\.onvif\.org/)(name|location|city|country|serial|MAC)/([^\s<]{1,300})"


class Redactor:
    """Redacts the records of one device at a time."""

    def __init__(self, pseudonyms: Pseudonyms, names: Names) -> None:
        self._stand_ins = pseudonyms
        self._names = names
        self._known: list[tuple[str, str]] = []

    def device(self, device: Device) -> None:
        """The identities of the device whose records follow, wherever they stand in them."""
        found: dict[str, str] = {}
        for address in {device.host, *device.addresses}:
            found[address] = self._stand_ins.address(address)
        for claim in device.claims:
            if claim.field == "serial" and len(claim.value) >= 5:
                found[claim.value] = self._stand_ins.serial(claim.value)
            elif claim.field == "uuid":
                found[claim.value] = self._stand_ins.uuid(claim.value)
            elif claim.field == "mac" and (normal := normalise_mac(claim.value)):
                found |= spellings(normal, self._stand_ins.mac(normal))
        both = found | {value.upper(): stand_in.upper() for value, stand_in in found.items()}
        self._known = sorted(both.items(), key=lambda item: (-len(item[0]), item[0]))

    def record(self, record: Evidence) -> Evidence | None:
        """The record as it may be shared; None for one that tells of the network rather than the device."""
        if record.protocol in _DROPPED_PROTOCOLS:
            return None
        fields = dict(record.fields)
        if "body" in fields or "body_b64" in fields:
            fields["body"] = body_text(record)[:_BODY_CAP]
            fields.pop("body_b64", None)
        for name in ("interface", "source", "file", "certificate", "pem"):
            fields.pop(name, None)
        kept = {key: self._value(key, value, record.protocol) for key, value in fields.items()}
        return Evidence(self._stand_ins.address(record.host), record.protocol, kept)

    def _value(self, key: str, value: Any, protocol: str, depth: int = 0) -> Any:
        if depth > _MAX_DEPTH:
            return None
        if isinstance(value, Mapping):
            return {self.text(str(k)): self._value(str(k), v, protocol, depth + 1) for k, v in value.items()}
        if isinstance(value, list | tuple):
            if len(value) == 2 and depth == 1 and isinstance(value[0], str):  # a header
                return [value[0], self._header(value[0].lower(), value[1])]
            return [self._value(key, each, protocol, depth + 1) for each in value]
        if not isinstance(value, str):
            return value
        if protocol == "snmp" and key.removeprefix(".") in _SNMP_OWNERS:
            return LEFT_OUT
        if protocol == "snmp" and key.removeprefix(".") == _SNMP_NAME:
            return self._name(value)
        return self._named(key, value, structured=True) or self.text(value)

    def _header(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return self._value(name, value, "", _MAX_DEPTH - 1)
        if name in ("set-cookie", "cookie"):
            cookie, equals, rest = value.partition("=")
            content, semicolon, attributes = rest.partition(";")
            return f"{cookie}{equals}{self._stand_ins.shaped('cookie', content)}{semicolon}{attributes}"
        if name in ("authorization", "proxy-authorization", "x-auth-token"):
            return LEFT_OUT
        return self.text(value)

    def text(self, text: str) -> str:
        """Free text: known identities, then what has a form of its own, then what a name before it tells."""
        for value, stand_in in self._known:
            if value in text:
                text = text.replace(value, stand_in)
        text = _compiled(_SCOPE).sub(self._scope, text)
        for pattern in _KEYED:
            text = _compiled(pattern).sub(self._keyed, text)
        for kind, pattern in _FORMS:
            text = _compiled(pattern).sub(self._form(kind), text)
        return text

    def _form(self, kind: str) -> Callable[[Any], str]:
        def replaced(match: Any) -> str:
            whole: str = match.group(0)
            if kind == "ip":
                address: str = match.group(1)
                return whole.replace(address, self._ip(address, whole)) if is_ip(address) else whole
            if kind == "email":
                return f"{self._stand_ins.word('mail', whole)}@example.org"
            if kind == "serial":
                return self._after_its_word(whole, match.group(1))
            if self._is_stand_in(whole):
                return whole
            return self._stand_ins.mac(whole) if kind == "mac" else self._stand_ins.uuid(whole)

        return replaced

    def _after_its_word(self, whole: str, value: str) -> str:
        numbered = sum(c.isdigit() for c in value) > 2  # "Serial port 1" and "serial-over-lan" are none
        replace = numbered and not self._is_stand_in(value)
        return whole[: -len(value)] + self._stand_ins.serial(value) if replace else whole

    def _ip(self, address: str, whole: str) -> str:
        if self._is_stand_in(address) or address in ("0.0.0.0", "127.0.0.1", "255.255.255.255"):  # noqa: S104
            return address
        in_url = whole.startswith("/")
        like_a_version = ":" not in address and len(address.partition(".")[0]) < 2
        return address if like_a_version and not in_url else self._stand_ins.address(address)

    def _is_stand_in(self, text: str) -> bool:
        return any(text.casefold() == stand_in.casefold() for _, stand_in in self._known)

    def _keyed(self, match: Any) -> str:
        name, value = match.group(1), match.group(3)
        replaced = self._named(name, value, structured=False)
        whole: str = match.group(0)
        return whole if replaced is None else whole[: -len(value)] + replaced

    def _scope(self, match: Any) -> str:
        start, name, value = match.group(1), match.group(2), match.group(3)
        if name.casefold() == "name":
            return f"{start}{name}/{self._words(value)}"
        replaced = self._named(name, value, structured=True) or LEFT_OUT
        return f"{start}{name}/{replaced}"

    def _named(self, key: str, value: str, *, structured: bool) -> str | None:
        """The stand-in for a value that its name tells to be one's identity or secret; None for any other."""
        name = key.rpartition(":")[2].rpartition(".")[2].replace("-", "").casefold()
        bare = value.strip()
        if not bare or self._is_stand_in(bare):
            return None
        if name in _MAC_WHOLE or any(part in name for part in _MAC):
            return self._stand_ins.mac(value) if normalise_mac(bare) else None
        if any(part in name for part in _SECRET):
            return LEFT_OUT
        if name in _SERIAL_WHOLE or any(part in name for part in _SERIAL):
            return self._serial(bare) if len(bare.split(None, 1)[0]) >= 5 else None
        if any(part in name for part in _NAME) or (structured and name in _NAME_WHOLE):
            return self._name(value)
        return None

    def _serial(self, value: str) -> str:
        """Its first word; what follows in free text is text again."""
        serial, space, rest = value.partition(" ")
        return self._stand_ins.serial(serial) + space + (self.text(rest) if rest else "")

    def _name(self, value: str) -> str:
        return self._words(value) if value.strip() else value

    def _words(self, text: str) -> str:
        """A name that a person may have given: only words stay that are a maker's, a kind of thing, or a model's."""
        decoded = text.replace("%20", " ").replace("_", " ")
        words = decoded.split()
        known = dict(self._known)
        kept = [known.get(word, word) for word in words if word in known or self._says_nothing_of_the_owner(word)]
        if len(kept) == len(words):
            return text if kept == words else " ".join(kept)
        return " ".join([*kept, self._stand_ins.word("name", text)])

    def _says_nothing_of_the_owner(self, word: str) -> bool:
        folded = fold(word)
        if (
            not folded
            or folded in GENERIC
            or folded in _THINGS
            or self._names.find(word) is not None
            or word.startswith("_")
        ):
            return True
        has_letter, has_digit = any(c.isalpha() for c in word), any(c.isdigit() for c in word)
        long_number = sum(c.isdigit() for c in word) > 7
        return has_letter and has_digit and word.isupper() and word.isascii() and not long_number


def spellings(mac: str, stand_in: str) -> dict[str, str]:
    """A MAC as it may be written, each with the stand-in written alike."""
    found = {mac.replace(":", mark): stand_in.replace(":", mark) for mark in (":", "-", "")}
    parts, others = mac.replace(":", ""), stand_in.replace(":", "")
    found[".".join(parts[at : at + 4] for at in (0, 4, 8))] = ".".join(others[at : at + 4] for at in (0, 4, 8))
    return found


@lru_cache(maxsize=16)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def unknown_devices(devices: Iterable[Device]) -> list[Device]:
    """Cameras, or perhaps cameras, whose maker is not established, of which anything was said at all."""
    return [each for each in devices if each.is_camera is not False and each.maker is None and each.evidence_count]
