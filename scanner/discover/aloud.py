"""A multicast question that is asked while we listen to the group ourselves: does it come back to us?

A firewall that drops multicast makes every device silent without an error. Its sign is that not even a member of the
group on this very machine hears the question (IP_MULTICAST_LOOP, ip(7)). No frame more than the membership's report.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Sequence

from scanner.discover.answers import over
from scanner.discover.exchange import Handle, Patience, Shot
from scanner.models import CamcensusError
from scanner.net.api import DatagramSocket, Interface, NetError, Network
from scanner.net.limits import membership_limit


async def asked_aloud(
    net: Network, interface: Interface, shots: Sequence[Shot], handle: Handle, patience: Patience
) -> list[str]:
    """As `over`, for shots to one group and port; what else is said to the group goes to `handle` too.

    The notes for the coverage: what could not be sent, and whether multicast seems to be blocked here.
    """
    group, port = shots[0].host, shots[0].port
    ear = _Ear(frozenset(shot.data for shot in shots), handle)
    try:
        async with net.udp(interface, port=port, join=[group]) as member, asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(ear.listen(member))
            notes = await over(net, interface, shots, handle, patience)
            hearing.cancel()
    except NetError as error:
        return [_not_joined(interface, group, error), *await over(net, interface, shots, handle, patience)]
    if notes or ear.heard_us:
        return notes
    return [
        f"Multicast blocked on {interface.name}? Our own question to {group} did not come back to this machine: a "
        f"firewall may drop UDP {port}, and then what answers only multicast is missing."
    ]


class _Ear:
    def __init__(self, own: frozenset[bytes], handle: Handle) -> None:
        self.heard_us = False
        self._own = own
        self._handle = handle

    async def listen(self, member: DatagramSocket) -> None:
        while True:
            try:
                datagram = await member.receive(1.0)
            except CamcensusError:
                await asyncio.sleep(1.0)
                continue
            if datagram is not None and datagram.data in self._own:
                self.heard_us = True
            elif datagram is not None:
                await self._handle(datagram)


def _not_joined(interface: Interface, group: str, error: NetError) -> str:
    note = f"Whether multicast works on {interface.name} was not checked: {group} could not be joined: {error}."
    if os.strerror(errno.ENOBUFS) in str(error):
        note += f" The system allows {membership_limit()} groups a socket (net.ipv4.igmp_max_memberships)."
    return note
