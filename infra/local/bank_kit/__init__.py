"""The conformance kit: whether a bank or an acquirer keeps to the protocol, or we do. `make bank-kit` tries the fake bank, `make bank-kit URL=…`
another; `make acquirer-kit` does so with acquirers.

`platform`   plays us to a bank: signed messages in four orders, a mirror of what the bank tells, its books beside ours
`acquirer`   plays us to an acquirer, in the same four orders
`service`    plays a bank to us: the events of a loan in four orders, our figures beside the bank's

In each order the books of both sides have to have the same hash, which is printed.
"""
