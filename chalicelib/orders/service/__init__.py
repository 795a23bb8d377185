"""Use-cases of protected orders.

`commands`   what buyers, suppliers and banks do with them
`payouts`    what a supplier may draw of its balance
`reading`    orders, lists, money, timelines, cover
`settling`   what falls due, and how a step is carried out
"""
