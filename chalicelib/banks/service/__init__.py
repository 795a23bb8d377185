"""Use-cases of partner banks.

`inbox`       taking in what banks send, and finding it again
`outbox`      what entries tell banks to do, carried out; what banks say of it
`operations`  what parties and officers see and do of it
`references`  each reference of a bank is booked once
`transport`   the way to a bank
"""
