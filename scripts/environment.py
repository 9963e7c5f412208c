"""A virtual environment below target/ with packages from PyPI, for the scripts that try this project's packaging."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_TRIED = 3  # the exit code of a script that could not get what it needs


def programs(folder: Path) -> Path:
    """The folder of an environment's programs."""
    return folder / ("Scripts" if os.name == "nt" else "bin")


def fresh(folder: Path) -> Path:
    """An empty environment in `folder`; its folder of programs."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return programs(folder)


def with_packages(name: str, *packages: str) -> Path:
    """An environment with `packages`, kept for the next time; its folder of programs."""
    folder = ROOT / "target" / "environments" / name
    done = folder / "packages.txt"
    wanted = "\n".join([str(folder), sys.base_prefix, sys.version, *packages])
    if not done.exists() or done.read_text() != wanted:
        fetch([fresh(folder) / "python", "-m", "pip", "install", "--quiet", *packages])
        done.write_text(wanted)
    return programs(folder)


def fetch(command: list, **options) -> None:
    """Runs a command that needs a package registry; where there is none, the script ends and says so."""
    if subprocess.run(command, **options).returncode != 0:
        print(f"not tried: `{' '.join(map(str, command))}` failed; is a package registry in reach?", file=sys.stderr)
        sys.exit(NOT_TRIED)


def enter(name: str, *packages: str) -> Path:
    """Goes on in an environment with `packages`, so that the script may import them; its folder of programs."""
    folder = with_packages(name, *packages)
    if Path(sys.prefix).resolve() != folder.parent.resolve():
        os.execv(folder / "python", [str(folder / "python"), *sys.argv])
    return folder
