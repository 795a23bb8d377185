"""Surety: everything Lambda runs.

A process here imports half a million objects that stay, and then serves small requests. Looking for garbage among them every seven
hundred allocations, Python's default, is a twentieth of a cold start; every hundred thousand is soon enough.
"""

import gc

from chalicelib import later, patterns

gc.set_threshold(100_000, 20, 20)
patterns.take()
later.put_off()
