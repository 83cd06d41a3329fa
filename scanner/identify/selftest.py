"""Proof of the fingerprints: rules against their own examples and rejects, and against devices that are no cameras."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from scanner.identify.cases import Case
from scanner.identify.match import LONG_CAP, Matcher, capture, compile_pattern, compile_unless, encode, search
from scanner.identify.names import Names, fold
from scanner.identify.places import as_number, as_text, places
from scanner.identify.rule_check import VENDOR_PROTOCOLS
from scanner.identify.rules import Example, Fingerprint, MakerFile, RuleSet, default_rules
from scanner.models import CAMERA_KINDS, DataError, Evidence

MAX_PROGRAM = 8000
"""RE2 instructions: a pattern beyond it (mostly by counted repetition) costs too much memory."""

GENERIC_WORDS = (
    "Network Camera", "IP Camera", "IPCamera", "IPCAM", "IPC", "NVR", "DVR", "Network Video Recorder", "camera",
    "Digital Video Recorder", "webcam", "Web Server", "H264", "RTSP Server", "Device", "ONVIF", "Surveillance", "login",
    "index", "General", "admin", "nginx", "lighttpd", "Boa/0.94.14rc21", "GoAhead-Webs", "thttpd/2.25b", "mini_httpd",
    "Server", "Streaming Server", "Linux", "uc-httpd 1.0.0", "Hipcam RealServer/V1.0", "Network Video Client",
)  # fmt: skip
"""What many makers' devices say: a rule may claim a kind on one of them, never a maker (but for a maker's own
protocol, where the place tells, and for the servers that one firmware alone uses)."""

_SAID_BY_ONE_FIRMWARE = frozenset({"uc-httpd 1.0.0", "Hipcam RealServer/V1.0"})


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one rule (or, with an empty `rule`, with a file)."""

    file: str
    rule: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule + ': ' if self.rule else ''}{self.reason}"


class Matched(msgspec.Struct, frozen=True):
    """A rule that matched a text, for `camcensus fingerprints try`."""

    rule: str
    place: str
    text: str
    values: dict[str, str]


def check(rules: RuleSet, others: Iterable[Case] = ()) -> list[Problem]:
    """Every problem of `rules`; with cases in `others`, also each camera claim on one that is no camera."""
    problems = _check_names(rules)
    for rule in rules.fingerprints:
        problems += check_rule(rule)
    problems += _check_capabilities(rules)
    problems += check_others(rules, others)
    return problems


def check_rule(rule: Fingerprint) -> list[Problem]:
    """Examples match with the values they state, each capture is stated, rejects don't match, size, generic words."""
    try:
        compiled = compile_pattern(rule)
        parts = [("pattern", compiled), *([("unless", compile_unless(rule))] if rule.unless else [])]
    except DataError as error:
        return [Problem(rule.place, rule.id, str(error).partition(f"{rule.id}: ")[2])]
    found = [problem for key, part in parts for problem in _check_size(key, part)]
    for example in rule.examples:
        found += _check_example(rule, compiled, example)
    stated = {field for example in rule.examples for field in example.expect}
    found += [f"no example states the captured {field}" for field in sorted(_captured(rule) - stated)]
    found += _check_rejects(rule, compiled)
    found += _check_generic(rule, compiled)
    return [Problem(rule.place, rule.id, reason) for reason in found]


def _check_size(key: str, compiled: Any) -> list[str]:
    size = max(compiled.programsize, compiled.reverseprogramsize)
    if size <= MAX_PROGRAM:
        return []
    return [f"{key} compiles to {size} instructions, more than {MAX_PROGRAM}: shorten its repetitions"]


def _check_rejects(rule: Fingerprint, compiled: Any) -> list[str]:
    """Rejects that match; and an `unless` that keeps none of them out is not shown to be of use."""
    texts = [(reject, encode(rule.where[0], reject)) for reject in rule.rejects]
    wrong = [reject for reject, data in texts if search(rule, compiled, data) is not None]
    found = [f"matches its reject {_short(reject)}" for reject in wrong]
    if rule.unless and not any(compiled.search(data) is not None for _, data in texts):
        found.append("no reject is one that only `unless` keeps out")
    return found


def _check_example(rule: Fingerprint, compiled: Any, example: Example) -> list[str]:
    hit = capture(rule, compiled, encode(rule.where[0], example.text))
    if hit is None:
        return [f"does not match its example {_short(example.text)}"]
    wrong = [
        f"{field} of {_short(example.text)} is {hit.values.get(field, '')!r}, not {value!r}"
        for field, value in example.expect.items()
        if hit.values.get(field, "") != value
    ]
    unstated = sorted(_captured(rule) & set(hit.values) - set(example.expect))
    return wrong + [
        f"example {_short(example.text)} does not state the captured {field} {hit.values[field]!r}"
        for field in unstated
    ]


def _captured(rule: Fingerprint) -> set[str]:
    return {field for field, template in rule.claims.items() if "$" in template}


def check_others(rules: RuleSet, others: Iterable[Case]) -> list[Problem]:
    """Rules that claim a camera on evidence of a device that is none."""
    matcher = Matcher(rules)
    by_id = {rule.id: rule for rule in rules.fingerprints}
    problems = []
    for case in others:
        if case.truth.is_camera is not False:
            continue
        for found in try_evidence(matcher, case.evidence):
            rule = by_id[found.rule]
            if found.values.get("kind") in CAMERA_KINDS or found.values.get("is_camera") == "true":
                reason = f"claims a camera on {case.id}, which is none: {found.place} {_short(found.text)}"
                problems.append(Problem(rule.place, rule.id, reason))
    return problems


def try_evidence(matcher: Matcher, evidence: Iterable[Evidence]) -> list[Matched]:
    """Every rule that matches any place of the given records."""
    found = []
    for record in evidence:
        path, port = as_text(record.get("path")) or None, as_number(record.get("port"))
        for place, text in places(record):
            found += [
                Matched(hit.rule.id, place, hit.text[:LONG_CAP], hit.values)
                for hit in matcher.hits(place, text, path, port)
            ]
    return found


def _check_capabilities(rules: RuleSet) -> list[Problem]:
    """Claimed capabilities that no catalogue knows; a set without a catalogue is held to the packaged one."""
    known = rules.capabilities or default_rules().capabilities
    return [
        Problem(rule.file, rule.id, f"claims the capability {rule.claims['capability']!r}, which no file describes")
        for rule in rules.fingerprints
        if "capability" in rule.claims and rule.claims["capability"] not in known
    ] + [
        Problem(file.file, "", f"capability {each.id!r}: there is no {each.unless!r} to go before it")
        for file in rules.files
        for each in file.capabilities
        if each.unless and each.unless not in known
    ]


def _check_names(rules: RuleSet) -> list[Problem]:
    problems: list[Problem] = []
    owners: dict[str, MakerFile] = {}
    for file in rules.files:
        for name in (file.name, *file.spellings):
            if not name:
                continue
            other = owners.setdefault(fold(name), file)
            if other.name != file.name:
                problems.append(Problem(file.file, "", f"spelling {name!r} is also in {other.file}"))
    problems += _check_numbers(rules)
    names = Names(rules)
    for rule in rules.fingerprints:
        problems += _check_claimed_names(rule, names)
    return problems


def _check_numbers(rules: RuleSet) -> list[Problem]:
    problems: list[Problem] = []
    owners: dict[object, str] = {}
    for file in rules.files:
        keys: list[object] = [*file.snmp_enterprises, *(fold(name) for name in file.mac_registrants)]
        problems += [
            Problem(file.file, "", f"registrant or enterprise {key!r} is also in {owners[key]}")
            for key in dict.fromkeys(keys)
            if owners.setdefault(key, file.file) != file.file
        ]
    return problems


def _check_claimed_names(rule: Fingerprint, names: Names) -> list[Problem]:
    problems = []
    for field in ("maker", "brand"):
        value = rule.claims.get(field, "")
        if not value or "$" in value:
            continue
        file = names.find(value)
        if file is not None and file.name != value:
            problems.append(Problem(rule.place, rule.id, f"{field} {value!r} is written {file.name!r} in {file.file}"))
        if file is not None and field == "maker" and file.role == "brand":
            problems.append(Problem(rule.place, rule.id, f"claims the brand {value!r} as maker ({file.file})"))
    return problems


def _check_generic(rule: Fingerprint, compiled: Any) -> list[str]:
    own_protocol = all(place.partition(".")[0] in VENDOR_PROTOCOLS for place in rule.where)
    if own_protocol or "$" in rule.claims.get("maker", "$"):
        return []
    return [
        f"claims a maker on the generic text {word!r}"
        for word in GENERIC_WORDS
        if word not in _SAID_BY_ONE_FIRMWARE and search(rule, compiled, word.encode()) is not None
    ]


def _short(text: str) -> str:
    shown = text if len(text) <= 100 else text[:100] + "…"
    return repr(shown)
