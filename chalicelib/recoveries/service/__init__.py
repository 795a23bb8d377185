"""Use-cases of recoveries.

`following`  what the journal says: advances, debits carried out
`commands`   what suppliers and officers do
`reading`    recoveries, lists, timelines
`settling`   what falls due, set-offs, and how a step is carried out
`standing`   the supplier's place in the programme
"""
