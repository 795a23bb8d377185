"""Use-cases of what banks tell us.

`applying`    the one effect of each event, made by the consumer of the inbox
`suspending`  money that nothing takes becomes an item in suspense
`resolving`   how it leaves again: allocated, given back, reversed, or by default
"""
