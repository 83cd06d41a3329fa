"""The verdict on one device: (device, registry, policies, day) → device with status and findings. Pure.

Contract 2 (docs/registry.md): `listed` needs an instrument of the policy that names the maker, its owner or the brand's
owner, and the device's own words (more than a MAC prefix, more than a directory of labels), and a camera.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from scanner.models import Device, Finding, Status, Strength
from scanner.registry.facts import Policy, Registry
from scanner.registry.findings import counts, findings_of
from scanner.registry.leads import (
    Lead,
    Subject,
    brand_leads,
    brand_of,
    chip_leads,
    maker_leads,
    maker_of,
    questioned,
    rivals_of,
)
from scanner.registry.names import companies_by_name, labels_of, same_name
from scanner.registry.policy import Scope, scope_of

WEAK_ONLY = "the maker rests on a MAC prefix or other weak signs alone, which never make a finding"


def judge(device: Device, registry: Registry, policies: Sequence[Policy] = (), as_of: date | None = None) -> Device:
    """`device` with `status` and `findings` as of a day, by default that of the registry's edition.

    Without policies every instrument that prohibits a use, purchase, import or marketing counts, and no criterion.
    """
    if device.is_camera is False:
        return msgspec.structs.replace(device, status=Status.NOT_A_CAMERA, findings=())
    scope = scope_of(policies, registry, as_of).of(device)
    maker = maker_of(device, registry)
    findings = _findings(device, maker, registry, scope)
    hint = maker is not None and not maker.own and _would_count(maker, registry, scope)
    status = _status(findings, established=maker is not None and maker.own, hint=hint)
    if device.is_camera is None and not _makes_cameras(device, registry):
        # Network gear of an unknown kind, say: not a camera as far as anyone can tell, so nothing is held against it.
        findings, hint = (), False
        status = Status.NOT_LISTED if status is Status.NOT_LISTED else Status.UNDETERMINED
    why = _with_hint(device.why) if hint else device.why
    return msgspec.structs.replace(device, status=status, findings=findings, why=why)


def _status(findings: Sequence[Finding], *, established: bool, hint: bool) -> Status:
    if any(each.strength is Strength.LISTED for each in findings):
        return Status.LISTED
    if hint or any(counts(each) for each in findings):
        return Status.REVIEW
    return Status.NOT_LISTED if established else Status.UNDETERMINED


def _findings(device: Device, maker: Subject | None, registry: Registry, scope: Scope) -> tuple[Finding, ...]:
    """What the maker, brand and chip lead to, as far as nothing contradicts it."""
    settled = maker is not None and maker.own
    leads = list(_leads(device, maker, registry, scope.as_of, settled=settled))
    findings = findings_of(leads, registry, scope)
    if device.is_camera is not None and not device.conflicts:
        return findings
    listed = any(each.strength is Strength.LISTED for each in findings)
    for rival in rivals_of(device, registry, scope.as_of, settled=settled):
        named = any(counts(each) for each in findings_of(rival.leads, registry, scope))
        if named and not listed:
            leads += rival.leads
        elif listed and not named and (rival.field == "maker" or not settled):
            leads = list(
                questioned(leads, f"The device also gives well-founded signs of {rival.name}: which is right?")
            )
    if device.is_camera is None:
        leads = list(questioned(leads, "Is it a camera?"))
    return findings_of(leads, registry, scope)


def _leads(device: Device, maker: Subject | None, registry: Registry, as_of: date, *, settled: bool) -> Iterator[Lead]:
    brand = brand_of(device, registry)
    if maker is not None:
        labelled = brand is not None and brand.own and not same_name(brand.name, maker.name, registry)
        label = brand.name if brand is not None and labelled else ""
        yield from maker_leads(msgspec.structs.replace(maker, label=label), registry, as_of)
    if brand is not None:
        yield from brand_leads(brand, registry, as_of, settled=settled)
    if device.is_camera is True:
        yield from chip_leads(device, registry, as_of)


def _would_count(maker: Subject, registry: Registry, scope: Scope) -> bool:
    """Whether the maker would have a finding, if the device itself named it."""
    as_if = msgspec.structs.replace(maker, own=True, cap=Strength.REVIEW)
    leads = [msgspec.structs.replace(lead, reason="mac_only") for lead in maker_leads(as_if, registry, scope.as_of)]
    return any(counts(each) for each in findings_of(leads, registry, scope))


def _makes_cameras(device: Device, registry: Registry) -> bool:
    """Whether the maker or brand makes (almost) only cameras, so that a device of unknown kind may well be one."""
    names = [name for name in (device.maker, device.brand) if name is not None]
    companies = [company for name in names for company in companies_by_name(name, registry)]
    companies += [registry.companies[label.maker] for name in names for label in labels_of(name, registry)]
    return any(company.camera_maker for company in companies)


def _with_hint(why: str) -> str:
    if WEAK_ONLY in why:
        return why
    return f"{why}; {WEAK_ONLY}" if why else WEAK_ONLY
