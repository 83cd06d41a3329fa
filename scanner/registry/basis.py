"""The user's own files together: overlays first, then policies, then waivers, each read with what went before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from scanner.models import BasisFile
from scanner.registry.facts import Registry
from scanner.registry.overlay import apply_overlay, read_overlay
from scanner.registry.policy_file import read_policy
from scanner.registry.waivers import Waiver, read_waivers


class Own(msgspec.Struct, frozen=True):
    """The registry with the user's files in it, the names of their policies, their waivers."""

    registry: Registry
    policies: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def basis_file(kind: str, name: str, text: str) -> BasisFile:
    """A file as the inventory keeps it; `kind` is policy, overlay or waivers."""
    return msgspec.convert({"kind": kind, "name": name, "text": text, "digest": digest_of(text)}, BasisFile)


def digest_of(text: str) -> str:
    """SHA-256 of the text in UTF-8, as hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_basis(registry: Registry, files: Iterable[BasisFile], makers: Iterable[str] = ()) -> Own:
    """DataError with file and line for the first that is not valid. `makers`: names that a ban may use besides."""
    every, known = tuple(files), tuple(makers)
    for file in every:
        if file.kind == "overlay":
            registry = apply_overlay(registry, read_overlay(file.name, file.text, registry), file.name)
    policies = []
    for file in every:
        if file.kind == "policy":
            policy, registry = read_policy(file.name, file.text, registry, known)
            policies.append(policy.id)
    waivers = [
        waiver for file in every if file.kind == "waivers" for waiver in read_waivers(file.name, file.text, registry)
    ]
    return Own(registry, tuple(policies), tuple(waivers))
