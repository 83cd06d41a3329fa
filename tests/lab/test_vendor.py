"""The lab's devices answer their maker's question, and call everything else on these ports a violation."""

from __future__ import annotations

import pytest

from scanner.lab import demo_site
from scanner.lab.sites import vendor_site
from scanner.wire.errors import WireError
from scanner.wire.vendor import PROTOCOLS, VendorProtocol
from tests.lab.kit import Visit, visit

SPOKEN = [(device.key, spoken.protocol) for device in demo_site().devices for spoken in device.vendor]


def _protocol(name: str) -> VendorProtocol:
    return next(one for one in PROTOCOLS if one.name == name)


def test_the_main_makers_speak() -> None:
    assert {"sadp", "dhip", "dvrip", "hanwha", "bosch", "vivotek"} <= {name for _key, name in SPOKEN}
    names = {spoken.protocol for device in vendor_site().devices for spoken in device.vendor}
    assert {"sadp", "dhip", "dvrip", "hanwha", "bosch", "vivotek", "tplink", "ubnt"} <= names


@pytest.mark.parametrize(("key", "name"), SPOKEN)
def test_only_questions_are_answered(key: str, name: str) -> None:
    protocol = _protocol(name)

    async def talk(device: Visit) -> None:
        assert await device.datagram(protocol.port, protocol.build() + b"x") == []
        assert device.kinds() == ["setting"]

    visit(key, talk)


@pytest.mark.parametrize(("key", "name"), [pair for pair in SPOKEN if not _protocol(pair[1]).reply_port])
def test_the_answer_can_be_read(key: str, name: str) -> None:
    protocol = _protocol(name)

    async def talk(device: Visit) -> None:
        [answer] = await device.datagram(protocol.port, protocol.build())
        assert protocol.fields(answer)
        with pytest.raises(WireError):
            protocol.fields(answer[:8])
        assert device.kinds() == []

    visit(key, talk)


def test_each_device_of_the_vendor_site_speaks_one_protocol_alone() -> None:
    site = vendor_site()
    assert all(len(device.vendor) == 1 and not (device.http or device.tcp or device.wsd) for device in site.devices)
    assert site.devices[-1].host == "203.0.113.64"
    assert len({device.mac for device in site.devices}) == len(site.devices)
