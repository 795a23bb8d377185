"""Write the whole site: into a folder for any file server, with an `index.html`, or into a zip to be packed with the code.

python -m infra.site build/site https://api.example.com
python -m infra.site chalicelib/documentation/site.zip
"""

from __future__ import annotations

import os
import sys
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

from chalicelib.documentation.service import BASE_URL
from chalicelib.shared.http import encode

SINCE_1980: Final = (1980, 1, 1, 0, 0, 0)
HTML: Final = ".html"


def packed(archive: Path) -> None:
    """All files, byte for byte the same each time. An archive that is there is whole."""
    from infra.site.site import Site

    site, content = Site(), BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as written:
        for path in sorted(site.paths()):
            entry = zipfile.ZipInfo(path, SINCE_1980)
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, site.read(path) or b"")
    unfinished = archive.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(content.getvalue())
    unfinished.replace(archive)


def as_files(folder: Path, base_url: str) -> None:
    """Pages whose links lead to each other as files; `index.html` is the front page, and the API document stands beside them."""
    from infra.site.site import Site

    site = Site(suffix=HTML, base_url=base_url)
    files = {file_of(path): site.read(path) or b"" for path in site.paths()}
    files |= {"index.html": files["docs.html"], "v1/openapi.json": encode(site.document)}
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def file_of(path: str) -> str:
    return path if PurePosixPath(path).suffix else path + HTML


if __name__ == "__main__":
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    target = Path(sys.argv[1])
    if target.suffix == ".zip":
        packed(target)
    else:
        as_files(target, sys.argv[2] if len(sys.argv) > 2 else BASE_URL)
