"""F1: round trips and write units of every state-changing endpoint, beside the floor each must keep.

`table`         the floors, and why each is what it is
`stage`         who plays: parties, officers, a bank, a clock, the followers of the journal, and the meter that watches them
`orders`        whole orders, from proposal to completion; joining the programme; a bank's event
`claims`        random claims: settled, sent back, replaced, decided, inspected, appealed in whole or in part, left to the clock
`money`         refunds and debits that banks carry out or fail to; advances and their recovery; a supplier's balance and points
`webhooks`      endpoints and messages
`inbox`         banks' events, and suspended money
`deposits`      a seller's deposit, and the rulebook it follows
`rest`          long terms, and what no story leads to
`cases`         a support case from the complaint to its end
`credit`        what a firm consents to
`applications`  an application to two banks, from its draft to the line it comes to, and the line to its end
`firms`         a firm's profile, from its registration to the erasure of a person
`groups`        groups of guarantors: founded, vetted, parted from
`alerts`        a loan with alerts, as officers and its firm handle them
`channels`      a country channel, nominations for it, and a membership
`listings`      a listing and its stock, and an order of a channel
`cards`         such an order paid by wallet: quote, payment, refund, dispute, settlement
`sanctions`     a loan whose borrower is sanctioned
`trainings`     a training, and one that does not take place
`peer_reports`  a firm that is reported, and the seal of the report
`lending`       draws, and the receivables they are against
`consumers`     what each consumer of the journal writes of what the others left
`servicing`     a loan that its bank tells of, a pause, another schedule
`sealing`       a group's rule sheet, from its proposal to the seal
`calling`       a call on guarantors, from the bank's request to a share that fails
`settling`      claims between members of a group, a rescue, a pool
`whole`         happy orders with everything they cause
`factories`     what the generated requests say
"""

from benchmarks.lambda_events import configure

configure()  # the environment comes before everything that reads it
