"""What counts as a login or a setting, in plain words."""

from __future__ import annotations

import pytest

from scanner.lab.manners import soap_setting, unwelcome

SOAP = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><Password>x</Password></s:Envelope>'


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/", b""),
        ("HEAD", "/doc/page/login.asp", b""),
        ("GET", "/cgi-bin/magicBox.cgi?action=getSystemInfo", b""),
        ("GET", "/init-cgi/pw_init.cgi?msubmenu=statuscheck&action=view", b""),
        ("POST", "/cgi-bin/api.cgi", b""),
        ("POST", "/onvif/device_service", SOAP),
        ("POST", "/axis-cgi/basicdeviceinfo.cgi", b'{"apiVersion":"1.0","method":"getAllUnrestrictedProperties"}'),
    ],
)
def test_reading_is_welcome(method: str, target: str, body: bytes) -> None:
    assert list(unwelcome(method, target, body, known=False)) == []


@pytest.mark.parametrize(
    ("method", "target", "body", "kind"),
    [
        ("GET", "/login.cgi?user=admin&pwd=", b"", "login"),
        ("POST", "/RPC2_Login", b"{}", "login"),
        ("POST", "/cgi-bin/api.cgi", b'[{"cmd":"Login","param":{"User":{"password":""}}}]', "login"),
        ("GET", "/cgi-bin/configManager.cgi?action=setConfig&x=1", b"", "setting"),
        ("GET", "/axis-cgi/restart.cgi", b"", "setting"),
        ("PUT", "/ISAPI/System/time", b"<Time/>", "setting"),
        ("DELETE", "/x", b"", "setting"),
        ("POST", "/x", b"a=b", "setting"),
        ("GET", "/cgi-bin/snapshot.cgi", b"", "setting"),
    ],
)
def test_logins_and_settings_are_not(method: str, target: str, body: bytes, kind: str) -> None:
    assert kind in [found for found, _ in unwelcome(method, target, body, known=False)]


def test_soap_reads_with_get_only() -> None:
    assert not soap_setting("GetDeviceInformation")
    assert soap_setting("SetHostname")
    assert soap_setting("CreatePullPointSubscription")
