"""Use-cases of claims.

`commands`     what buyers and suppliers do: file, negotiate, settle, return, appeal
`evidence`     files: announced, arrived, handed in, fetched
`deciding`     what officers do, and the inspection's fee
`reading`      claims, lists, timelines, decisions, simulations
`subscribers`  what the journal says that concerns claims, and what claims mean for the supplier
"""
