"""Use-cases of recoveries.

`commands`     what suppliers and officers do
`reading`      recoveries, lists, timelines
`subscribers`  what journal entries bring about: advances, debits carried out
"""
