"""A portfolio for a terminal, as Markdown, CSV, JSON, and as one HTML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scanner.models import Status
from scanner.models.portfolio import Portfolio, SiteSummary
from scanner.report.csv import table as csv_table
from scanner.report.html import template
from scanner.report.markdown import literal
from scanner.report.table import output, paper, styled
from scanner.report.words import STATUS_LABEL
from scanner.text import clean

if TYPE_CHECKING:
    from rich.console import RenderableType

_SHOWN = (Status.LISTED, Status.REVIEW, Status.UNDETERMINED, Status.NOT_LISTED)
_DEVICE = (
    "site",
    "host",
    "status",
    "kind",
    "brand",
    "maker",
    "model",
    "firmware",
    "serial",
    "mac",
    "instruments",
    "why",
)


def sentence(portfolio: Portfolio) -> str:
    """The numbers in one sentence: of sites and of devices, and of nothing that was not swept."""
    sites = len(portfolio.sites)
    listed = portfolio.sites_with.get(Status.LISTED.value, 0)
    share = f" ({listed / sites:.0%})" if sites else ""
    cameras = sum(site.cameras for site in portfolio.sites)
    devices = ", ".join(f"{portfolio.totals.get(status.value, 0)} {STATUS_LABEL[status]}" for status in _SHOWN)
    named = f"{listed} of {sites} swept sites{share} have at least one listed device"
    return f"{named}; {cameras} cameras and recorders: {devices}."


def site_line(site: SiteSummary) -> str:
    """What was reached at one site."""
    reach = f"{site.answered} of {site.addresses} addresses answered" if site.addresses else "recorded evidence"
    return f"{reach}, {site.finished[:10]}" + ("" if site.complete else ", NOT complete")


def render_portfolio_json(portfolio: Portfolio) -> bytes:
    """The portfolio, indented; the same input gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(portfolio, order="deterministic"), indent=1) + b"\n"


def render_portfolio_csv(portfolio: Portfolio) -> str:
    """One row a device, the site first."""
    rows = []
    for device in portfolio.devices:
        values = msgspec.structs.asdict(device) | {"instruments": ", ".join(device.instruments)}
        rows.append([None if values[key] is None else clean(str(values[key]), 2000) for key in _DEVICE])
    return csv_table(_DEVICE, rows)


def render_portfolio(portfolio: Portfolio, *, width: int = 120, color: bool = False) -> str:
    """What was not reached, then a line a site, then makers, then the numbers."""
    console = paper(width, color)
    for note in portfolio.notes:
        console.print(styled(f"! {note}", "yellow"))
    console.print(_sites(portfolio))
    for maker, count in sorted(portfolio.makers.items(), key=lambda item: (-item[1], item[0])):
        console.print(styled(f"{maker}: {count} at {portfolio.makers_at[maker]} of {len(portfolio.sites)} sites"))
    console.print(styled(sentence(portfolio), "bold"))
    return output(console)


def render_portfolio_markdown(portfolio: Portfolio) -> str:
    """Notes, the numbers, a row a site, a row a maker."""
    lines = ["# Cameras of all sites", ""]
    lines += [f"- {literal(note, 600)}" for note in portfolio.notes]
    lines += ["", f"**{sentence(portfolio)}**", ""]
    heads = " | ".join(STATUS_LABEL[status] for status in _SHOWN)
    lines += [f"| Site | Reached | Cameras | {heads} |", f"|---|---|{'---|' * (1 + len(_SHOWN))}"]
    for site in portfolio.sites:
        counts = " | ".join(str(site.statuses[status.value]) for status in _SHOWN)
        lines.append(f"| {literal(site.site)} | {literal(site_line(site))} | {site.cameras} | {counts} |")
    lines += ["", "| Maker | Cameras | Sites |", "|---|---|---|"]
    for maker, count in sorted(portfolio.makers.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"| {literal(maker)} | {count} | {portfolio.makers_at[maker]} |")
    return "\n".join(lines) + "\n"


def render_portfolio_html(portfolio: Portfolio) -> str:
    """One file without script or network."""
    makers = sorted(portfolio.makers.items(), key=lambda item: (-item[1], item[0]))
    return template("portfolio.html.j2").render(
        portfolio=portfolio, sentence=sentence(portfolio), site_line=site_line, shown=_SHOWN, labels=STATUS_LABEL,
        makers=makers, most=max(portfolio.makers.values(), default=1),
    )  # fmt: skip


def _sites(portfolio: Portfolio) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("Site", overflow="fold", max_width=28)
    table.add_column("Reached", overflow="fold", max_width=42)
    for head in ("Cameras", *(STATUS_LABEL[status] for status in _SHOWN)):
        table.add_column(head, justify="right")
    for site in portfolio.sites:
        counts = (str(site.statuses[status.value]) for status in _SHOWN)
        table.add_row(styled(site.site), styled(site_line(site)), str(site.cameras), *counts)
    return table
