"""The formats of tables: leases, neighbours, switches, lists of a video management system."""

from __future__ import annotations

from scanner.intake.contract import Format
from scanner.intake.leases import DnsmasqLeases, DnsmasqLog, IscLeases
from scanner.intake.lists import CameraList, ControllerClients, KeaLeases, PlainTable, WindowsLeases
from scanner.intake.network_tables import ArpTable, MacTable
from scanner.intake.snmpwalk import SnmpWalk

# In the order in which they are asked: the more a format is like no other, the earlier.
TABLES: tuple[Format, ...] = (
    SnmpWalk(),
    IscLeases(),
    DnsmasqLeases(),
    DnsmasqLog(),
    KeaLeases(),
    WindowsLeases(),
    CameraList(),
    ControllerClients(),
    ArpTable(),
    MacTable(),
    PlainTable(),
)
