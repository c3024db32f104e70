"""Measures the house at a size: `make bench`. Development only; nothing of the product imports it.

`fill` makes a database of N synthetic allegations, once; `pages` asks every page of every door as
each role, on real processes; `report` says what it cost, beside the bare SQL.
"""
