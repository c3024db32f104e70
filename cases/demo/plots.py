"""Invented cases about invented people in fictitious States."""

from cases.demo.story import Plot, day

COUNCIL = {"kind": "SIDE", "actor": "HRC", "tense": "PAST", "nexus": "N1", "channel": "ABROAD"}


def plots() -> list[Plot]:
    return [
        _followed_in_ardania(),
        _threatened_in_ardania(),
        _smeared_by_media(),
        _detained_at_the_border(),
        _refused_to_be_spoken_of(),
        _sent_to_ardania(),
        _law_of_belmora(),
        _answered_by_belmora(),
        _assessed_ardania(),
    ]


def _person(name: str, **fields: object) -> dict[str, object]:
    standard = {"kind": "individual", "sex": "W", "age": "AD", "protected_class": "4A"}
    return {**standard, "name": name, **fields}


def _followed_in_ardania() -> Plot:
    return Plot(
        state="XAA",
        reach="recorded",
        narrative="V-1, a journalist, was allegedly followed after meeting visiting experts.",
        summary="[V-1] was allegedly followed after meeting experts of the United Nations.",
        persons=[_person("Oriel Tamsworth", sex="M", roles=["JOU"])],
        acts=[{"kind": "SUR-PHY", "started_on": day(11, 2), "perpetrators": ["U-UNK"]}],
        cooperation={"kind": "MEET", "actor": "SP", "tense": "PAST", "nexus": "N3"},
    )


def _threatened_in_ardania() -> Plot:
    return Plot(
        state="XAA",
        reach="filed",
        narrative="V-1 and V-2 were allegedly told that they would be killed if they spoke.",
        summary="[V-1] and [V-2] allegedly received threats of death.",
        persons=[
            _person("Maren Oldcastle", roles=["WHRD"]),
            _person("Tobin Oldcastle", sex="M", roles=["REL"], protected_class="4D"),
        ],
        acts=[
            {"kind": "THR-DEA", "started_on": day(11, 20), "perpetrators": ["U-UNK"]},
            {"kind": "SUR-DIG", "started_on": day(11, 18), "perpetrators": ["S-INT"]},
        ],
        cooperation={**COUNCIL, "kind": "ORAL", "started_on": day(9, 24)},
        due_in=1,
    )


def _smeared_by_media() -> Plot:
    return Plot(
        state="XEE",
        reach="verifying",
        narrative="State media allegedly called V-1 a foreign agent after her statement.",
        summary="State media allegedly called [V-1] a foreign agent.",
        persons=[_person("Ysolde Fenwarden", roles=["HRD"])],
        acts=[{"kind": "SME-TER", "started_on": day(10, 12), "perpetrators": ["S-MED"]}],
        cooperation={**COUNCIL, "kind": "ORAL"},
        statements=["On 12 October [V-1] was allegedly called a foreign agent on television."],
        due_in=6,
    )


def _detained_at_the_border() -> Plot:
    return Plot(
        state="XAA",
        reach="drafted",
        narrative="V-1, a lawyer, was allegedly detained at the border on her return from the"
        " Human Rights Council, where she had spoken at a side event. Officers allegedly"
        " showed her a photograph taken there. V-2, her brother, was allegedly questioned.",
        summary="[V-1], a lawyer, was allegedly detained at the airport on return from a"
        " session of the Human Rights Council. [V-2], a relative, was allegedly questioned.",
        persons=[
            _person("Liora Penhallow", roles=["HRD", "LAW"]),
            _person("Corin Penhallow", sex="M", roles=["REL"], protected_class="4D"),
        ],
        acts=[
            {"kind": "LIB-DET", "started_on": day(11, 3), "perpetrators": ["S-POL"]},
            {"kind": "MOV-PAS", "started_on": day(11, 3), "perpetrators": ["S-NAT"]},
        ],
        cooperation={**COUNCIL, "started_on": day(9, 24)},
        statements=[
            "On 3 November [V-1] was allegedly detained at the airport.",
            "The passport of [V-1] was allegedly withheld.",
            "On 5 November [V-2] was allegedly questioned and told to make [V-1] stop.",
        ],
        subject="Alleged detention of a lawyer after a session of the Human Rights Council",
        risk_days=2,
        due_in=1,
    )


def _refused_to_be_spoken_of() -> Plot:
    return Plot(
        state="XBB",
        reach="verifying",
        narrative="V-1 was allegedly stopped at the airport on the way to a treaty body.",
        summary="[V-1] was allegedly prevented from travelling to a session.",
        persons=[_person("Pell Harrowgate", sex="M", roles=["TU"])],
        acts=[{"kind": "MOV-EXI", "started_on": day(9, 8), "perpetrators": ["S-NAT"]}],
        cooperation={"kind": "REPT", "actor": "CCPR", "tense": "SOUGHT", "nexus": "N2"},
        statements=["On 8 September [V-1] was allegedly prevented from boarding an aircraft."],
        refused=True,
        due_in=-6,
    )


def _sent_to_ardania() -> Plot:
    return Plot(
        state="XAA",
        reach="sent",
        type="UA",
        narrative="O-1 was allegedly searched two days after its director briefed a committee.",
        summary="The premises of [O-1] were allegedly searched.",
        persons=[
            _person("Lanternwick Legal Aid", kind="organisation", sex="", age="", roles=["ORG"])
        ],
        acts=[{"kind": "ECO-PRO", "started_on": day(11, 9), "perpetrators": ["S-POL"]}],
        cooperation={"kind": "REPT", "actor": "CAT", "tense": "PAST", "nexus": "N2"},
        statements=[
            "On 9 November the premises of [O-1] were allegedly searched.",
            "Computers of [O-1] were allegedly taken away.",
        ],
        subject="Alleged search of the premises of an organisation",
        due_in=2,
    )


def _law_of_belmora() -> Plot:
    return Plot(
        state="XBB",
        kind="situation",
        reach="sent",
        type="OL",
        narrative="A law allegedly ends the registration of organisations that attend meetings.",
        summary="A law on associations allegedly ends the registration of organisations that"
        " attend meetings of the United Nations; forty-one are said to be concerned.",
        persons=[],
        acts=[
            {
                "kind": "LEG-NEW",
                "started_on": day(8, 1),
                "perpetrators": ["S-LEG"],
                "collective": True,
            }
        ],
        cooperation={"kind": "ACCR", "actor": "NGO-C", "tense": "SOUGHT", "nexus": "N1"},
        statements=["The law of 1 August allegedly ends the registration of organisations."],
        subject="Law on associations: registration of organisations",
    )


def _answered_by_belmora() -> Plot:
    return Plot(
        state="XBB",
        reach="answered",
        narrative="V-1 was allegedly dismissed after testifying before an inquiry.",
        summary="[V-1] was allegedly dismissed from a public post.",
        persons=[_person("Sabra Winterlune", roles=["WIT"])],
        acts=[{"kind": "ADM-EMP", "started_on": day(7, 14), "perpetrators": ["S-LOC"]}],
        cooperation={"kind": "INQ", "actor": "COI", "tense": "PAST", "nexus": "N2"},
        statements=["On 14 July [V-1] was allegedly dismissed."],
        subject="Alleged dismissal of a witness",
        due_in=2,
    )


def _assessed_ardania() -> Plot:
    return Plot(
        state="XAA",
        reach="answered",
        narrative="V-1 was allegedly summoned three times after a meeting with experts.",
        summary="[V-1] was allegedly summoned three times.",
        persons=[_person("Jessamy Thornquist", roles=["ENV"])],
        acts=[{"kind": "HAR-OFF", "started_on": day(6, 21), "perpetrators": ["S-POL"]}],
        cooperation={"kind": "MEET", "actor": "SP", "tense": "PAST", "nexus": "N1"},
        statements=["Between 21 and 28 June [V-1] was allegedly summoned three times."],
        subject="Alleged summonses of an environmental human rights defender",
        assessed="C",
    )
