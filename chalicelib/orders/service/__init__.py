"""Use-cases of protected orders.

`commands`     what buyers, suppliers and banks do with them
`payouts`      what a supplier may draw of its balance
`reading`      orders, lists, money, timelines, cover
`subscribers`  what journal entries bring about: what the day-book is told
"""
