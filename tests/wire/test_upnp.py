"""UPnP descriptions."""

from __future__ import annotations

from scanner.wire import upnp

DESCRIPTION = """<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">
<specVersion><major>1</major></specVersion>
<device><manufacturer>Acme</manufacturer><modelName>AC-200</modelName><serialNumber></serialNumber>
<iconList><icon><url>/a.png</url></icon><icon><url>/b.png</url></icon><icon><url>/a.png</url></icon></iconList>
<deviceList><device><modelName>inner</modelName></device></deviceList></device></root>"""


def test_description() -> None:
    found = upnp.description(DESCRIPTION)
    assert found[:2] == [("manufacturer", "Acme"), ("modelName", "AC-200")]
    assert found[-1] == ("modelName", "inner")
    assert "major" not in dict(found)
    assert upnp.description("<manufacturer>Acme</manufacturer><m:modelName>x</m:modelName>") == [
        ("manufacturer", "Acme"),
        ("modelName", "x"),
    ]
