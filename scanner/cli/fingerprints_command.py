"""`camcensus fingerprints`: prove them, list them, try them on evidence, draft new ones, read Recog's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.accuracy_command import accuracy
from scanner.cli.exits import Exit
from scanner.cli.output import result, say
from scanner.cli.rules_options import Extras, FingerprintsOption, RecogOption
from scanner.models import UsageError

if TYPE_CHECKING:
    from scanner.identify.rules import RuleSet
    from scanner.models import Evidence

app = typer.Typer(help="Prove, list, try and draft fingerprints.", no_args_is_help=True, rich_markup_mode=None)

EvidenceArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Evidence as JSON Lines; - is standard input.")]


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="TOML files; all packaged ones by default.")
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option(
            "--cases", metavar="FILE", help="Recorded cases: no rule may call one of its non-cameras a camera."
        ),
    ] = None,
    fingerprints: FingerprintsOption = None,
) -> int:
    """Prove every rule: examples match with the captures they state, rejects do not match.

    Files are proved alone; folders of --fingerprints together with the packaged rules, as they are used.
    """
    from scanner.identify.cases import read_cases
    from scanner.identify.selftest import check as check_rules

    if cases is not None and not cases.is_file():
        raise UsageError(f"--cases {cases}: there is no such file")
    rules = _rules_to_check(files, fingerprints)
    problems = check_rules(rules, read_cases(cases) if cases else ())
    for problem in problems:
        result(f"{problem}\n")
    result(f"{len(rules.fingerprints)} fingerprints in {len(rules.files)} files; problems: {len(problems)}\n")
    return Exit.GATE if problems else Exit.DONE


def _rules_to_check(files: list[Path] | None, folders: list[Path] | None) -> RuleSet:
    from scanner.identify.rules import load_files

    if files and folders:
        raise UsageError("name files, or folders with --fingerprints, not both")
    return load_files(files) if files else Extras.given(folders, None).rules()


@app.command("list")
def list_rules(
    maker: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Only files whose maker or brand holds this text.")
    ] = "",
    fingerprints: FingerprintsOption = None,
    recog: RecogOption = None,
) -> None:
    """List makers and brands, with their fingerprints when a NAME is given."""
    rules = Extras.given(fingerprints, recog).rules()
    wanted = maker.casefold()
    for file in sorted(rules.files, key=lambda f: (f.name.casefold(), f.file)):
        if wanted not in (file.name or file.file).casefold():
            continue
        own = file.fingerprints
        result(f"{file.name or file.file}  {file.role or 'generic'}  {len(own)} fingerprints\n")
        if wanted:
            for rule in own:
                claims = ", ".join(f"{k}={v}" for k, v in sorted(rule.claims.items()))
                unless = f"\n    unless {rule.unless}" if rule.unless else ""
                result(
                    f"  {rule.id}  {', '.join(rule.where)}  {claims}\n"
                    f"    {rule.pattern}{unless}\n    source: {rule.source}\n"
                )


@app.command("try")
def try_rules(
    file: EvidenceArgument,
    fingerprints: FingerprintsOption = None,
    recog: RecogOption = None,
) -> None:
    """Show which fingerprints match each record, what none looks at, and what it all comes to."""
    from scanner.cli.trying import conclusion, told
    from scanner.identify.trial import trials

    rules = Extras.given(fingerprints, recog).rules()
    hosts: dict[str, list[Evidence]] = {}
    for record in _evidence(file):
        hosts.setdefault(record.host, []).append(record)
    matches = 0
    for host, records in hosts.items():
        result(f"{host or '(no host)'}\n")
        for number, trial in enumerate(trials(records, rules)):
            matches += len(trial.matches)
            result(told(number, trial, rules))
        result(conclusion(records, rules))
    say(f"{matches} matches in {sum(map(len, hosts.values()))} pieces of evidence of {len(hosts)} hosts")


@app.command("new")
def new_rules(
    file: EvidenceArgument,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="The device, where the file holds several.")
    ] = None,
    maker: Annotated[str, typer.Option("--maker", metavar="NAME", help="Who made it, if you know.")] = "",
    source: Annotated[
        str,
        typer.Option("--source", metavar="TEXT", help="Where its texts were seen: a public URL or repository path."),
    ] = "",
    fingerprints: FingerprintsOption = None,
) -> int:
    """Draft a maker's file from the evidence of one device. It names no maker and no source that you do not give."""
    from scanner.identify.draft import drafts, render

    rules = Extras.given(fingerprints, None).rules()
    records = _one_device(list(_evidence(file)), host)
    found = drafts(_redacted(records, rules), rules)
    if not found:
        say("The evidence says nothing that a rule could rest on: only words that many makers use, hashes or numbers.")
        return Exit.GATE
    result(render(found, maker, source))
    return Exit.DONE


@app.command("recog")
def recog_rules(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Recog's xml/ folder, or its checkout.")],
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="A text to match.")] = None,
    key: Annotated[
        str, typer.Option("--match", metavar="KEY", help="What the text is, such as http_header.server.")
    ] = "",
    prove: Annotated[
        bool, typer.Option("--verify", help="Prove that each example of Recog's is answered as it states.")
    ] = False,
) -> int:
    """Read Recog's databases: list them, match a TEXT as Recog does, or --verify their examples."""
    from scanner.cli.recog_view import matched, overview, verified
    from scanner.identify.recog import read_folder

    databases = read_folder(folder)
    if text is not None:
        found, shown = matched(databases, key, text)
        result(shown)
        return Exit.DONE if found else Exit.GATE
    if prove:
        good, shown = verified(databases)
        result(shown)
        return Exit.DONE if good else Exit.GATE
    result(overview(databases))
    return Exit.DONE


def _evidence(file: Path) -> Iterator[Evidence]:
    """The records of a file; what is no evidence is named and passed over."""
    import sys

    from scanner.models import Evidence
    from scanner.models.evidence import capped_lines, read_lines
    from scanner.runs import read_evidence

    for record in read_lines(capped_lines(sys.stdin.buffer)) if str(file) == "-" else read_evidence(file):
        if isinstance(record, Evidence):
            yield record
        else:
            say(f"{file}:{record.line}: skipped: {record.reason}")


def _one_device(records: list[Evidence], host: str | None) -> list[Evidence]:
    hosts = list(dict.fromkeys(record.host for record in records))
    if host is None and len(hosts) > 1:
        raise UsageError(f"the evidence is of {len(hosts)} hosts: name one with --host (such as {hosts[0]})")
    if host is not None and host not in hosts:
        raise UsageError(f"--host {host}: not in the evidence, which has: {', '.join(hosts[:8]) or 'nothing'}")
    return [record for record in records if host is None or record.host == host]


def _redacted(records: list[Evidence], rules: RuleSet) -> list[Evidence]:
    """The evidence as it may stand in a public file."""
    from scanner.cli.unknowns import pseudonym_key
    from scanner.identify.engine import identify
    from scanner.identify.names import Names
    from scanner.identify.pseudonyms import Pseudonyms
    from scanner.identify.redact import Redactor

    redactor = Redactor(Pseudonyms(pseudonym_key()), Names(rules))
    redactor.device(identify(records, rules))
    return [kept for record in records if (kept := redactor.record(record)) is not None]


app.command()(accuracy)
