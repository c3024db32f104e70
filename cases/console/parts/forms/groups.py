"""Long lists, in groups that people look for: how a vocabulary is laid out on the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise
OTHERS = _("Others")

# By the first part of the code.
PREFIXES: Mapping[str, Mapping[str, Label]] = {
    "V-ACT": {
        "LIF": _("Life"),
        "LIB": _("Liberty"),
        "INT": _("Integrity of the person"),
        "THR": _("Threats"),
        "HAR": _("Harassment by authorities and courts"),
        "SUR": _("Surveillance"),
        "SME": _("Smears and hate"),
        "MOV": _("Movement and nationality"),
        "ADM": _("Work, licence and registration"),
        "ECO": _("Money and property"),
        "ACC": _("Access"),
        "LEG": _("Law"),
    },
    "V-PERP": {
        "S": _("Authorities of a State"),
        "Q": _("Close to the State"),
        "N": _("Not of the State"),
    },
}

# By name, where the codes have no common beginning.
LISTS: Mapping[str, Sequence[tuple[Label, str]]] = {
    "V-VICTIM": [
        (
            _("Defenders and activists"),
            "HRD WHRD WPB ACT TU IND ENV MIN LGB YTH",
        ),
        (_("Victims, witnesses and relatives"), "VIC WIT REL CHD DIS REF"),
        (_("By profession"), "JOU LAW REG ACA HEA JUD NHRI GOV"),
        (_("United Nations"), "UNS UNM INT"),
        (_("Organisations and groups"), "ORG COM"),
    ],
    "V-ACTOR": [
        (
            _("Secretary-General and OHCHR"),
            "SG HC ASG OHCHR-HQ OHCHR-FP HRA UNVFVT",
        ),
        (
            _("Human Rights Council and its mechanisms"),
            "HRC HRC-P HRC-B UPR SP SP-CC WGAD WGEID COI AC CP FMI EMRIP",
        ),
        (
            _("Treaty bodies"),
            "TB CCPR CESCR CERD CEDAW CAT SPT CRC CMW CRPD CED TB-PET",
        ),
        (
            _("Other organs, forums and conferences"),
            "GA 3C SC SC-SUB PBC ECOSOC NGO-C CSW HLPF PFII UNFCCC MEA AARHUS UNGC",
        ),
        (
            _("Presence in a country, agencies"),
            "PKO SPM UNCT RC UNW UNDP UNESCO ILO UNHCR UNICEF OTH-AG",
        ),
        (_("Financial institutions"), "WBIP CAO IAM"),
        (
            _("National and regional bodies"),
            "NHRI REG REG-IACHR REG-ACHPR REG-COE REG-OSCE REG-AICHR",
        ),
    ],
    "V-ACTION": [
        (
            _("Letters and notes"),
            "NV AIDE LET UA AL OL FUL PIL PRES",
        ),
        (_("Talking to the State"), "MEET CALL VISIT REF"),
        (_("In proceedings of a body"), "INT LOI COB REC DIAL"),
        (_("In public"), "STM PR RPT MEDIA SGR"),
    ],
    "V-FOLLOWUP": [
        (_("Life and liberty"), "DEAD DISAP DET TRIAL SENT"),
        (_("Release"), "REL-C REL ACQ PARD"),
        (_("Movement and work"), "RESTR LIFT EXIL RETN REIN CLOS REOP"),
        (_("Cooperation with the United Nations"), "SILN CONT NEWACT"),
        (_("Not known"), "LOST UNK"),
    ],
}
GROUPED = frozenset(PREFIXES) | frozenset(LISTS)


def group_of(vocabulary: str, code: str) -> Label:
    """Under which heading a code stands; those without one come under the last."""
    if vocabulary in PREFIXES:
        return PREFIXES[vocabulary].get(code.partition("-")[0], OTHERS)
    found = (title for title, codes in LISTS[vocabulary] if code in codes.split())
    return next(found, OTHERS)


def _titles(vocabulary: str) -> list[Label]:
    lists = [title for title, _codes in LISTS.get(vocabulary, ())]
    return [*PREFIXES.get(vocabulary, {}).values(), *lists, OTHERS]


class _Grouped(forms.widgets.ChoiceWidget):
    """Draws the flat choices of its field under headings; what may be chosen stays the same."""

    def __init__(self, vocabulary: str, attrs: dict[str, Any] | None = None) -> None:
        self.vocabulary = vocabulary
        super().__init__(attrs)

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        options = [
            option for _n, some, _i in super().optgroups(name, value, attrs) for option in some
        ]
        blank = [option for option in options if not str(option["value"])]
        under: dict[Label, list[Any]] = {title: [] for title in _titles(self.vocabulary)}
        for option in options:
            if code := str(option["value"]):
                under[group_of(self.vocabulary, code)].append(option)
        groups: list[tuple[str | None, list[Any]]] = [(None, blank)] if blank else []
        groups += [(str(title), some) for title, some in under.items() if some]
        return [(title, some, place) for place, (title, some) in enumerate(groups)]


class GroupedSelect(_Grouped, forms.Select):
    """One of a long list."""


class GroupedTicks(_Grouped, forms.CheckboxSelectMultiple):
    """Several of a long list."""
