"""`make demo`: what Surety does, from a marketplace's trade history to the closed books, printed as it happens.

Starts a service of its own on a free port with an empty world, speaks to it over HTTP only, and ends it. The history is the invented one of
`examples/`; `make demo ARGS="--history FILE"` takes another, whose suppliers qualify on 1 January 2018.

`protection`   one protected order
`claims`       with `--all`: a late shipment, advanced and recovered; a quality claim with an inspection and an appeal
`credit`       `make demo ARGS=credit`: export credit, from customs declarations to a repaid loan
`guarantee`    `make demo ARGS=guarantee`: firms that stand for one another, from their group to the last fen of a call
`deposits`     with `--all`: a rulebook, first trading days, a month, a violation, a deduction, a release
"""
