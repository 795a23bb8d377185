"""What is known of trade and activity, and what it adds up to by member and day. Pure.

`trades`    a trade fact, how a later telling of it may differ, what it counts for
`activity`  logins, profile changes, inquiries and their replies
`claims`    a claim fact: filed, closed, lost
`days`      the day row, and sums of day rows
`reading`   facts out of strings, as files and feeds bring them
"""
