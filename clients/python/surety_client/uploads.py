"""Files: sent straight to storage, with the form that the API signed for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import httpx

from surety_client.problems import SuretyError

TIMEOUT_SECONDS: Final = 600.0


class UploadRefused(SuretyError):
    """Storage did not take the file: it is larger, of another type, or later than the form allows."""


def upload(form: Any, file: Path | bytes) -> None:
    """Send a file with `upload` of the answer that announced it."""
    fields = form if isinstance(form, dict) else form.to_dict()
    content = file.read_bytes() if isinstance(file, Path) else file
    answer = httpx.post(
        fields["url"], data=fields["fields"], files={"file": ("file", content)}, timeout=TIMEOUT_SECONDS
    )
    if not answer.is_success:
        raise UploadRefused(f"{answer.status_code} from storage.")
