"""The banks' tables.

`feeds`    what banks are told
`inbox`    what banks tell us
`outbox`   what banks are told to do
"""
