"""What each address has said so far, judged while the sweep runs only to decide what is worth asking next."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.derive import Context
from scanner.heard import Heard, same_network
from scanner.identify.corroborated import corroborated
from scanner.identify.engine import DeviceBuilder
from scanner.models import Device, Evidence, Outcome
from scanner.net.api import Network
from scanner.probe import ContactResult, ProbeResult, Suspect
from scanner.runs import RunFolder
from scanner.sweep.asked import Gathered, SweepOptions
from scanner.sweep.budget import Budget
from scanner.text import normalise_mac


class SoFar:
    """Takes evidence into the run's log first, then into what is known of its address."""

    def __init__(
        self, net: Network, run: RunFolder, context: Context, options: SweepOptions, gathered: Gathered
    ) -> None:
        self._net = net
        self._run = run
        self._context = context
        self._options = options
        self._builders: dict[str, DeviceBuilder] = {}
        self._evidence: dict[str, list[Evidence]] = {}
        self.gathered = gathered
        self.heard = Heard()
        self.budget = Budget(options.budget, options.began, options.renderings)

    def record(self, evidence: Evidence) -> None:
        """Into the log, then into what is known. LogError when it can't be written."""
        self._run.append(evidence)
        self.learn(evidence)

    def learn(self, evidence: Evidence) -> None:
        """Into what is known: it is in the log."""
        host = evidence.host
        self.gathered.alive.add(host)
        self.heard.note(evidence)
        with self.budget.judging():
            if host not in self._builders:
                self._builders[host] = DeviceBuilder(host, self._context.rules)
            self._builders[host].add(evidence)
        self._evidence.setdefault(host, []).append(evidence)

    def recall(self, evidence: Evidence) -> None:
        """Of a device that is done: it is in the log, and will be judged from there."""
        self.heard.note(evidence)
        self.budget.records += 1

    def take(self, host: str, name: str, result: ProbeResult) -> None:
        """What the probe `name` brought from `host`."""
        for evidence in result.evidence:
            self.record(evidence)
        if result.outcome is Outcome.FAILED:
            self.note_failure(f"{name} on {host}", result.detail)
        if result.outcome is Outcome.CUT:
            self.gathered.cut.append(host)

    def note_refusal(self, host: str, contact: ContactResult) -> None:
        """An address that only refused is there all the same: its refusal is the evidence."""
        refused = [port for port, outcome in contact.outcomes.items() if outcome is Outcome.REFUSED]
        if refused and (host not in self._builders or self.heard.mute([host])):
            fields = {"port": refused[0], "state": "closed"}
            self.record(Evidence(host, "port", fields, self._net.now()))

    def note_failure(self, what: str, detail: str) -> None:
        """Something of ours went wrong; kept for a run that is resumed, too."""
        self.gathered.failures[what] = detail
        self._run.mark({"failed": what, "detail": detail})

    def suspect(self, host: str, open_ports: Mapping[int, str]) -> Suspect:
        """What is known of `host`, as probes choose by it."""
        builder = self._builders.get(host)
        device = builder.device() if builder else Device(id="", host=host)
        makers = tuple(dict.fromkeys(c.value for c in device.claims if c.field in ("maker", "brand")))
        if device.maker:
            makers = (device.maker, *(m for m in makers if m != device.maker))
        return Suspect(
            host=host,
            open_ports=open_ports,
            is_camera=device.is_camera,
            makers=makers,
            kind=device.kind,
            counted=device.channel_count is not None,
            settled=corroborated(device) and device.model is not None and device.firmware is not None,
            evidence=tuple(self._evidence.get(host, ())),
            snmp=self._options.snmp(host, device.mac),
            login=self._options.logins(host, self.mac_on_link(host)),
            routed=not self._net.on_link(host),
        )

    def mac_on_link(self, host: str) -> str | None:
        """The MAC that the link shows, by which logins go: one that a device only states may be another's."""
        seen = [one.get("mac") for one in self._evidence.get(host, ()) if one.protocol == "mac"]
        macs = {normalise_mac(mac) for mac in seen if isinstance(mac, str)}
        return macs.pop() if len(macs) == 1 else None

    def lively(self, host: str) -> bool:
        """Whether an address that answers nothing may well be in use: it answered, or others of its network did.

        The latter beyond routers alone: on the link ARP says who is there.
        """
        alive = self.gathered.alive
        return host in alive or (not self._net.on_link(host) and same_network(host, alive))

    def has_said_enough(self, host: str) -> bool:
        """Whether more ports are worth no packet: surely no camera, or a camera of known maker and model."""
        if (builder := self._builders.get(host)) is None:
            return False
        device = builder.device()
        named = corroborated(device) and device.model is not None
        return device.is_camera is False or (device.is_camera is True and named)

    def device(self, host: str) -> Device | None:
        """The address judged by what it has said; None where it has said nothing, or is let go."""
        with self.budget.judging(0):
            builder = self._builders.get(host)
            return self._context.judge(builder.device()) if builder else None

    def let_go(self, host: str) -> None:
        """Keep nothing in memory of an address that is done: the log has it."""
        self._builders.pop(host, None)
        self._evidence.pop(host, None)
