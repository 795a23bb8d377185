"""Use-cases of seller deposits.

`days`         opening a deposit, the days of trade that ride on it
`money`        payments, releases, deductions by officers, what insurers pay
`claims`       what a deposit gives for a claim
`commands`     violations, markets, insurance, holds, corrections, closing, reopening
`subscribers`  what the journal says: debits carried out, money taken by claims
`reading`      a deposit with its working, statements, what would be
"""
