"""What consent allows, from the words of domain.md (1.3, 4, 8.18): slow, and apart from the code.

It walks the whole history for each question and knows no ledger.
"""

import datetime as dt

from cases.vocabulary import ConsentScope, DataClass, Use

TODAY = dt.date(2026, 11, 24)
NAME = DataClass.NAME


def last_word(history, person, scope):
    """What was recorded last; but a "no" stands until the person says something else."""
    mine = [row for row in history if row.person_id == person.pk and row.scope == scope]
    word = None
    for row in sorted(mine, key=lambda row: (row.recorded_at, row.pk)):
        spoke = row.status not in {"UNREACHABLE", "EXPIRED", "NOTASKED"}
        word = row if spoke or not says_no(word) else word
    return word


def says_yes(row, tells) -> bool:
    """Granted, with conditions, or by a relative; not past its day; and nothing told that is kept
    back under it."""
    yes = row is not None and row.status in {"GRANTED", "CONDITIONS", "BEHALF"}
    in_time = yes and (row.expires_on is None or row.expires_on >= TODAY)
    return bool(in_time and not [kind for kind in tells if kind in row.withheld])


def says_no(row) -> bool:
    return row is not None and row.status in {"REFUSED", "WITHDRAWN"}


def may_be_kept(history, person) -> bool:
    row = last_word(history, person, "STO")
    not_asked_for_urgency = row is not None and row.status == "NOTASKED"
    return not_asked_for_urgency or says_yes(row, [])


def oracle(history, person, use, tells) -> bool:
    """Domain 1.3: consent is a prerequisite of any action; 4: each level is asked apart."""
    said = {scope: last_word(history, person, scope) for scope in ConsentScope}
    yes = {scope.value for scope, row in said.items() if says_yes(row, tells)}
    no = {scope.value for scope, row in said.items() if says_no(row)}
    named = NAME in tells
    opens = {
        Use.KEEP: True,
        Use.FEEDBACK: True,
        Use.SHARE: "UNI" in yes,
        Use.STATE: "STN" not in no and ("STW" in yes or ("STN" in yes and not named)),
        Use.PUBLISH: "PBN" not in no and ("PBW" in yes or ("PBN" in yes and not named)),
        Use.ADVOCATE: "PBN" not in no and "MED" in yes and ("PBW" in yes or not named),
    }
    return may_be_kept(history, person) and opens[use]
