"""The wheel stands by itself: it carries the fingerprints, the registry, the templates and the lab's devices."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EVIDENCE = (
    '{"host":"198.51.100.10","protocol":"http","port":80,"headers":[["Server","App-webs/"]],'
    '"body":"<script>location=\\"/doc/page/login.asp\\"</script>"}\n'
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel, unpacked where no checkout is near."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in (os.fsdecode(name) for name in files if name):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(build, capture_output=True, check=True)
    (wheel,) = folder.glob("camcensus-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "scanner", *arguments],
        input=stdin, capture_output=True, text=True, check=True, cwd=unpacked.parent,
        env={**os.environ, "PYTHONPATH": str(unpacked), "NO_COLOR": "1"},
    )  # fmt: skip


def test_it_judges(unpacked: Path) -> None:
    device = json.loads(run(unpacked, "identify", "-", "--json", "-", stdin=EVIDENCE).stdout)["devices"][0]
    assert (device["maker"], device["status"]) == ("Hikvision", "listed")
    assert "<!doctype html>" in run(unpacked, "identify", "-", "--format", "html", stdin=EVIDENCE).stdout


def test_its_data_are_those_of_the_checkout(unpacked: Path) -> None:
    ours = {p.relative_to(ROOT / "fingerprints") for p in (ROOT / "fingerprints").rglob("*.toml")}
    carried = {p.relative_to(unpacked / "scanner/_data/fingerprints") for p in unpacked.rglob("_data/**/*.toml")}
    assert carried == ours
    code = "import scanner, scanner.data; print(scanner.data.data_folder('fingerprints'))"
    env = {**os.environ, "PYTHONPATH": str(unpacked)}
    found = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, env=env,
                           cwd=unpacked.parent).stdout  # fmt: skip
    assert found.strip().startswith(str(unpacked))


def test_it_has_the_lab_and_the_command(unpacked: Path) -> None:
    assert (unpacked / "scanner/lab/demo.toml").is_file()
    assert list((unpacked / "scanner/lab/devices").glob("*.toml"))
    (entry,) = unpacked.glob("*.dist-info/entry_points.txt")
    assert "camcensus = scanner.cli:main" in entry.read_text()
    (metadata,) = unpacked.glob("*.dist-info/METADATA")
    assert "License-Expression: MIT" in metadata.read_text()


def test_it_carries_its_data_decoded_so_that_even_a_first_start_is_quick(unpacked: Path) -> None:
    code = (
        "import sys, scanner\nfrom scanner.identify.rules import load_fingerprints\n"
        "from scanner.registry import load_registry\n"
        "rules, registry = load_fingerprints(), load_registry()\n"
        "print(scanner.__file__, len(rules.fingerprints) > 1000, 'tomllib' in sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(unpacked), "CAMCENSUS_CACHE": ""}
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, env=env,
                          cwd=unpacked.parent)  # fmt: skip
    assert done.stdout.split() == [str(unpacked / "scanner/__init__.py"), "True", "False"]
