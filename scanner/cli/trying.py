"""`camcensus fingerprints try` in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scanner.text import clean

if TYPE_CHECKING:
    from scanner.identify.rules import Fingerprint, RuleSet
    from scanner.identify.trial import Trial
    from scanner.models import Evidence

_SILENT_SHOWN = 8
_FACTS = ("maker", "brand", "kind", "model", "firmware", "family", "chip", "serial", "product", "name")


def told(number: int, trial: Trial, rules: RuleSet) -> str:
    """One record: its matches with weight, place, text and claims, then what no rule says anything of."""
    by_id = {rule.id: rule for rule in rules.fingerprints}
    lines = [f"  evidence {number}: {_origin(trial.record)}"]
    for match in trial.matches:
        rule = by_id[match.rule]
        lines.append(f"    {match.rule}  {match.place}  “{clean(match.text, 120)}”")
        claims = ", ".join(_claim(rule, field, value) for field, value in match.values.items())
        lines.append(f"      {claims or 'claims nothing'}")
    silent = trial.silent[:_SILENT_SHOWN]
    lines += [f"    no rule: {place}  “{clean(text, 100)}”" for place, text in silent]
    if len(trial.silent) > len(silent):
        lines.append(f"    no rule: {len(trial.silent) - len(silent)} more")
    if not trial.matches and not trial.silent:
        lines.append("    nothing to look at")
    return "\n".join(lines) + "\n"


def _claim(rule: Fingerprint, field: str, value: str) -> str:
    return f"{field} = {clean(value, 80)} ({rule.weights[field].value})"


def _origin(record: Evidence) -> str:
    parts = [record.protocol]
    if port := record.get("port"):
        parts.append(f"port {port}")
    parts += [str(record.get(name)) for name in ("method", "path", "operation", "service") if record.get(name)]
    return clean(" ".join(parts), 120)


def conclusion(records: Sequence[Evidence], rules: RuleSet) -> str:
    """What the records come to together, each fact with the claims for and against it."""
    from scanner.identify.engine import identify
    from scanner.identify.explain import explain

    device = identify(records, rules)
    lines = [f"  together: {device.why or 'nothing is established'}"]
    for each in explain(device, rules):
        if each.field not in _FACTS:
            continue
        note = f"  ({each.note})" if each.note else ""
        lines.append(f"    {each.field}: {each.value if each.value is not None else 'not established'}{note}")
        for reason in each.reasons:
            sign = "+" if reason.supports else "−"
            lines.append(f"      {sign} {reason.value} ({reason.weight.value})  {reason.fingerprint}, {reason.place}")
        lines += [f"      contradiction: {c.chosen or 'none chosen'} against {c.other}" for c in each.conflicts]
    return "\n".join(lines) + "\n"
