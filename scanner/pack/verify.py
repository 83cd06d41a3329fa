"""Check a pack, offline, anywhere: unchanged? signed by whom? does its evidence still give the same inventory?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import msgspec

from scanner.models import DataError, Inventory
from scanner.pack import archive, chain, sshsig
from scanner.pack.manifest import (
    CHAIN,
    EVIDENCE,
    INVENTORY,
    KNOWLEDGE,
    MANIFEST,
    OWN,
    SIGNATURE,
    TIMESTAMP,
    UNLISTED,
    Manifest,
    read_manifest,
)  # fmt: skip
from scanner.pack.timestamp import stamped
from scanner.report.json import read_inventory, render_json

Derive = Callable[[Path, bytes, Inventory], Inventory]
"""(a folder with the packed `fingerprints/` and `own/`, the evidence log, the packed inventory) → derived anew."""


class Outcome(StrEnum):
    """How one check ended. Open: there was nothing to check it with."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


class Check(msgspec.Struct, frozen=True):
    """One thing that was checked, in words."""

    what: str
    outcome: Outcome
    text: str


class Keys(msgspec.Struct, frozen=True):
    """What the verifier trusts: public key blobs, and root certificates of time-stamping authorities (PEM or DER)."""

    signers: tuple[bytes, ...] = ()
    authorities: tuple[bytes, ...] = ()


def verify(data: bytes, keys: Keys, derive: Derive | None) -> list[Check]:
    """Every check, in order; it ends early only where nothing further can be read. `derive` None: not derived again."""
    try:
        files = dict(archive.read(data))
        manifest = read_manifest(files.get(MANIFEST, b""))
    except DataError as error:
        return [Check("archive", Outcome.FAILS, str(error))]
    checks = [Check("archive", Outcome.HOLDS, f"{len(files)} files, as they were written")]
    checks += _files(files, manifest)
    checks.append(_chain(files, manifest))
    checks.append(_signature(files, keys))
    checks.append(_timestamp(files, keys))
    whole = all(check.outcome is not Outcome.FAILS for check in checks)
    if derive is not None and whole:
        checks.append(_derived(files, derive))
    return checks


def _files(files: Mapping[str, bytes], manifest: Manifest) -> list[Check]:
    checks = []
    listed = {file.path for file in manifest.files}
    for file in manifest.files:
        content = files.get(file.path)
        if content is None:
            checks.append(Check("files", Outcome.FAILS, f"{file.path} is missing"))
        elif len(content) != file.size or sha256(content).hexdigest() != file.sha256:
            checks.append(Check("files", Outcome.FAILS, f"{file.path} was changed: its SHA-256 is another"))
    checks += [
        Check("files", Outcome.FAILS, f"{name} is not in the manifest")
        for name in sorted(set(files) - listed - UNLISTED)
    ]
    return checks or [Check("files", Outcome.HOLDS, f"{len(listed)} files have the SHA-256 of the manifest")]


def _chain(files: Mapping[str, bytes], manifest: Manifest) -> Check:
    log = files.get(EVIDENCE, b"")
    try:
        lines = chain.check(log, files.get(CHAIN, b""))
    except DataError as error:
        return Check("evidence chain", Outcome.FAILS, str(error))
    if chain.head(log) != manifest.chain:
        return Check("evidence chain", Outcome.FAILS, "it ends elsewhere than the manifest says")
    return Check("evidence chain", Outcome.HOLDS, f"{lines} lines, in their order")


def _signature(files: Mapping[str, bytes], keys: Keys) -> Check:
    if SIGNATURE not in files:
        return Check("signature", Outcome.FAILS if keys.signers else Outcome.OPEN, "the pack is not signed")
    text = files[SIGNATURE]
    try:
        signer = sshsig.check(files[MANIFEST], text.decode("ascii"))
    except (DataError, UnicodeDecodeError) as error:
        return Check("signature", Outcome.FAILS, f"{SIGNATURE}: {error}")
    name = sshsig.thumbprint(signer)
    if not keys.signers:
        return Check("signature", Outcome.OPEN, f"signed with {name}; give --key to say whose key you expect")
    if signer not in keys.signers:
        return Check("signature", Outcome.FAILS, f"signed with {name}, which is not a key that you gave")
    return Check("signature", Outcome.HOLDS, f"signed with {name}")


def _timestamp(files: Mapping[str, bytes], keys: Keys) -> Check:
    if TIMESTAMP not in files:
        return Check("time stamp", Outcome.OPEN, "the pack has none: its times are the word of who packed it")
    try:
        time, trusted = stamped(files[TIMESTAMP], files[MANIFEST], keys.authorities)
    except DataError as error:
        return Check("time stamp", Outcome.FAILS, f"{TIMESTAMP}: {error}")
    if trusted:
        return Check("time stamp", Outcome.HOLDS, f"the manifest existed at {time}")
    text = f"says that the manifest existed at {time}; give --tsa with the authority's certificate to check who says so"
    return Check("time stamp", Outcome.OPEN, text)


def _derived(files: Mapping[str, bytes], derive: Derive) -> Check:
    """The packed evidence, judged again with the packed fingerprints and lists, against the packed inventory."""
    try:
        packed = read_inventory(files[INVENTORY])
        with tempfile.TemporaryDirectory(prefix="camcensus-") as folder:
            root = Path(folder)
            for name, content in files.items():
                if name.startswith((KNOWLEDGE, OWN)):
                    path = root / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
            again = derive(root, files[EVIDENCE], packed)
    except (DataError, msgspec.DecodeError, KeyError) as error:
        return Check("derivation", Outcome.FAILS, f"can't be made again: {error}")
    if render_json(again) == files[INVENTORY]:
        return Check("derivation", Outcome.HOLDS, f"the evidence gives the same {len(packed.devices)} devices again")
    return Check("derivation", Outcome.FAILS, _differences(packed, again))


def _differences(packed: Inventory, again: Inventory) -> str:
    before, now = ({device.host: device for device in one.devices} for one in (packed, again))
    other = sorted(host for host in before.keys() | now.keys() if before.get(host) != now.get(host))
    if not other:
        return "the devices are the same, what is said of the sweep is not"
    return (
        f"{len(other)} of {len(before)} devices come out otherwise: {', '.join(other[:8])}{' …' if other[8:] else ''}"
    )
