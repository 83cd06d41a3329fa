"""DHCP leases as text: the lease files of dnsmasq and ISC dhcpd, and the log lines of dnsmasq.

A lease says that a device with this MAC asked, and what it called itself: `mac` and `dhcp` evidence.
Sources: dnsmasq(8) `--dhcp-leasefile`, `--log-dhcp`, src/lease.c `lease_update_file`; dhcpd.leases(5).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from scanner.intake.lines import MAX_LINE, Told, head_lines, text_lines
from scanner.intake.values import address_in, cell, epoch, mac_in, mac_of, moment
from scanner.models import Evidence, EvidenceProblem

_MAX_TALKS = 4096
Found = Iterator[Evidence | EvidenceProblem]


def lease(via: str, host: str, mac: str | None, seen_at: str | None = None, **fields: Any) -> Iterator[Evidence]:
    """`mac` and `dhcp` evidence of one lease; empty fields are left out."""
    if mac is not None:
        yield Evidence(host, "mac", {"mac": mac, "via": via}, seen_at)
    said = {name: value for name, value in fields.items() if value}
    yield Evidence(host, "dhcp", {**({"mac": mac} if mac else {}), **said, "via": via}, seen_at)


class DnsmasqLeases:
    """dnsmasq's leases file: `expiry mac address name client-id`; IPv6 leases have no MAC and stand by name."""

    name = "dnsmasq-leases"
    title = "dnsmasq leases"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        """The first line is a lease, or `duid` and then one."""
        lines = [line for line in head_lines(head, 3) if line.strip() and not line.startswith("duid ")]
        return bool(lines) and self._lease(lines[0]) is not None

    def read(self, stream: BinaryIO) -> Found:
        told = Told()
        for line in text_lines(stream):
            if isinstance(line, EvidenceProblem):
                yield line
                continue
            number, text = line
            if not text.strip() or text.startswith("duid "):
                continue
            found = self._lease(text)
            if found is None:
                yield from told.problem(number, "not a lease: expiry, MAC, address, name, client id")
                continue
            host, mac, expires, hostname = found
            yield from lease(self.name, host, mac, hostname=hostname, expires=expires)
        yield from told.rest()

    def _lease(self, line: str) -> tuple[str, str | None, str | None, str] | None:
        words = line.split()
        if len(words) != 5 or not words[0].isdigit():
            return None
        # "06-aa:bb:…" is a MAC of another hardware type than Ethernet.
        hardware = words[1].partition("-")[2] if words[1][2:3] == "-" and ":" in words[1] else words[1]
        host, mac = address_in(words[2]), mac_in(hardware)
        if host is None or (mac is None and ":" not in host):
            return None
        return host, mac, epoch(words[0]), cell(words[3])


class DnsmasqLog:
    """dnsmasq's log: DHCPACK lines, and with `log-dhcp` the vendor class and name said in the same talk."""

    name = "dnsmasq-log"
    title = "dnsmasq log"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        """A DHCPACK, DHCPREQUEST or DHCPDISCOVER line of dnsmasq."""
        return any(
            "dnsmasq" in line and any(word in line for word in ("DHCPACK(", "DHCPREQUEST(", "DHCPDISCOVER("))
            for line in head_lines(head, 2000)
        )

    def read(self, stream: BinaryIO) -> Found:
        talks: dict[str, dict[str, Any]] = {}
        for line in text_lines(stream):
            if isinstance(line, EvidenceProblem):
                yield line
                continue
            before, mark, said = line[1].partition("dnsmasq")
            if mark:
                yield from self._line(before, said.partition(": ")[2], talks)

    def _line(self, before: str, said: str, talks: dict[str, dict[str, Any]]) -> Iterator[Evidence]:
        number, _, rest = said.partition(" ")
        talk: dict[str, Any] = {}
        if number.isdigit():
            said = rest
            talk = talks.setdefault(number, {})
            if len(talks) > _MAX_TALKS:
                del talks[next(iter(talks))]
        for words, field in (("vendor class: ", "vendor_class"), ("client provides name: ", "hostname")):
            if said.startswith(words):
                talk[field] = cell(said.removeprefix(words))
        if said.startswith("requested options: "):
            options = [each.partition(":")[0].strip() for each in said.removeprefix("requested options: ").split(",")]
            asked = talk.setdefault("params", [])
            asked += [int(each) for each in options if each.isdigit() and len(each) < 4 and int(each) not in asked]
        if not said.startswith("DHCPACK("):
            return
        words_of = said.split()
        host, mac = (address_in(words_of[1]), mac_in(words_of[2])) if len(words_of) > 2 else (None, None)
        talks.pop(number, None)
        if host is not None and mac is not None:
            hostname = talk.pop("hostname", "") or (cell(words_of[3]) if len(words_of) > 3 else "")
            first = before.split(" ", 1)[0]
            yield from lease(self.name, host, mac, moment(first), hostname=hostname, **talk)


class IscLeases:
    """dhcpd.leases: blocks `lease ADDRESS { … }`; the last block of an address that is not free is the one that holds.

    The file is a journal, so each block is passed on with its own time; the judging takes the same words once.
    """

    name = "isc-leases"
    title = "ISC dhcpd leases"

    def recognises(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the content decides
        """A `lease ADDRESS {` line."""
        return any(self._opens(line) for line in head_lines(head, 2000))

    def read(self, stream: BinaryIO) -> Found:
        told = Told()
        host: str | None = None
        block: dict[str, str] = {}
        opened = 0
        for line in text_lines(stream):
            if isinstance(line, EvidenceProblem):
                yield line
                continue
            number, text = line
            if (found := self._opens(text)) is not None:
                if host is not None:
                    yield from told.problem(opened, f"the lease of {host} has no end")
                host, block, opened = found, {}, number
            elif host is not None and text.strip().startswith("}"):
                yield from self._block(host, block)
                host = None
            elif host is not None and len(block) < 64:
                self._statement(text.strip(), block)
        if host is not None:
            yield from told.problem(opened, f"the lease of {host} has no end")
        yield from told.rest()

    @staticmethod
    def _opens(line: str) -> str | None:
        words = line.split()
        return address_in(words[1]) if len(words) == 3 and words[0] == "lease" and words[2] == "{" else None

    @staticmethod
    def _statement(text: str, block: dict[str, str]) -> None:
        text = text[:MAX_LINE].removesuffix(";")
        for start in ("hardware ethernet", "client-hostname", "cltt", "starts", "ends", "binding state"):
            if text.startswith(start + " "):
                block[start] = text.removeprefix(start).strip()
        for start in ("set vendor-class-identifier", "option vendor-class-identifier", "set vendor-class"):
            if text.startswith(start + " "):
                block["vendor class"] = text.removeprefix(start).strip(" =")

    def _block(self, host: str, block: dict[str, str]) -> Iterator[Evidence]:
        mac = mac_of(block.get("hardware ethernet", ""))
        if mac is None or block.get("binding state") == "abandoned":
            return
        yield from lease(
            self.name,
            host,
            mac,
            _isc_time(block.get("cltt", "")) or _isc_time(block.get("starts", "")),
            hostname=cell(_unquoted(block.get("client-hostname", ""))),
            vendor_class=cell(_unquoted(block.get("vendor class", ""))),
            expires=_isc_time(block.get("ends", "")),
        )


def _isc_time(text: str) -> str | None:
    """`4 2026/11/22 09:00:00` (weekday first, UTC) or `epoch 1763802000; # …` as RFC 3339."""
    first, _, rest = text.partition(" ")
    if first == "epoch":
        return epoch(rest.partition(";")[0].strip())
    return moment(rest.strip())


def _unquoted(text: str) -> str:
    """A quoted string with its backslash escapes (octal, or the character itself)."""
    text = text.strip().removeprefix('"').removesuffix('"')[:1024]
    out: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        digits = text[position + 1 : position + 4]
        if character == "\\" and len(digits) == 3 and set(digits) <= set("01234567"):
            out.append(chr(int(digits, 8) & 0xFF))
            position += 4
        elif character == "\\":
            out.append(text[position + 1 : position + 2])
            position += 2
        else:
            out.append(character)
            position += 1
    return "".join(out)
