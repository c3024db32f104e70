"""The files themselves: complete, and in step with the codes that rules depend on."""

import csv
import json
from collections import Counter, defaultdict

import pytest
from django.utils.translation import override

from cases import vocabulary
from cases.models.term import LANGUAGES
from cases.services.reference_files import FILES, SHEETS, Reader

COMPLETE = {
    vocabulary.Nature: "V-NATURE",
    vocabulary.Tense: "V-TENSE",
    vocabulary.Stage: "V-STAGE-CASE",
    vocabulary.ConsentScope: "V-CONSENT-SCOPE",
    vocabulary.ConsentStatus: "V-CONSENT-STATUS",
    vocabulary.Verification: "V-VERIF",
    vocabulary.RiskLevel: "V-RISK",
    vocabulary.Classification: "V-CLASSIF",
    vocabulary.Reliability: "V-REL",
    vocabulary.Credibility: "V-CRED",
    vocabulary.Nexus: "V-NEXUS",
    vocabulary.Priority: "V-PRIO",
    vocabulary.IdentityTreatment: "V-ID",
    vocabulary.ReplyProcedure: "V-REPLY-P",
    vocabulary.ReplySubstance: "V-REPLY-S",
    vocabulary.Grade: "V-GRADE",
}


def rows(name: str) -> list[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lists() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in rows("terms.csv"):
        found[row["vocabulary"]][row["code"]] = row
    return found


def test_the_reader_finds_nothing_wrong():
    reader = Reader(FILES)

    for sheet in SHEETS:
        reader.read(sheet)

    assert reader.wrong == []


@pytest.mark.parametrize("enum", COMPLETE, ids=lambda enum: enum.__name__)
def test_an_enum_has_the_codes_the_order_and_the_words_of_its_list(enum):
    terms = lists()[COMPLETE[enum]]

    with override("en"):
        assert [(code, str(label)) for code, label in enum.choices] == [
            (code, row["label_en"]) for code, row in terms.items()
        ]


def test_communication_types_are_actions():
    actions = lists()["V-ACTION"]

    assert {code: actions[code]["label_en"] for code in vocabulary.CommunicationType} == {
        code: str(label) for code, label in vocabulary.CommunicationType.choices
    }


def test_every_list_counts_from_one_and_names_each_code_once():
    terms = rows("terms.csv")

    assert len(terms) == 508
    assert len(lists()) == 47
    assert sum(len(codes) for codes in lists().values()) == len(terms)
    for codes in lists().values():
        assert [row["order"] for row in codes.values()] == [
            str(number) for number in range(1, len(codes) + 1)
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_exists_and_tells_codes_of_a_list_apart(language):
    for name, codes in lists().items():
        labels = [row[f"label_{language}"] for row in codes.values()]
        assert all(labels), name
        assert len(set(labels)) == len(labels), name


def test_every_act_has_its_severity_and_its_class_of_the_indicator():
    acts = lists()["V-ACT"].values()

    assert Counter(row["sdg_16_10_1"] for row in acts) == {
        "killing": 1,
        "enforced_disappearance": 1,
        "kidnapping": 1,
        "arbitrary_detention": 4,
        "torture": 1,
        "torture_or_other": 1,
        "other": 34,
        "none": 1,
    }
    assert {row["severity"] for row in acts} == {"1", "2", "3", "4"}


def test_the_193_members_and_two_observers():
    states = rows("states.csv")

    assert Counter(row["status"] for row in states) == {"member": 193, "observer": 2}
    assert Counter(row["regional_group"] for row in states) == {
        "african": 54,
        "asia_pacific": 54,
        "eastern_european": 23,
        "grulac": 33,
        "weog": 29,
        "": 2,
    }
    for column in ("iso2", "iso3", "m49", *(f"name_{language}" for language in LANGUAGES)):
        values = {row[column] for row in states}
        assert len(values) == 195, column
        assert "" not in values, column
    assert {row["iso2"] for row in states if row["iso3"] == "NAM"} == {"NA"}
    assert [row["iso3"] for row in states if not row["admitted"]] == ["PSE", "VAT"]


def test_every_mandate_treaty_body_and_actor_is_there():
    mechanisms = rows("mechanisms.csv")
    bodies = {"CCPR", "CESCR", "CERD", "CEDAW", "CAT", "SPT", "CRC", "CMW", "CRPD", "CED"}

    kinds = Counter(row["kind"] for row in mechanisms)
    assert kinds["special_procedure_thematic"] == 47
    assert kinds["special_procedure_country"] == 14
    assert bodies <= {row["actor"] for row in mechanisms if row["kind"] == "treaty_body"}
    assert {row["actor"] for row in mechanisms} == set(lists()["V-ACTOR"])
    for row in mechanisms:
        assert all(row[f"name_{language}"] for language in LANGUAGES), row["code"]


def test_a_window_stands_only_where_a_practice_is_known():
    rules = rows("communication_rules.csv")
    kinds = {row["code"]: row["kind"] for row in rows("mechanisms.csv")}

    windows = [row for row in rules if row["response_days"] or row["confidentiality_days"]]
    assert {row["type"] for row in windows} == {"UA", "AL", "OL", "FUL"}
    assert {kinds[row["mechanism"]] for row in windows if row["mechanism"] != "SP"} == {
        "special_procedure_thematic",
        "special_procedure_country",
    }
    assert {(row["response_days"], row["confidentiality_days"]) for row in windows} == {
        ("60", "60")
    }
    assert all(row["basis"] for row in windows)


def test_there_is_a_letter_to_begin_from_for_every_type_put_to_a_state():
    templates = json.loads((FILES / "templates.json").read_text(encoding="utf-8"))

    assert {template["type"] for template in templates} == set(vocabulary.CommunicationType)
    assert all(template["questions"] for template in templates)


def test_the_readme_speaks_of_every_file():
    readme = (FILES / "README.md").read_text(encoding="utf-8")

    for sheet in SHEETS:
        assert f"`{sheet.file}`" in readme
