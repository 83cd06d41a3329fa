import pytest

from scanner.net.elsewhere import host_in, note_elsewhere
from tests.fakes import ScriptedNetwork

HOST = "198.51.100.10"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("http://203.0.113.9/x", "203.0.113.9"),
        ("//203.0.113.9/x", "203.0.113.9"),
        ("https://CAM.example:8443/", "cam.example"),
        ("/only/a/path", None),
        ("http://[bad/", None),
        ("", None),
        ("http://user@203.0.113.9:x/", "203.0.113.9"),
    ],
)
def test_which_host_a_url_names(url: str, named: str | None) -> None:
    assert host_in(url) == named


def test_only_what_is_out_of_scope_is_noted() -> None:
    net = ScriptedNetwork()
    assert not note_elsewhere(net, HOST, f"http://{HOST}/")
    assert not note_elsewhere(net, HOST, "/path")
    assert note_elsewhere(net, HOST, "http://198.51.100.77/")
    assert note_elsewhere(net, HOST, "http://cam.example/")
    assert net.outsiders == [(HOST, "cam.example")]
