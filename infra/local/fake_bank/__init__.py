"""A partner bank as a developer of one would write it: `make fake-bank BANK=ccb`.

`books`      what it has lent, and what it is owed, worked out day by day
`core`       what it decides, by rules in a file, and what it tells of that
`mischief`   how its messages come wrong: late, twice, shuffled, contradictory, not at all
`server`     a process on loopback that takes our signed messages and sends its own

It imports nothing of ours: a bank has other code, and other mistakes.
"""
