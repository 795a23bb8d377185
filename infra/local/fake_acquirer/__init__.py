"""A partner acquirer beside `make run`: it takes payments that buyers begin, and can be told to decline, to be late, to charge back.

`core`    what it does and tells of that
`server`  the fake bank's line to the service, with an acquirer behind it
"""
