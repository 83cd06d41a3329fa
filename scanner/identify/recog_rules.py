"""Recog's entries as fingerprints of ours: its match keys to our places, its params to our claims.

Recog knows a vendor and does not say whether that is the maker or the label: its vendor is a claim of `brand`, which
speaks for a maker only under the rules for every label (docs/identification.md). Its entries have examples and no
rejects, and some match any text with a common word: they are medium at most, and weak where the pattern may begin
anywhere or Recog itself is not sure (docs/learning.md).
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec

from scanner.cache import cache_directory, read_cache, write_cache
from scanner.identify.names import GENERIC, fold
from scanner.identify.recog import Database, Entry, compiled, read_folder
from scanner.identify.rules import CACHE_FORMAT, Fingerprint, MakerFile, RuleSet, rule_set
from scanner.identify.selftest import GENERIC_WORDS
from scanner.models import CLAIM_FIELDS, Weight
from scanner.text import clean

FORMAT = 1
"""Raised with every change of what is made of an entry."""
PLACES: dict[str, tuple[str, ...]] = {
    "http_header.server": ("http.header.server",),
    "http_header.wwwauth": ("http.header.www-authenticate",),
    "http_header.cookie": ("http.cookie", "http.header.set-cookie"),
    "html_title": ("http.title",),
    "html_body": ("http.body",),
    "favicon.md5": ("favicon.md5",),
    "snmp.sys_description": ("snmp.sysdescr",),
    "snmp.sys_object_id": ("snmp.sysobjectid",),
    "ftp.banner": ("banner.ftp",),
    "ssh.banner": ("banner.ssh",),
    "telnet.banner": ("banner.telnet",),
    "telnet_banners": ("banner.telnet",),
    "smtp.banner": ("banner.smtp",),
    "pop3.banner": ("banner.pop3",),
    "imap4.banner": ("banner.imap",),
    "sip_header.server": ("banner.sip",),
    "sip_header.user_agent": ("banner.sip",),
    "rtsp_header.server": ("rtsp.header.server",),
    "ssdp_header.server": ("ssdp.header.server",),
    "x509.subject": ("tls.subject",),
    "x509.issuer": ("tls.issuer",),
    "dhcp_vendor_class": ("dhcp.vendor_class",),
    "mdns.device-info.txt": ("mdns.txt",),
    "hp_pjl_id": ("banner.pjl",),
}
_HEADER = "http_header."
_BEFORE = {
    "banner.ssh": r"(?:SSH-[\d.]+-)?",
    "banner.pop3": r"(?:\+OK )?",
    "banner.imap": r"(?:\* OK )?",
    "banner.sip": r"(?:(?i:server|user-agent):[ \t]*)?",
}
"""What may stand before Recog's text in ours."""
KINDS = {"ip camera": "camera", "web cam": "camera", "video encoder": "encoder", "dvr": "dvr", "nvr": "nvr"}
PRODUCTS = {
    "wap": "access point", "voip": "phone", "nas": "NAS", "access control": "access controller", "ups": "UPS",
    "multifunction device": "printer", "plc": "PLC", "smart tv": "TV", "kvm": "KVM", "pdu": "PDU",
}  # fmt: skip
_UNSURE_KINDS = frozenset({"dvr", "nvr"})
"""Recog calls a living-room recorder a DVR too."""
_SAYS_NOTHING = frozenset(
    {"", "general", "general purpose", "device", "appliance", "network appliance", "network", "monitoring", "unknown",
     "linux", "unixware", "hypervisor", "mobile", "video decoder", "media server", "storage"}
)  # fmt: skip
_SOFTWARE = frozenset(
    map(fold, ("Linux", "Microsoft", "Debian", "Ubuntu", "Red Hat", "CentOS", "FreeBSD", "Apache", "Google", "OpenBSD",
               "Unknown", "Oracle", "VMware", "SUSE", "Canonical", "GNU", "DD-WRT", "OpenWrt", "BusyBox"))
)  # fmt: skip
_GENERAL_SYSTEMS = ("linux", "windows", "unix", "bsd", "android", "qnx", "vxworks")
_FIRMLY = 0.7


class Imported(msgspec.Struct, frozen=True):
    """What came of a folder: the rules, and what did not: `faults` (file:line: why), `unmapped` keys with entries."""

    rules: RuleSet
    faults: tuple[str, ...] = ()
    unmapped: dict[str, int] = {}


def load_recog(folder: Path) -> RuleSet:
    """The rules of a Recog folder (kept in the user's cache under the digest of its files)."""
    return load_imported(folder, cache_directory()).rules


def load_imported(folder: Path, cache: Path | None = None) -> Imported:
    """The rules, and a full account of what was left out. `cache` is a folder to keep them in."""
    root = folder / "xml" if (folder / "xml").is_dir() else folder
    contents = sorted((path.name, sha256(path.read_bytes()).hexdigest()) for path in root.glob("*.xml"))
    digest = sha256(repr(contents).encode()).hexdigest()
    key = f"recog-{CACHE_FORMAT}-{FORMAT}-{digest}"
    found = read_cache(key, Imported, cache)
    if found is None:
        found = imported(read_folder(folder), digest)
        write_cache(key, found, cache)
    return found


def imported(databases: list[Database], digest: str = "") -> Imported:
    """All databases as rules, in Recog's order."""
    files, faults, unmapped = [], [], {}
    for database in databases:
        places = places_of(database.key)
        if not places:
            unmapped[database.key] = len(database.entries)
            continue
        faults += [f"{database.file}:{entry.line}: {entry.fault}" for entry in database.faults]
        files.append(MakerFile(file=f"recog/{database.file}", fingerprints=tuple(_rules(database, places))))
    return Imported(rule_set(files, digest), tuple(faults), unmapped)


def places_of(key: str) -> tuple[str, ...]:
    """Our places for a match key of Recog's; () where we have none."""
    if key in PLACES:
        return PLACES[key]
    if key.startswith((_HEADER + "x-", _HEADER + "x_")):
        return (f"http.header.{key.removeprefix(_HEADER).replace('_', '-')}",)
    return ()


def _rules(database: Database, places: tuple[str, ...]) -> list[Fingerprint]:
    """An entry without claims stays: it keeps those after it from answering, as in Recog."""
    stem = database.file.removesuffix(".xml")
    found = []
    for number, entry in enumerate(database.entries, start=1):
        if entry.fault:
            continue
        weights = weighted(entry)
        found.append(
            Fingerprint(
                id=f"recog-{stem}-{number}",
                where=places,
                pattern=_with_prefix(entry.pattern, places[0]),
                claims={field: value for field, (value, _) in weights.items()},
                weights={field: weight for field, (_, weight) in weights.items()},
                source=f"Recog, xml/{database.file}:{entry.line}: {clean(entry.description, 120)}",
                file=f"recog/{database.file}",
                line=entry.line,
                group=f"recog/{database.file}",
            )
        )
    return found


def _with_prefix(pattern: str, place: str) -> str:
    before = _BEFORE.get(place, "")
    flags, closed, rest = pattern.partition(")")
    for anchor in ("^", r"\A"):
        if before and rest.startswith(anchor):
            return f"{flags}{closed}{anchor}{before}{rest.removeprefix(anchor)}"
    return pattern


def weighted(entry: Entry) -> dict[str, tuple[str, Weight]]:
    """Claim field → (template, weight) of one entry."""
    params = _templates(entry)
    bare = entry.pattern.partition(")")[2]
    firm = entry.certainty >= _FIRMLY and bare.startswith(("^", r"\A"))
    weight = Weight.MEDIUM if firm else Weight.WEAK
    claims = {**_identity(params), **_kind(params)}
    if _matches_generic_words(entry):
        claims["brand"] = ""
    return {
        field: (claims[field], Weight.WEAK if claims[field] in _UNSURE_KINDS else weight)
        for field in CLAIM_FIELDS
        if claims.get(field)
    }


def _matches_generic_words(entry: Entry) -> bool:
    """Whether the pattern takes what many makers' devices say: then it may tell a kind, and no name."""
    pattern = compiled(entry.pattern)
    return any(pattern.search(word) is not None for word in GENERIC_WORDS)


def _templates(entry: Entry) -> dict[str, str]:
    """Params as templates of ours (`$1`), interpolations resolved; those that can't be are left out."""
    raw = {}
    for param in entry.params:
        if param.pos > 9:
            continue
        raw[param.name] = f"${param.pos}" if param.pos else param.value.replace("$", "")
    resolved = {}
    for name, value in raw.items():
        for _ in range(4):  # a temporary may name another
            for inner, replacement in raw.items():
                value = value.replace("{" + inner + "}", replacement)
        if "{" not in value:
            resolved[name] = value
    return resolved


def _identity(params: dict[str, str]) -> dict[str, str]:
    device = params.get("os.device", "")
    from_system = bool(device) and device.casefold() not in _SAYS_NOTHING
    brand = params.get("hw.vendor", "")
    if not brand and from_system and fold(params.get("os.vendor", "")) not in _SOFTWARE:
        brand = params.get("os.vendor", "")
    if fold(brand) in GENERIC or fold(brand) in _SOFTWARE:
        brand = ""
    model = params.get("hw.model") or params.get("hw.product") or (params.get("os.product", "") if from_system else "")
    system = f"{params.get('os.family', '')} {params.get('os.product', '')}".casefold()
    general = any(name in system for name in _GENERAL_SYSTEMS)
    version = "" if general or not brand else params.get("os.version", "")
    return {
        "brand": brand,
        "model": "" if fold(model) in GENERIC else model,
        "firmware": version,
        "serial": params.get("hw.serial_number", ""),
        "mac": params.get("host.mac", ""),
        "name": params.get("host.name", ""),
    }


def _kind(params: dict[str, str]) -> dict[str, str]:
    device = (params.get("hw.device") or params.get("os.device") or "").casefold()
    if device in KINDS:
        return {"kind": KINDS[device]}
    if "$" in device or device in _SAYS_NOTHING:
        return {}
    return {"kind": "other", "product": PRODUCTS.get(device, device)}
