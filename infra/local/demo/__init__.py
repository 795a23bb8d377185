"""`make demo`: what Surety does, from a marketplace's trade history to the closed books, printed as it happens.

Starts a service of its own on a free port with an empty world, speaks to it over HTTP only, and ends it. The history is
`../shared/data/trade_history_2016_2017.csv` beside the repository where that is there, and an invented one otherwise, or with
`make demo ARGS=--invented`.

`protection`   one protected order
`claims`       a late shipment, advanced and recovered; a quality claim with an inspection and an appeal
`deposits`     a rulebook, first trading days, a month, a violation, a deduction, a release
"""
