from collections.abc import Mapping

import pytest

from scanner.models import Outcome
from scanner.probe.contract import ProbeResult, SnmpAccess, Suspect
from scanner.probe.snmp_oids import BRANCHES, ENTITY, SYSTEM, branch_of
from scanner.probe.snmp_read import SnmpRead
from scanner.wire import snmp as wire
from tests.discover.fast import run
from tests.fakes import ScriptedNetwork
from tests.probe.agents import agent
from tests.probe.suspects import HOST, said, suspect

HIKVISION = next(branch for branch in BRANCHES if branch.maker == "Hikvision")
VALUES: Mapping[str, wire.Value] = {
    SYSTEM[0]: "AcmeCam AC-200",
    SYSTEM[1]: wire.Oid("1.3.6.1.4.1.39165.1.1"),
    SYSTEM[2]: "yard",
    HIKVISION.names[0]: "AC-200",
    HIKVISION.names[3]: b"\x44\x19\xb6\x00\x00\x01",
}
READ = {**{name: str(value) for name, value in VALUES.items()}, HIKVISION.names[3]: "0x4419b6000001"}


def _net(values: Mapping[str, wire.Value] = VALUES) -> ScriptedNetwork:
    return ScriptedNetwork(udp_script={(HOST, 161): agent(values)})


def _read(net: ScriptedNetwork, who: Suspect) -> ProbeResult:
    return run(SnmpRead().run(net, who))


def _requests(net: ScriptedNetwork) -> list[wire.SnmpRequest]:
    return [wire.parse_request(request) for request in net.requests(HOST, 161)]


def test_two_requests_read_the_system_and_what_the_maker_has() -> None:
    net = _net()
    result = _read(net, suspect(snmp=(SnmpAccess(2, "garden"),)))
    assert result.outcome is Outcome.ANSWERED
    assert result.evidence[0].get("oids") == READ
    assert [(one.kind, one.names) for one in _requests(net)] == [("get", SYSTEM), ("get", (*HIKVISION.names, *ENTITY))]


def test_an_old_agent_that_refuses_a_whole_request_is_asked_one_by_one() -> None:
    net = _net()
    result = _read(net, suspect(snmp=(SnmpAccess(1, "garden"),)))
    assert result.evidence[0].get("oids") == READ
    assert {one.kind for one in _requests(net)} == {"get"}
    assert len(_requests(net)) == 2 + len(HIKVISION.names) + len(ENTITY)


@pytest.mark.parametrize("version", [1, 2])
def test_each_access_is_tried_once_in_order_and_nothing_else(version: int) -> None:
    net = _net({SYSTEM[0]: "AcmeCam", SYSTEM[1]: wire.Oid("1.3.6.1.4.1.99999"), SYSTEM[2]: "yard"})
    accesses = (SnmpAccess(version, "wrong"), SnmpAccess(2, "garden"), SnmpAccess(2, "never"))
    result = _read(net, suspect(snmp=accesses))
    assert [one.community for one in _requests(net)] == [b"wrong", b"garden", b"garden"]
    assert result.outcome is Outcome.ANSWERED


def test_a_refused_access_is_not_tried_again() -> None:
    net = _net()
    assert _read(net, suspect(snmp=(SnmpAccess(2, "wrong"),))).outcome is Outcome.TIMED_OUT
    assert len(net.sent) == 1


def test_no_secret_in_evidence_or_in_any_text() -> None:
    access = SnmpAccess(3, "garden", "reader", "SHA", "auth-secret-1", "AES", "privacy-secret-1")
    result = _read(_net(), suspect(snmp=(SnmpAccess(2, "garden"),)))
    shown = repr(result) + repr(access) + str(access)
    assert not any(secret in shown for secret in ("garden", "auth-secret-1", "privacy-secret-1"))


def test_out_of_scope_nothing_is_sent() -> None:
    net = ScriptedNetwork(scope=("203.0.113.0/24",))
    assert _read(net, suspect(snmp=(SnmpAccess(2, "garden"),))).outcome is Outcome.OUT_OF_SCOPE
    assert net.sent == []


def test_garbage_is_no_answer() -> None:
    net = ScriptedNetwork(udp_script={(HOST, 161): lambda _: [b"\x30\x82\xff\xff", b""]})
    assert _read(net, suspect(snmp=(SnmpAccess(2, "garden"),))).outcome is Outcome.TIMED_OUT


def test_texts_that_end_as_c_does_are_texts() -> None:
    net = _net({**VALUES, SYSTEM[0]: b"Bosch\0", SYSTEM[2]: b"\xff\xfe"})
    oids = _read(net, suspect(snmp=(SnmpAccess(2, "garden"),))).evidence[0].get("oids")
    assert (oids[SYSTEM[0]], oids[SYSTEM[2]]) == ("Bosch", "0xfffe")


def test_only_with_what_the_user_gave() -> None:
    access = (SnmpAccess(2, "garden"),)
    assert not SnmpRead().wanted(suspect())
    assert SnmpRead().wanted(suspect(snmp=access))
    assert SnmpRead().wanted(suspect(said("snmp", engine_id="80"), snmp=access))
    assert not SnmpRead().wanted(suspect(said("snmp", oids={"1.3": "x"}), snmp=access))


def test_the_agents_own_number_chooses_the_branch_before_a_suspicion() -> None:
    assert branch_of(("Dahua",), "1.3.6.1.4.1.3967.1.1.0") is next(b for b in BRANCHES if b.maker == "Bosch")
    assert branch_of(("Axis", "Dahua"), "1.3.6.1.4.1.8072.3.2.10") is next(b for b in BRANCHES if b.maker == "Dahua")
    # H3C's switches share Uniview's number
    assert branch_of((), "1.3.6.1.4.1.25506.1.1") is None
