"""The packaged fingerprints with a user's own beside them: folders of TOML files, and Recog's XML.

A user's file may add a maker or say more of one that is known. It can't take anything of the packaged rules away.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from scanner.identify.match import compile_pattern, compile_unless
from scanner.identify.names import fold
from scanner.identify.rules import MakerFile, RuleSet, default_rules, joined, parse_file, rule_set, unique_ids
from scanner.identify.words import read_lists
from scanner.models import DataError, UsageError


def load_rules(folders: Sequence[Path] = (), recog: Path | None = None, base: RuleSet | None = None) -> RuleSet:
    """The packaged rules (or `base`), those of `folders` (each `*.toml` and `makers/*.toml`), those of a Recog folder.

    The digest covers all of them. UsageError for a folder that is none; DataError names file, line and fault.
    """
    rules = base or default_rules()
    if folders:
        rules = extended(rules, [part for folder in folders for part in read_folder(folder)])
    if recog is not None:
        from scanner.identify.recog_rules import load_recog

        imported = load_recog(recog)
        rules = joined(rules, imported, _digest(rules.digest, imported.digest))
    return rules


def read_folder(folder: Path) -> list[tuple[str, bytes]]:
    """(path, content) of the TOML files of a user's folder. Folders that were named twice are read once."""
    if not folder.is_dir():
        raise UsageError(f"--fingerprints {folder}: there is no such folder")
    paths = sorted(folder.glob("*.toml")) + sorted((folder / "makers").glob("*.toml"))
    if not paths:
        raise UsageError(f"--fingerprints {folder}: no *.toml in it, nor in its makers/")
    try:
        return [(str(path), path.read_bytes()) for path in paths]
    except OSError as error:
        raise UsageError(f"--fingerprints {folder}: {error.filename}: {error.strerror}") from error


def extended(rules: RuleSet, sources: Sequence[tuple[str, bytes]]) -> RuleSet:
    """`rules` and the given files. DataError where a file contradicts one that is there."""
    files = list(rules.files)
    lists = rules.lists | read_lists(sources)
    for name, data in dict(sources).items():
        file = parse_file(name, data, lists)
        _agrees(file, files)
        _compiles(file)
        files.append(file)
    contents = sorted(sha256(data).hexdigest() for _, data in dict(sources).items())
    both = joined(rules, rule_set(files[len(rules.files) :], ""), _digest(rules.digest, *contents))
    unique_ids(both)
    return both


def _compiles(file: MakerFile) -> None:
    """What RE2 does not accept is told at once, and not when a text first calls for the rule."""
    for rule in file.fingerprints:
        compile_pattern(rule)
        if rule.unless:
            compile_unless(rule)


def _agrees(file: MakerFile, files: Sequence[MakerFile]) -> None:
    """One spelling is one name with one role, whoever wrote the file."""
    if not file.name:
        return
    known = {fold(name): other for other in files for name in (other.name, *other.spellings) if name}
    for name in (file.name, *file.spellings):
        other = known.get(fold(name))
        if other is None:
            continue
        if other.name != file.name:
            raise DataError(
                f"{file.file}: [maker] {name!r} is a spelling of {other.name!r} in {other.file}: "
                f'to say more of that maker, write name = "{other.name}"'
            )
        if other.role != file.role:
            raise DataError(
                f'{file.file}: [maker] role of {file.name!r} is "{other.role}" in {other.file}, not "{file.role}"'
            )


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()
