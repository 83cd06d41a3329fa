from scanner.heard import Heard, same_network
from scanner.models import Evidence

ARP_ONLY, REFUSING, OPEN, TALKING, NOBODY = (f"198.51.100.{number}" for number in range(10, 15))


def heard() -> Heard:
    found = Heard()
    for host in (ARP_ONLY, REFUSING, OPEN, TALKING):
        found.note(Evidence(host, "mac", {"mac": "44:19:b6:00:00:01"}))
    found.note(Evidence(REFUSING, "port", {"port": 80, "state": "closed"}))
    found.note(Evidence(OPEN, "port", {"port": 8000, "state": "open"}))
    found.note(Evidence(TALKING, "sadp", {"xml": "<ProbeMatch/>"}))
    return found


def test_who_says_what() -> None:
    everybody = (ARP_ONLY, REFUSING, OPEN, TALKING)
    assert heard().mute(everybody) == {ARP_ONLY}
    assert heard().refusing(everybody) == {REFUSING}
    assert heard().wordless(everybody) == [ARP_ONLY, REFUSING, OPEN]
    assert heard().mute([NOBODY]) == set()


def test_the_network_of_an_address() -> None:
    assert same_network("198.51.100.9", ["203.0.113.1", "198.51.100.200"])
    assert not same_network("198.51.100.9", ["198.51.101.9", "2001:db8::1"])
    assert same_network("2001:db8::1", ["2001:db8::ffff:1"])
    assert same_network("fe80::1%eth0", ["fe80::2"])
    assert not same_network("2001:db8::1", [])
