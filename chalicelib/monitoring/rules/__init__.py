"""What the daily run concludes of a firm that has drawn a loan. Pure; sources of the rules: credit.md 7 and 17.

`policy`    the parameters, in versions
`day`       a business day: which days count, and of which the data lack
`baseline`  what was usual for a firm before its first draw, frozen then
`facts`     what is known of a firm and loan at the end of a business day
`finding`   what a rule concludes: level, numbers, chance of a false alarm; or that it cannot judge
`judging`   all rules on one loan, on one group, on the feeds
"""
