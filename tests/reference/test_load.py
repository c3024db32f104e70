from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from cases.models.mechanism import CommunicationRule, Mechanism
from cases.models.state import CouncilTerm, State
from cases.models.template import LetterTemplate
from cases.models.term import Term
from cases.services.reference import Counts, WrongFiles, load_reference

EVERYTHING = 508 + 195 + 345 + 139 + 516 + 8


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def drop_line(path: Path, start: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1, start
    path.write_text("".join(kept), encoding="utf-8")


def test_it_fills_every_table(loaded):
    assert loaded == Counts(created=EVERYTHING)
    assert Term.objects.count() == 508
    assert State.objects.count() == 195
    assert CouncilTerm.objects.count() == 345
    assert Mechanism.objects.count() == 139
    assert CommunicationRule.objects.count() == 516
    assert LetterTemplate.objects.count() == 8


def test_the_second_run_changes_nothing_and_says_so(loaded, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        counts = load_reference()

    assert counts == Counts(unchanged=EVERYTHING)


def test_what_a_file_says_differently_is_changed(loaded, folder):
    edit(folder / "states.csv", "Cabo Verde,Cabo Verde,Cabo Verde", "Cape,Cabo Verde,Cabo Verde")

    counts = load_reference(folder)

    assert counts == Counts(updated=1, unchanged=EVERYTHING - 1)
    assert State.objects.get(pk="CPV").names["en"] == "Cape"


def test_a_term_that_disappears_is_offered_no_more_and_comes_back(loaded, folder):
    drop_line(folder / "terms.csv", "V-ACT,TNR,")

    with time_machine.travel("2026-11-24 12:00"):
        first, second = load_reference(folder), load_reference(folder)
    tomorrow = Term.objects.get(vocabulary="V-ACT", code="TNR")
    third = load_reference()

    assert (first.retired, second.retired, third.updated) == (1, 0, 1)
    assert second.unchanged == EVERYTHING
    assert tomorrow.valid_to == date(2026, 11, 24)
    assert Term.objects.get(vocabulary="V-ACT", code="TNR").valid_to is None


def test_other_rows_that_disappear_are_switched_off_and_come_back(loaded, folder):
    drop_line(folder / "council_terms.csv", "ISL,2018-07-13,")
    drop_line(folder / "communication_rules.csv", "SP-HRD,STM,")

    counts = load_reference(folder)
    off = CouncilTerm.objects.get(active=False), CommunicationRule.objects.get(active=False)
    again = load_reference()

    assert counts.retired == 2
    assert [str(row) for row in off] == ["ISL 2018-07-13 – 2019-12-31", "SP-HRD STM"]
    assert again.updated == 2
    assert not CouncilTerm.objects.filter(active=False).exists()


def test_a_corrected_council_term_does_not_meet_the_one_it_corrects(loaded, folder):
    edit(folder / "council_terms.csv", "ISL,2018-07-13,2019", "ISL,2018-07-14,2019")

    counts = load_reference(folder)

    assert (counts.created, counts.retired) == (1, 1)
    assert not State.objects.get(pk="ISL").on_council(date(2018, 7, 13))


def test_what_an_administrator_changed_here_stays(loaded, folder):
    State.objects.filter(pk="CPV").update(local=True, note="ours")
    Mechanism.objects.create(
        code="OURS", actor="OTH", names={"en": "Ours"}, kind="forum", certainty="known", local=True
    )

    counts = load_reference()

    assert (counts.kept, counts.updated, counts.retired) == (2, 0, 0)
    assert State.objects.get(pk="CPV").note == "ours"


def test_synthetic_states_are_never_touched(loaded):
    ardania = State.objects.create(iso3="XAA", names={"en": "Ardania"}, status="synthetic")
    seat = CouncilTerm.objects.create(
        state=ardania, start=date(2025, 1, 1), end=date(2027, 12, 31), certainty="known"
    )

    counts = load_reference()

    assert counts == Counts(unchanged=EVERYTHING)
    ardania.refresh_from_db()
    seat.refresh_from_db()
    assert (ardania.active, seat.active) == (True, True)


@pytest.mark.parametrize(
    ("file", "old_and_new", "complaint"),
    [
        (
            "states.csv",
            (
                "member,1975,african,Sub-Saharan Africa,Western Africa,\nCRI",
                "membre,1975,african,Sub-Saharan Africa,Western Africa,\nCRI",
            ),
            "states.csv, line 41, column status: Value 'membre' is not a valid choice.",
        ),
        (
            "states.csv",
            (
                "CPV,CV,",
                "XPV,CV,",
            ),
            "states.csv, line 41, column iso3: XAA to XZZ are for synthetic States, "
            "which no file holds",
        ),
        (
            "states.csv",
            (
                "CPV,CV,",
                "CRI,CV,",
            ),
            "states.csv, line 42, column iso3: stands in an earlier line as well",
        ),
        (
            "terms.csv",
            (
                "V-NATURE,REP,2,Reprisal,",
                "V-NATURE,REP,2,,",
            ),
            "terms.csv, line 3, column label_en: is empty",
        ),
        (
            "terms.csv",
            (
                "V-NATURE,REP,2,",
                "V-NATURE,REP,two,",
            ),
            "terms.csv, line 3, column order: “two” value must be an integer.",
        ),
        (
            "terms.csv",
            (
                "vocabulary,code,order",
                "vocabulary,code,rank",
            ),
            "terms.csv, line 2, column order: is missing",
        ),
        (
            "council_terms.csv",
            (
                "ISL,2018-07-13,2019",
                "ISL,2018-07-13,2017",
            ),
            "council_terms.csv, line 219, column end: is not after the start",
        ),
        (
            "council_terms.csv",
            (
                "ISL,2018-07-13,2019-12-31",
                "ISL,2018-07-13,2025-01-01",
            ),
            "council_terms.csv, line 325, column start: overlaps another term of ISL",
        ),
        (
            "council_terms.csv",
            (
                "ISL,2018-07-13",
                "ISL,2018-02-30",
            ),
            "council_terms.csv, line 219, column start: “2018-02-30” value has the correct format "
            "(YYYY-MM-DD) but it is an invalid date.",
        ),
        (
            "mechanisms.csv",
            (
                "SP-PAD,SP,",
                "SP-PAD,SPX,",
            ),
            "mechanisms.csv, line 2, column actor: unknown code 'SPX' in V-ACTOR",
        ),
        (
            "communication_rules.csv",
            (
                "SP-PAD,UA,60,",
                "SP-PADX,UA,60,",
            ),
            "communication_rules.csv, line 2, column mechanism: unknown code 'SP-PADX' in "
            "Mechanism",
        ),
        (
            "templates.json",
            (
                '"Urgent appeal to {state}"',
                '"Urgent appeal to {country}"',
            ),
            "templates.json, entry 1, column subject: unknown placeholder {country}",
        ),
        (
            "templates.json",
            (
                '"Urgent appeal to {state}"',
                '"Urgent appeal to {state"',
            ),
            "templates.json, entry 1, column subject: expected '}' before end of string",
        ),
    ],
)
def test_a_wrong_file_is_told_by_line_and_column_and_changes_nothing(
    loaded, folder, file, old_and_new, complaint
):
    edit(
        folder / "states.csv",
        ",1957,asia_pacific,South-eastern",
        ",1958,asia_pacific,South-eastern",
    )
    edit(folder / file, *old_and_new)

    with pytest.raises(WrongFiles) as wrong:
        load_reference(folder)

    assert complaint in wrong.value.reasons
    assert State.objects.get(pk="MYS").admitted == 1957


def test_all_faults_are_told_at_once(db, folder):
    edit(folder / "terms.csv", "V-NATURE,REP,2,Reprisal,", "V-NATURE,REP,2,,")
    edit(folder / "states.csv", "CPV,CV,", "XPV,CV,")
    (folder / "templates.json").unlink()

    with pytest.raises(WrongFiles) as wrong:
        load_reference(folder)

    files = [reason.partition(",")[0].partition(":")[0] for reason in wrong.value.reasons]
    assert {"terms.csv", "states.csv", "templates.json"} <= set(files)


@pytest.mark.parametrize("spoilt", [b"\xff\xfe", b'[{"code": ', b'{"code": "UA"}', b""])
def test_a_file_that_is_no_text_or_no_list_is_told(db, folder, spoilt):
    (folder / "templates.json").write_bytes(spoilt)

    with pytest.raises(WrongFiles, match=r"templates\.json: cannot be read"):
        load_reference(folder)


def test_a_line_with_too_many_cells_is_told(db, folder):
    edit(folder / "terms.csv", "V-NATURE,REP,2,Reprisal,", "V-NATURE,REP,2,Reprisal,again,")

    with pytest.raises(WrongFiles, match=r"terms\.csv, line 3, column \(too many\)"):
        load_reference(folder)


def test_what_only_the_database_sees_is_told_too_and_rolled_back(loaded, folder):
    CouncilTerm.objects.filter(state="ISL", start="2018-07-13").update(local=True)
    CouncilTerm.objects.filter(state="ISL", start="2018-07-13").update(start="2018-07-01")
    edit(
        folder / "states.csv",
        ",1957,asia_pacific,South-eastern",
        ",1958,asia_pacific,South-eastern",
    )

    with pytest.raises(WrongFiles, match=r"council_terms\.csv.*do_not_overlap"):
        load_reference(folder)

    assert State.objects.get(pk="MYS").admitted == 1957


def test_the_command_says_what_it_did(bare, capsys):
    call_command("load_reference")

    assert capsys.readouterr().out == (
        f"Reference data: {EVERYTHING} created, 0 updated, 0 unchanged, 0 retired, 0 kept.\n"
    )
