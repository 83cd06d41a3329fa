"""The tables, for SQLAlchemy; what each means is in docs/store.md. Changed by migrations only.

Texts that came from devices are cleaned and capped before they get here (`values`). Lists are JSON texts and times RFC
3339 in UTC, so that both databases hold and order the same.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

from scanner.store.values import FACTS

METADATA = MetaData()


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _of(name: str, *, null: bool = False) -> Column[int]:
    return Column(f"{name}_id", Integer, ForeignKey(f"{name}.id"), nullable=null)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


SITE = Table("site", METADATA, _key(), Column("name", Text, nullable=False, unique=True))
SERIES = Table(
    "series", METADATA, _key(), _of("site"), _text("digest"), _text("scope"), _text("exclude"),
    Column("complete", Boolean, nullable=False), UniqueConstraint("site_id", "digest"),
)  # fmt: skip
SWEEP = Table(
    "sweep", METADATA, _key(), _of("site"), _of("series"), Column("uid", Text, nullable=False, unique=True),
    _text("digest"), _text("name"), _text("started"), _text("finished"), _text("as_of"), _text("policy"),
    _text("version"), _text("fingerprints"), _text("registry"), _text("registry_digest"), _text("coverage"),
    Column("devices", Integer, nullable=False), _text("run", null=True),
    Column("waivers", Integer, nullable=True), Index("sweep_of_site", "site_id"),
)  # fmt: skip
DEVICE = Table(
    "device", METADATA, _key(), _of("site"), _text("uid"), _text("host"), _text("addresses"), _text("mac", null=True),
    *(_text(name, null=True) for name in ("serial", "maker", "model", "first_at", "last_at")),
    Index("device_of_site", "site_id"),
)  # fmt: skip
STATE = Table(
    "state", METADATA, _key(), _of("device"), _text("digest"), _text("uid"),
    *(Column(name, Boolean if name == "is_camera" else Text, nullable=name not in ("host", "kind", "status"))
      for name in FACTS),
    _text("instruments"), _text("hidden", null=True), UniqueConstraint("device_id", "digest"),
    *(Index(f"state_by_{name}", name) for name in ("host", "mac", "serial", "uid")),
)  # fmt: skip
WAIVER = Table(
    "waiver", METADATA, _key(), _of("site"), _text("digest"), _text("name"), _text("instruments"), _text("devices"),
    _text("reason"), _text("owner"), _text("expires"), UniqueConstraint("site_id", "digest"),
)  # fmt: skip
WAIVER_USE = Table(
    "waiver_use", METADATA, _key(), _of("sweep"), _of("waiver"), _text("state"),
    *(Column(name, Integer, nullable=False) for name in ("findings", "hosts")),
    Index("waiver_use_of_sweep", "sweep_id"), Index("waiver_use_of_waiver", "waiver_id"),
)  # fmt: skip
FINDING = Table(
    "finding", METADATA, _key(), _of("state"), _text("instrument"), _text("entity"), _text("relation"),
    _text("strength"), _text("edition"), _text("source"), _of("waiver", null=True),
    Column("expired", Boolean, nullable=True), Index("finding_of_state", "state_id"),
    Index("finding_of_waiver", "waiver_id"),
)  # fmt: skip
SPAN = Table(
    "span", METADATA, _key(), _of("series"), _of("device"), _of("state", null=True),
    Column("first_id", Integer, ForeignKey("sweep.id"), nullable=False),
    Column("last_id", Integer, ForeignKey("sweep.id"), nullable=True),
    Index("span_of_series", "series_id", "last_id"), Index("span_of_device", "device_id"),
)  # fmt: skip
REMOVAL = Table(
    "removal", METADATA, _key(), _of("device"), _text("kind"), _text("day", null=True), _text("reason"),
    _text("replaced_by", null=True), Column("replacement_id", Integer, ForeignKey("device.id"), nullable=True),
    _text("recorded_at"), Index("removal_of_device", "device_id"),
)  # fmt: skip
