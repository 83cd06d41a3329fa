"""`camcensus pack`, `verify`, `stamp`, `key`: evidence that stands up later, elsewhere. Nothing is sent."""

from __future__ import annotations

import getpass
import os
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.exits import Exit
from scanner.cli.output import result, say
from scanner.models import DataError, Inventory, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from scanner.cli.rules_options import Extras
    from scanner.pack.verify import Check

keys = typer.Typer(no_args_is_help=True, help="Keys that sign evidence packs (OpenSSH's own form).")
_PASSPHRASE = "CAMCENSUS_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable


def pack(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that a sweep, listen or import wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The pack to write (a ZIP file).")],
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="Sign with this private key (`camcensus key new`, or an SSH key)."),
    ] = None,
    operator: Annotated[
        str | None, typer.Option("--operator", metavar="NAME", help="Who answers for it; your user name by default.")
    ] = None,
    clock_offset: Annotated[
        float | None,
        typer.Option(
            "--clock-offset", metavar="SECONDS", help="How far ahead of true time this host's clock was found."
        ),
    ] = None,
    request: Annotated[
        Path | None,
        typer.Option("--timestamp-request", metavar="FILE", help="Write an RFC 3161 request for an authority, too."),
    ] = None,
) -> None:
    """Put a run into one file: evidence, inventory, report, what judged it, and a manifest with SHA-256 of each."""
    from scanner.cli.run_files import read_run
    from scanner.data import data_folder
    from scanner.pack.build import Packer, build, knowledge_files
    from scanner.pack.manifest import OWN
    from scanner.runs import EVIDENCE, STATE, write_whole

    inventory = read_run(run)
    added = _judge_of(run, inventory).files()
    log, state = _read(run / EVIDENCE), run / STATE
    content = build(
        inventory,
        log,
        knowledge_files(data_folder("fingerprints")),
        Packer(operator or getpass.getuser(), shlex.join(["camcensus", *sys.argv[1:]]), clock_offset),
        _private_key(key) if key else None,
        more=[
            *((OWN + name, data) for name, data in added.items()),
            *([(STATE, _read(state))] if state.is_file() else []),
        ],
    )
    say(f"Wrote {write_whole(output, content)} ({len(content)} bytes){'' if key else ', not signed'}")
    if request is not None:
        say(f"Wrote {write_whole(request, _request_of(content))}; send it to an authority, then `camcensus stamp`")


def verify(
    file: Annotated[Path, typer.Argument(metavar="PACK", help="A file that `camcensus pack` wrote.")],
    key: Annotated[
        list[Path] | None,
        typer.Option("--key", metavar="FILE", help="A public key that may have signed it; may be repeated."),
    ] = None,
    authority: Annotated[
        list[Path] | None,
        typer.Option("--tsa", metavar="FILE", help="Root certificate of the time-stamping authority; may be repeated."),
    ] = None,
    derive_again: Annotated[
        bool, typer.Option("--derive/--no-derive", help="Judge the packed evidence again and compare.")
    ] = True,
) -> int:
    """Check a pack, offline: unchanged, signed by whom, and whether its evidence still gives the same inventory."""
    from scanner.pack.sshsig import read_public
    from scanner.pack.verify import Keys, Outcome, verify

    signers = tuple(read_public(_read(path).decode("utf-8", "replace")) for path in key or ())
    trusted = Keys(signers, tuple(_read(path) for path in authority or ()))
    checks = verify(_read(file), trusted, _derive if derive_again else None)
    result("".join(_line(check) for check in checks))
    failed = any(check.outcome is Outcome.FAILS for check in checks)
    say("The pack does NOT hold." if failed else "What could be checked holds.")
    return Exit.GATE if failed else Exit.DONE


def stamp(
    file: Annotated[Path, typer.Argument(metavar="PACK", help="A file that `camcensus pack` wrote.")],
    reply: Annotated[Path, typer.Argument(metavar="REPLY", help="The authority's answer to its request (.tsr).")],
) -> None:
    """Put an RFC 3161 time stamp of its manifest into a pack."""
    from scanner.pack import archive
    from scanner.pack.manifest import MANIFEST, TIMESTAMP
    from scanner.pack.timestamp import stamped
    from scanner.runs import write_whole

    entries = [entry for entry in archive.read(_read(file)) if entry[0] != TIMESTAMP]
    manifest = dict(entries).get(MANIFEST, b"")
    time, _ = stamped(_read(reply), manifest, ())
    entries.insert(1, (TIMESTAMP, _read(reply)))
    say(f"Wrote {write_whole(file, archive.write(entries))}: its manifest existed at {time}, says the authority")


@keys.command("new")
def new_key(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Private key; the public one is put beside it (.pub)."),
    ] = Path("camcensus.key"),
) -> None:
    """Make a key (Ed25519). A passphrase is taken from CAMCENSUS_KEY_PASSPHRASE, if that is set."""
    from scanner.pack import sshsig

    public = output.with_name(output.name + ".pub")
    for path in (output, public):
        if path.exists():
            raise UsageError(f"{path} is there already, and a key is not made again")
    secret, line = sshsig.new_key(_passphrase(), comment=f"{getpass.getuser()}@camcensus")
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as private:
            private.write(secret)
        public.write_text(line, "utf-8")
    except OSError as error:
        raise UsageError(f"can't write {output}: {error.strerror}") from error
    thumbprint = sshsig.thumbprint(sshsig.read_public(line))
    say(f"Wrote {output} (keep it) and {public} (give it to whoever verifies): {thumbprint}")


def _judge_of(run: Path, inventory: Inventory) -> Extras:
    """What the user added to what judged the run. A pack holds all that judged, so this installation must be it."""
    from scanner.cli.judging_options import Judging
    from scanner.cli.rules_options import Extras, extras_of

    extras = extras_of(run, inventory, Extras())
    day = date.fromisoformat(inventory.sweep.as_of)
    now = Judging((), (), day).or_that_of(inventory.sweep.policy, inventory.sweep.basis).context(extras).tool()
    if (now.fingerprints, now.registry) != (inventory.tool.fingerprints, inventory.tool.registry):
        raise UsageError(
            f"{run} was judged with other fingerprints or lists than this installation has: judge it again first "
            f"(camcensus report {run} --rejudge --format json -o {run}/inventory.json), or pack it where it was judged"
        )
    return extras


def _derive(folder: Path, log: bytes, packed: Inventory) -> Inventory:
    """The packed evidence, judged with the packed fingerprints, lists, own rules and pins, policy and day."""
    import io

    import msgspec

    from scanner.cli.rules_options import Extras
    from scanner.derive import Context, build_inventory, derive_devices, once
    from scanner.identify.rules import load_fingerprints
    from scanner.models.evidence import capped_lines, read_lines
    from scanner.pack.manifest import KNOWLEDGE, OWN

    sweep, own = packed.sweep, Extras.packed(folder / OWN)
    rules = own.rules(load_fingerprints(folder / KNOWLEDGE))
    context = Context.load(
        sweep.policy, date.fromisoformat(sweep.as_of), folder=folder / KNOWLEDGE, rules=rules, pins=own.pinned(),
        basis=sweep.basis,
    )  # fmt: skip
    devices = derive_devices(
        once(read_lines(capped_lines(io.BytesIO(log)))), context, merge=bool(sweep.options.get("merge", True)),
        problem=lambda _problem: None,
    )  # fmt: skip
    made = build_inventory(devices, context, sweep, packed.coverage)
    # Another version may verify: what is compared is the judgement.
    return msgspec.structs.replace(made, tool=msgspec.structs.replace(made.tool, version=packed.tool.version))


def _line(check: Check) -> str:
    from scanner.text import clean

    return f"{check.outcome.value:6} {check.what}: {clean(check.text, 400)}\n"


def _request_of(content: bytes) -> bytes:
    from scanner.pack import archive
    from scanner.pack.manifest import MANIFEST
    from scanner.pack.timestamp import request

    return request(dict(archive.read(content))[MANIFEST])


def _private_key(path: Path) -> Ed25519PrivateKey:
    from scanner.pack.sshsig import load_key

    try:
        return load_key(_read(path), _passphrase())
    except UsageError as error:
        raise UsageError(f"{path}: {error}. A passphrase is taken from {_PASSPHRASE}") from error


def _passphrase() -> bytes | None:
    return os.environ.get(_PASSPHRASE, "").encode() or None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"can't read {path}: {error.strerror}") from error
