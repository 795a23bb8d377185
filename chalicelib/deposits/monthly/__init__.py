"""The monthly run of seller deposits: every seller decided as of the 6th, and the proof of it.

`merkle`       a tree of hashes over a list, and the path from one of its leaves to its root; pure
`certificate`  what a run came to for every seller, in buckets, under one root; the verifier; pure
`outcome`      counts of what a shard decided; pure
`writing`      changed sellers, in groups that split when one is refused
`engine`       one shard: pages in, decisions, changed sellers out, marks to go on from
`service`      when a month begins, what came of it for one seller
`jobs`         the run, its rehearsal on the 5th, and how far the two depart
"""
