"""Builds what is deployed: `build/<stage>/sam.yaml` and the zip it names.

    python -m infra.package --stage prod --out build

Chalice packs a clean copy of the sources; `infra/merge.yaml` is laid over its template. The zip is opened, pip adds the pinned, hashed
requirements in the form that Lambda's Python and processor take, and all of it is made fit for a fast start: botocore's descriptions of
services we do not call go, and what libraries do at each start for nobody (`infra/lighter.py`), its roots of trust are laid out to be read one by one, bytecode comes in (Lambda's folder is read-only, so
that without it every cold start compiles everything), and so do regular expressions, compiled. The pages of the documentation come in made.
Then it is closed again byte for byte the same each time.

Lambda runs Python 3.13, whatever runs here. Bytecode is made by an interpreter of that version: the one that LAMBDA_PYTHON names, this
one, `python3.13` on the PATH, or one that pyenv keeps.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

from infra import lighter, patterns, roots, templates

ROOT: Final = Path(__file__).parent.parent
SOURCES: Final = ("app.py", "chalicelib", ".chalice")
SITE: Final = "chalicelib/documentation/site.zip"
SERVED: Final = {"docs/verify_badge.py": "chalicelib/showcase"}
"""Files that are served to people, and the folder that each is served from."""
REQUIREMENTS: Final = ROOT / "requirements.txt"
RUNTIME: Final = "3.13"
PLATFORMS: Final = {
    "arm64": ("manylinux_2_34_aarch64", "manylinux_2_28_aarch64", "manylinux2014_aarch64"),
    "x86_64": ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64"),
}
"""What wheels may be made for, by Lambda's processor: its Linux has glibc 2.34."""
NOT_NEEDED: Final = ("__pycache__", "tests", "*.pyi", "*.pxd", "*.c", "*.h", "bin", "py.typed")
CHALICE: Final = "import sys, yaml; yaml.SafeDumper = getattr(yaml, 'CSafeDumper', yaml.SafeDumper); from chalice.cli import main; sys.exit(main())"
"""It writes YAML by libyaml where PyYAML came with it."""
SINCE_1980: Final = (1980, 1, 1, 0, 0, 0)


class NotPacked(Exception):
    """The package would not work; the message says why."""


def package(
    stage: str, out: Path, *, architecture: str | None = None, interpreter: str | None = None, trimmed: bool = True
) -> Path:
    """The folder with `sam.yaml` and `deployment.zip`.

    `architecture` overrides the one in .chalice/config.json; `interpreter` is the Python to pack for, where it is to be another than Lambda's.
    """
    python = interpreter or lambda_python()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        project, packed, opened = Path(scratch, "project"), Path(scratch, "packed"), Path(scratch, "opened")
        config = _copy_sources(project, architecture)
        _run_chalice(project, packed, stage)
        with zipfile.ZipFile(packed / "deployment.zip") as archive:
            archive.extractall(opened)
        add_requirements(opened, REQUIREMENTS, version_of(python), config["lambda_architecture"])
        if trimmed:
            trim(opened)
            compile_all(opened, python)
            add_patterns(opened / patterns.FILE, python)
        add_site(opened / SITE, config["stages"][stage])
        close(opened, out / "deployment.zip")
        (out / "sam.yaml").write_text(_template(packed / "sam.yaml"))
    return out


def lambda_python() -> str:
    """An interpreter of the version that Lambda runs. NotPacked where there is none."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    beside = sorted(str(path) for path in kept.glob(f"{RUNTIME}.*/bin/python{RUNTIME}"))
    named = os.environ.get("LAMBDA_PYTHON")
    for candidate in filter(None, (named, sys.executable, f"python{RUNTIME}", *beside)):
        if version_of(candidate) == RUNTIME:
            return candidate
    raise NotPacked(f"Lambda runs Python {RUNTIME}, and there is none here. Install it, or name it: LAMBDA_PYTHON=…")


def version_of(python: str) -> str:
    """The version of an interpreter, `3.13`; nothing where it does not run."""
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - ours
    except OSError:
        return ""


def add_requirements(opened: Path, requirements: Path, version: str, architecture: str) -> None:
    """Install what is pinned as wheels for that Python and processor. NotPacked where one is missing or is not what was pinned."""
    chosen = ["--require-hashes", "--only-binary=:all:", "--implementation", "cp", "--python-version", version]
    platforms = [f"--platform={platform}" for platform in PLATFORMS[architecture]]
    command = ["install", "--quiet", "--no-deps", "--no-compile", "--target", str(opened), "-r", str(requirements)]
    process = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pip", *command, *chosen, *platforms], capture_output=True, text=True, check=False
    )
    if process.returncode:
        raise NotPacked(f"the requirements did not get into the package:\n{process.stderr[-3000:]}")


def add_patterns(file: Path, python: str) -> None:
    """Regular expressions, compiled by Lambda's Python. NotPacked where it could not."""
    try:
        file.write_bytes(patterns.compiled(python))
    except subprocess.CalledProcessError as why:
        raise NotPacked(f"the regular expressions could not be compiled:\n{why.stderr.decode()[-3000:]}") from None


def add_site(archive: Path, stage: dict[str, Any]) -> None:
    """The documentation, made now: no function makes a page. It says of the sandbox what the stage has of one."""
    process = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "infra.site", str(archive)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1", **stage["environment_variables"]},
    )
    if process.returncode:
        raise NotPacked(f"the documentation could not be made:\n{process.stderr[-3000:]}")


def trim(opened: Path) -> None:
    """Take out what nothing in Lambda reads."""
    for pattern in NOT_NEEDED:
        for path in list(opened.rglob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.rmtree(opened / "boto3" / "data")  # resources, which nobody uses: clients stand on botocore's descriptions
    trim_botocore(opened / "botocore" / "data")
    roots.spread((opened / "botocore" / "cacert.pem").read_bytes(), opened / "botocore" / "roots")
    try:
        lighter.lighten(opened)
    except lighter.Unlike as why:
        raise NotPacked(str(why)) from None


def trim_botocore(data: Path) -> None:
    """Keep the services we call, without their prose, and unpacked: what is left is read at each cold start."""
    for service in data.iterdir():
        if service.is_dir() and service.name not in lighter.SERVICES_CALLED:
            shutil.rmtree(service)
    for file in sorted(data.rglob("*.json*")):
        model = json.loads(gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes())
        file.unlink()
        if not file.name.startswith("examples-"):
            kept = _only_called(model) if file.name == "endpoints.json" else _without_prose(model)
            file.with_name(file.name.removesuffix(".gz")).write_text(json.dumps(kept, separators=(",", ":")))


def _only_called(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        partition["services"] = {
            name: service for name, service in partition["services"].items() if name in lighter.SERVICES_CALLED
        }
    return endpoints


def _without_prose(model: Any) -> Any:
    """A description of a service without its documentation: texts, not members that happen to be called so."""
    if isinstance(model, list):
        return [_without_prose(inner) for inner in model]
    if not isinstance(model, dict):
        return model
    kept = {
        name: _without_prose(inner)
        for name, inner in model.items()
        if name != "documentation" or not isinstance(inner, str)
    }
    for parameter in kept.get("clientContextParams", {}).values():
        parameter["documentation"] = ""  # which botocore reads without asking whether it is there
    return kept


def compile_all(opened: Path, python: str) -> None:
    """Bytecode that is taken as it is, with the paths it will have in Lambda and nothing that differs between two runs."""
    command = [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    where = ["-s", str(opened), "-p", "/var/task", str(opened)]
    subprocess.run(  # noqa: S603 - our own command
        [*command, *where], check=True, env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONNODEBUGRANGES": "1"}
    )


def close(opened: Path, archive: Path) -> None:
    """A zip that depends on its contents only."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for file in sorted(path for path in opened.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(str(file.relative_to(opened)), SINCE_1980)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(info, file.read_bytes())


def _copy_sources(project: Path, architecture: str | None) -> dict[str, Any]:
    """Chalice's project, without requirements: pip adds them. Returns its configuration."""
    project.mkdir()
    (project / "requirements.txt").touch()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, project / name, ignore=shutil.ignore_patterns("__pycache__", "deployed", "deployments")
            )
        else:
            shutil.copy(source, project / name)
    for served, folder in SERVED.items():
        shutil.copy(ROOT / served, project / folder)
    file = project / ".chalice" / "config.json"
    config: dict[str, Any] = json.loads(file.read_text()) | (
        {"lambda_architecture": architecture} if architecture else {}
    )
    file.write_text(json.dumps(config))
    return config


def _run_chalice(project: Path, packed: Path, stage: str) -> None:
    command = ["--project-dir", str(project), "package", "--stage", stage, "--template-format", "yaml"]
    process = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", CHALICE, *command, "--merge-template", str(ROOT / "infra" / "merge.yaml"), str(packed)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")},
    )
    if process.returncode:
        raise NotPacked(f"chalice could not package the application:\n{(process.stdout + process.stderr)[-3000:]}")


def _template(file: Path) -> str:
    """Chalice's template, for Lambda's Python instead of the one Chalice ran under."""
    template = templates.read(file)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Runtime"] = f"python{RUNTIME}"
    return templates.written(template)


def main() -> None:
    parser = argparse.ArgumentParser(description="Build what is deployed.")
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    given = parser.parse_args()
    try:
        folder = package(given.stage, given.out / given.stage)
    except NotPacked as why:
        sys.exit(str(why))
    size = (folder / "deployment.zip").stat().st_size / 1e6
    sys.stdout.write(f"{folder / 'sam.yaml'}\n{folder / 'deployment.zip'}  {size:.1f} MB\n")


if __name__ == "__main__":
    main()
