"""`camcensus fingerprints`: prove them, list them, try them on evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scanner.cli.exits import Exit
from scanner.cli.output import result, say
from scanner.models import UsageError

app = typer.Typer(help="Prove, list and try the fingerprints.", no_args_is_help=True, rich_markup_mode=None)


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
) -> int:
    """Prove every rule: examples match with the captures they state, rejects do not match."""
    from scanner.identify.cases import read_cases
    from scanner.identify.rules import load_files, load_fingerprints
    from scanner.identify.selftest import check as check_rules

    if cases is not None and not cases.is_file():
        raise UsageError(f"--cases {cases}: there is no such file")
    rules = load_files(files, cache=None) if files else load_fingerprints()
    problems = check_rules(rules, read_cases(cases) if cases else ())
    for problem in problems:
        result(f"{problem}\n")
    result(f"{len(rules.fingerprints)} fingerprints in {len(rules.files)} files; problems: {len(problems)}\n")
    return Exit.GATE if problems else Exit.DONE


@app.command("list")
def list_rules(
    maker: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Only files whose maker or brand holds this text.")
    ] = "",
) -> None:
    """List makers and brands, with their fingerprints when a NAME is given."""
    from scanner.identify.rules import load_fingerprints

    rules = load_fingerprints()
    wanted = maker.casefold()
    for file in sorted(rules.files, key=lambda f: (f.name.casefold(), f.file)):
        if wanted not in (file.name or file.file).casefold():
            continue
        own = [rule for rule in rules.fingerprints if rule.file == file.file]
        result(f"{file.name or '(generic)'}  {file.role or 'generic'}  {len(own)} fingerprints\n")
        if wanted:
            for rule in own:
                claims = ", ".join(f"{k}={v}" for k, v in sorted(rule.claims.items()))
                result(
                    f"  {rule.id}  {', '.join(rule.where)}  {claims}\n    {rule.pattern}\n    source: {rule.source}\n"
                )


@app.command("try")
def try_rules(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Evidence as JSON Lines; - is standard input.")],
) -> None:
    """Show which fingerprints match a piece of evidence, where, and what they capture."""
    import sys

    from scanner.identify.match import Matcher
    from scanner.identify.rules import load_fingerprints
    from scanner.identify.selftest import try_evidence
    from scanner.models import Evidence
    from scanner.models.evidence import capped_lines, read_lines
    from scanner.runs import read_evidence
    from scanner.text import clean

    records = read_lines(capped_lines(sys.stdin.buffer)) if str(file) == "-" else read_evidence(file)
    evidence = []
    for record in records:
        if isinstance(record, Evidence):
            evidence.append(record)
        else:
            say(f"{file}:{record.line}: skipped: {record.reason}")
    matches = try_evidence(Matcher(load_fingerprints()), evidence)
    for match in matches:
        values = ", ".join(f"{k}={clean(v)}" for k, v in sorted(match.values.items()))
        result(f"{match.rule}  {match.place}: “{clean(match.text, 200)}”\n  {values}\n")
    say(f"{len(matches)} matches in {len(evidence)} pieces of evidence")
