"""Other generators of clients read the document unaided, and what they make of it is whole: it imports, it compiles."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

import pytest

from infra.clients.typescript_client import COMPILER, NoNode, node, run
from tests.api.api_requests import document

JAR: Final = "openapi-generator.jar"
CHEAPLY: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmn256m")
WITHOUT_PAGES: Final = dict.fromkeys(("modelDocs", "apiDocs", "modelTests", "apiTests"), "false") | dict.fromkeys(
    ("models", "apis", "supportingFiles"), ""
)
STRICT: Final = {
    "strict": True,
    "noEmit": True,
    "target": "es2022",
    "module": "es2022",
    "moduleResolution": "bundler",
    "lib": ["es2022", "dom"],
    "types": [],
}
PATIENCE_SECONDS: Final = 600


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("document") / "openapi.json"
    file.write_text(json.dumps(document()))
    return file


def generated(source: Path, folders: dict[str, Path], folder: Path) -> None:
    """By openapi-generator, which says of what it cannot read that it cannot: into a folder for each language, by one machine of Java."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("there is no Java here: make test installs it where it may")
    jar = next(file for file in distribution("openapi-generator-cli").files or () if file.name == JAR)
    asked = [
        {
            "generatorName": language,
            "inputSpec": str(source),
            "outputDir": str(into),
            "globalProperties": WITHOUT_PAGES,
        }
        for language, into in folders.items()
    ]
    files = [folder / f"{number}.json" for number in range(len(asked))]
    for file, one in zip(files, asked, strict=True):
        file.write_text(json.dumps(one))
    ran = subprocess.run(
        [java, *CHEAPLY, "-jar", str(jar.locate()), "batch", "-r", "1", "--fail-fast", *map(str, files)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    output = ran.stdout + ran.stderr
    assert ran.returncode == 0, output[-3000:]
    assert [line for line in output.splitlines() if "ERROR" in line] == []


@pytest.mark.slow
def test_openapi_generator_makes_clients_of_it_that_are_whole(source: Path, tmp_path: Path) -> None:
    """One in Python whose modules are Python, and one in TypeScript that compiles."""
    python, typescript = tmp_path / "python", tmp_path / "typescript"
    folders, missing = {"python": python, "typescript-fetch": typescript}, ""
    try:
        node()
    except NoNode as said:
        missing = str(said)
        del folders["typescript-fetch"]
    generated(source, folders, tmp_path)

    modules = list((python / "openapi_client" / "models").glob("*.py"))
    assert len(modules) > 600
    assert len(list((python / "openapi_client" / "api").glob("*_api.py"))) == len(document()["tags"])
    for module in modules:
        compile(module.read_text(), str(module), "exec")

    if missing:
        pytest.skip(missing)
    (typescript / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICT, "include": ["**/*.ts"]}))
    run(COMPILER, "-p", str(typescript))


def test_openapi_python_client_leaves_nothing_out_but_pictures(source: Path) -> None:
    """In a process of its own, without the templates and names of the client here."""
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from openapi_python_client.config import Config, ConfigFile, MetaType\n"
        "from openapi_python_client.parser import GeneratorData\n"
        "config = Config.from_sources(ConfigFile(), MetaType.NONE, Path('x'), 'utf-8', False, None)\n"
        "told = GeneratorData.from_dict(json.loads(Path(sys.argv[1]).read_text()), config=config)\n"
        "errors = [*told.errors, *(e for c in told.endpoint_collections_by_tag.values() for e in c.parse_errors)]\n"
        "print(json.dumps([str(error.detail) for error in errors]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(source)], capture_output=True, text=True, check=True)
    left_out = json.loads(ran.stdout)
    assert [said for said in left_out if "image/svg+xml" not in said] == []
