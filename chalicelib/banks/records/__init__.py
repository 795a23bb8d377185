"""The banks' tables.

`inbox`    what banks tell us
`outbox`   what banks are told to do
"""
