"""CycloneDX 1.6 with the official library: each device a component of type `device`, its firmware one within it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from scanner.models import Device, Inventory
from scanner.report import words
from scanner.text import clean

if TYPE_CHECKING:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component

_PREFIX = "camcensus"


def render_cyclonedx(inventory: Inventory) -> str:
    """The bill of materials as JSON, without what is no camera; the coverage stands in the metadata's properties."""
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.dependency import Dependency
    from cyclonedx.output.json import JsonV1Dot6

    tool = Component(name="camcensus", type=ComponentType.APPLICATION, version=inventory.tool.version)
    site = Component(
        name=clean(inventory.sweep.site or "site"), type=ComponentType.PLATFORM, bom_ref="site",
        description=words.headline(inventory),
    )  # fmt: skip
    notes = [words.reach_line(inventory), *inventory.coverage.notes]
    properties = [
        Property(name=f"{_PREFIX}:sweep:complete", value=str(inventory.sweep.complete).lower()),
        Property(name=f"{_PREFIX}:sweep:id", value=clean(inventory.sweep.id)),
        Property(name=f"{_PREFIX}:as_of", value=inventory.sweep.as_of),
        Property(name=f"{_PREFIX}:registry", value=inventory.tool.registry.edition),
        *(Property(name=f"{_PREFIX}:coverage:{n}", value=clean(note, 2000)) for n, note in enumerate(notes)),
    ]
    metadata = BomMetaData(timestamp=_time(inventory.sweep.finished), component=site, properties=properties)
    metadata.tools.components.add(tool)
    components = [_component(device) for device in inventory.devices if device.is_camera is not False]
    bom = Bom(
        components=components,
        # Bom.register_dependency looks at every earlier one for each that is added.
        dependencies=[Dependency(site.bom_ref, [Dependency(component.bom_ref) for component in components])],
        metadata=metadata,
        serial_number=uuid5(NAMESPACE_URL, f"camcensus:{inventory.sweep.id}:{inventory.sweep.finished}"),
    )
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _component(device: Device) -> Component:
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.contact import OrganizationalEntity

    maker = OrganizationalEntity(name=device.maker) if device.maker else None
    inside = []
    if device.firmware:
        name = clean(device.family or device.maker or "firmware")
        inside.append(
            Component(
                name=name, type=ComponentType.FIRMWARE, version=clean(device.firmware), bom_ref=f"{device.id}:firmware"
            )
        )
    return Component(
        name=clean(device.model or device.product or words.kind_text(device) or "unknown device"),
        type=ComponentType.DEVICE,
        bom_ref=device.id,
        manufacturer=maker,
        publisher=clean(device.brand) if device.brand else None,
        description=clean(device.why, 1000) or None,
        components=inside,
        properties=list(_properties(device)),
    )


def _properties(device: Device) -> Iterator[Property]:
    from cyclonedx.model import Property

    facts = {
        "status": device.status.value, "kind": device.kind, "host": device.host, "mac": device.mac,
        "serial": device.serial, "family": device.family, "chip": device.chip,
        "confidence": str(device.confidence) if device.maker else None,
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            yield Property(name=f"{_PREFIX}:{name}", value=clean(value))
    for finding in words.counted(device):
        told = f"{finding.strength.value}: {finding.statement} Source: {finding.source} {words.waived_text(finding)}"
        value = clean(told, 2000)
        yield Property(name=f"{_PREFIX}:finding:{clean(finding.instrument)}", value=value)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
