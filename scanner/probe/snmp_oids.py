"""What is read of a device over SNMP: names only. What the answers mean is said by rules in fingerprints/.

The table is kept with the probe, like its pages: it says what is sent. A test holds both sides together: every name
here that tells a fact has a rule, and no rule rests on a name that is never asked for.
"""

from __future__ import annotations

import msgspec

SYSTEM = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.5.0")
"""sysDescr, sysObjectID, sysName (RFC 3418)."""

ENTITY = tuple(f"1.3.6.1.2.1.47.1.1.1.1.{column}.1" for column in (9, 10, 11, 12, 13))
"""ENTITY-MIB (RFC 6933), first entity: firmware, software, serial number, manufacturer, model."""

_ENTERPRISES = "1.3.6.1.4.1."


class Branch(msgspec.Struct, frozen=True):
    """A maker's own objects. `enterprises` choose it by sysObjectID; `source` says where they are described."""

    maker: str
    enterprises: tuple[int, ...]
    names: tuple[str, ...]
    source: str


BRANCHES = (
    Branch(
        "Hikvision",
        (39165, 50001),
        # HIK-DEVICE-MIB: deviceType, hardwVersion, softwVersion, macAddr; HIKVISION-MIB: hikEntityIndex (serial)
        (*(f"{_ENTERPRISES}39165.1.{n}.0" for n in (1, 2, 3, 4)), f"{_ENTERPRISES}50001.1.3.0"),
        "HIK-DEVICE-MIB (librenms/librenms os hikvision-cam; glpi-agent MibSupport/Hikvision); "
        "HIKVISION-MIB (librenms/librenms tests/snmpsim/hikvision-nvr.snmprec)",
    ),
    Branch(
        "Dahua",
        (1004849,),
        # DAHUA-SNMP-MIB systemInfo: softwareRevision, hardwareRevision, serialNumber, systemVersion, deviceType
        tuple(f"{_ENTERPRISES}1004849.2.1.{n}.0" for n in ("1.1", "1.2", "2.4", "2.5", "2.6")),
        "DAHUA-SNMP-MIB systemInfo (glpi-agent MibSupport/Intelbras)",
    ),
    Branch(
        "Bosch",
        (3967,),
        # BSS-RCP-MIB: hardware-version, software-version, vendor, oem-device-name, MAC address
        tuple(f"{_ENTERPRISES}3967.{n}.0" for n in ("1.1.1.4", "1.1.1.5", "1.1.1.7", "1.1.5.1", "1.5.1.1")),
        "BSS-RCP-MIB (librenms/librenms tests/snmpsim/boschcpp.snmprec, os_discovery/bosch.yaml)",
    ),
    Branch(
        "Hanwha Vision",
        (36849,),
        # Samsung Techwin's recorder branch: model, version, MAC address
        tuple(f"{_ENTERPRISES}36849.1.1.{n}.0" for n in ("1", "2.1.1", "2.3.1.1")),
        "public GitHub file index, file id 30875087661: a logger reads model, version and MAC of 36849.1.1",
    ),
    Branch(
        "Uniview",
        (),  # 25506 is shared with H3C's switches, so the enterprise number alone does not choose it
        (f"{_ENTERPRISES}25506.20.1.0",),
        "public GitHub file index, file id 4096595968: DevModel, SoftwareVersion, DevSeqNumber of a recorder",
    ),
)


def branch_of(makers: tuple[str, ...], object_id: str) -> Branch | None:
    """The branch for the agent's own sysObjectID, else for the first suspected maker that has one."""
    number = object_id.removeprefix(".").removeprefix(_ENTERPRISES).partition(".")[0]
    for branch in BRANCHES:
        if number in map(str, branch.enterprises):
            return branch
    return next((branch for maker in makers for branch in BRANCHES if branch.maker == maker), None)
