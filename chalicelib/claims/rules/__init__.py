"""Claims: what a buyer may ask for, how it is negotiated, proved, decided, paid and ended. Pure.

`reasons` `eligibility` `evidence` `verdict`   what a claim is judged by
`claim` `context` `transitions` `timers` `changing`   its form, and how it changes
`negotiation` `agreeing`                        between the parties
`officers` `proving` `files` `inspecting` `cases` `deciding` `appealing` `undisputed`   with an officer
`paying` `arriving`                             money back, and what banks say of it
"""
