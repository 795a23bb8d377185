"""Use-cases of the supplier programme.

`cover`       what orders, claims and recoveries do to a supplier's cover
`money`       its balance, its bank accounts, payouts
`programme`   joining, leaving, suspension, the monthly recomputation
`penalties`   points and their appeals
`reading`     a supplier, lists of them, what would raise a limit
`storefront`  the public figures
`badge`       the signed statement about them
"""
