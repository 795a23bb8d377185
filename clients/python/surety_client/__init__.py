"""Surety from Python: every call of the API, its forms with types, and what a client needs around them."""

from surety_client.client import Surety
from surety_client.listing import Listing
from surety_client.problems import Problem, SuretyError, Unreachable
from surety_client.retrying import Retries
from surety_client.sandbox import SandboxToken
from surety_client.uploads import upload
from surety_client.webhooks import NotGenuine, opened

__all__ = [
    "Listing",
    "NotGenuine",
    "Problem",
    "Retries",
    "SandboxToken",
    "Surety",
    "SuretyError",
    "Unreachable",
    "opened",
    "upload",
]
