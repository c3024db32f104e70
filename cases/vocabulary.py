"""The codes that rules depend on; every other code is a row of `Term`.

Values are the bare codes of `reference/terms.csv` and a test holds the two together. The enums at
the end have no vocabulary: they are the shape of our own tables.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    """What the act was: to deter, or to punish."""

    INT = "INT", _("Intimidation")
    REP = "REP", _("Reprisal")
    BOTH = "BOTH", _("Intimidation and reprisal")
    UND = "UND", _("To be determined")


class Tense(models.TextChoices):
    """How the person stood to the United Nations when it happened."""

    SOUGHT = "SOUGHT", _("Sought to cooperate")
    ONGOING = "ONGOING", _("Cooperating")
    PAST = "PAST", _("Has cooperated")
    PERCEIVED = "PERCEIVED", _("Perceived as cooperating")
    ASSOC = "ASSOC", _("Targeted by association")


class Stage(models.TextChoices):
    """The life of a case. PROTECT runs beside the others and never blocks them."""

    INTAKE = "INTAKE", _("Intake")
    TRIAGE = "TRIAGE", _("Triage")
    CONSENT = "CONSENT", _("Consent")
    RISK = "RISK", _("Risk assessment")
    VERIFY = "VERIFY", _("Verification")
    DECIDE = "DECIDE", _("Decision")
    TRANSMIT = "TRANSMIT", _("Transmission")
    AWAIT = "AWAIT", _("Awaiting reply")
    ASSESS = "ASSESS", _("Reply assessment")
    FOLLOW = "FOLLOW", _("Follow-up")
    REPORT = "REPORT", _("Reporting")
    MONITOR = "MONITOR", _("Monitoring")
    CLOSE = "CLOSE", _("Closed")
    PROTECT = "PROTECT", _("Protection (parallel)")


class ConsentScope(models.TextChoices):
    """What somebody agreed to; each is asked apart, none follows from another."""

    STO = "STO", _("Store only")
    UNI = "UNI", _("Share inside the UN")
    STN = "STN", _("To the State, without name")
    STW = "STW", _("To the State, with name")
    PBN = "PBN", _("Publish without name")
    PBW = "PBW", _("Publish with name")
    MED = "MED", _("Public advocacy")


class ConsentStatus(models.TextChoices):
    """How the question was answered."""

    GRANTED = "GRANTED", _("Granted")
    CONDITIONS = "CONDITIONS", _("Granted with conditions")
    REFUSED = "REFUSED", _("Refused")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    EXPIRED = "EXPIRED", _("Expired")
    UNREACHABLE = "UNREACHABLE", _("Unreachable")
    BEHALF = "BEHALF", _("Given by a relative or representative")
    NOTASKED = "NOTASKED", _("Not asked (urgent protection)")


# An answer that opens something; uses that tell a name.
GRANTING = frozenset({ConsentStatus.GRANTED, ConsentStatus.CONDITIONS, ConsentStatus.BEHALF})
BY_NAME = frozenset({ConsentScope.STW, ConsentScope.PBW})


class Verification(models.TextChoices):
    """How far a case or one element of it is established."""

    RCV = "RCV", _("Received")
    TRI = "TRI", _("In triage")
    CHK = "CHK", _("Under verification")
    COR = "COR", _("Corroborated")
    RGB = "RGB", _("Reasonable grounds to believe")
    PAR = "PAR", _("Partly corroborated")
    UNV = "UNV", _("Cannot be verified")
    INC = "INC", _("Inconsistent")
    UNF = "UNF", _("Unfounded")
    OOS = "OOS", _("Out of scope")


class RiskLevel(models.TextChoices):
    LOW = "1", _("Low")
    MEDIUM = "2", _("Medium")
    HIGH = "3", _("High")
    CRITICAL = "4", _("Critical")


class Classification(models.TextChoices):
    """ST/SGB/2007/6."""

    U = "U", _("Unclassified")
    C = "C", _("Confidential")
    SC = "SC", _("Strictly confidential")


class Reliability(models.TextChoices):
    """Of the source (Admiralty scale)."""

    A = "A", _("Completely reliable")
    B = "B", _("Usually reliable")
    C = "C", _("Fairly reliable")
    D = "D", _("Not usually reliable")
    E = "E", _("Unreliable")
    F = "F", _("Cannot be judged")


class Credibility(models.TextChoices):
    """Of the information (Admiralty scale), judged apart from its source."""

    CONFIRMED = "1", _("Confirmed by other sources")
    PROBABLE = "2", _("Probably true")
    POSSIBLE = "3", _("Possibly true")
    DOUBTFUL = "4", _("Doubtful")
    IMPROBABLE = "5", _("Improbable")
    UNJUDGED = "6", _("Cannot be judged")


class Nexus(models.TextChoices):
    """How strong the link is between the act and the cooperation."""

    N1 = "N1", _("Explicitly stated")
    N2 = "N2", _("Strongly indicated")
    N3 = "N3", _("Plausible")
    N4 = "N4", _("Insufficient")


# A link strong enough to bring a case into the scope of the resolution.
LINKED = frozenset({Nexus.N1, Nexus.N2, Nexus.N3})


class Priority(models.TextChoices):
    URG = "URG", _("Urgent (24 hours)")
    HIGH = "HIGH", _("High (72 hours)")
    NORM = "NORM", _("Normal (10 days)")
    LOW = "LOW", _("Low")


class IdentityTreatment(models.TextChoices):
    """How a person appears before one audience."""

    FULL = "FULL", _("Full name")
    INI = "INI", _("Initials")
    PSE = "PSE", _("Pseudonym")
    NN = "NN", _("Name withheld")
    GRP = "GRP", _("Group descriptor")
    CNT = "CNT", _("Count only")
    OMIT = "OMIT", _("Entity omitted")
    OMIT_STATE = "OMIT-STATE", _("State not named")


class ReplyProcedure(models.TextChoices):
    """What a State did with a communication."""

    ACK = "ACK", _("Receipt acknowledged")
    EXT = "EXT", _("Extension requested")
    INTM = "INTM", _("Interim reply")
    SUB = "SUB", _("Substantive reply on time")
    LATE = "LATE", _("Substantive reply late")
    CLAR = "CLAR", _("Information requested")
    RET = "RET", _("Returned or refused")
    NONE = "NONE", _("No reply")


class ReplySubstance(models.TextChoices):
    """What a State said about one element of it."""

    CONF = "CONF", _("Confirms")
    CONX = "CONX", _("Confirms, disputes the link")
    ALT = "ALT", _("Alternative explanation")
    DENS = "DENS", _("Denies with substantiation")
    DENU = "DENU", _("Denies without substantiation")
    IGN = "IGN", _("Not addressed")
    NID = "NID", _("Person not identified")
    OOC = "OOC", _("Claims other responsibility")
    MEAS = "MEAS", _("Reports measures")


class Grade(models.TextChoices):
    """Our assessment of a reply, after the follow-up grades of CCPR."""

    A = "A", _("Largely satisfactory")
    B = "B", _("Partially satisfactory")
    C = "C", _("Not satisfactory")
    D = "D", _("No cooperation")
    E = "E", _("Contrary measures or rejection")


class CommunicationType(models.TextChoices):
    """Those of V-ACTION that are a text put to a State."""

    NV = "NV", _("Note verbale")
    LET = "LET", _("Letter")
    UA = "UA", _("Urgent appeal")
    AL = "AL", _("Allegation letter")
    OL = "OL", _("Other letter")
    FUL = "FUL", _("Follow-up letter")
    PIL = "PIL", _("Prompt intervention letter")
    PRES = "PRES", _("President's oral information")


class CaseKind(models.TextChoices):
    """A case with people in it, or a law or an obstacle that names nobody."""

    ALLEGATION = "allegation", _("Allegation")
    SITUATION = "situation", _("Situation")


class PersonKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    GROUP = "group", _("Group")
    ORGANISATION = "organisation", _("Organisation")


class ElementKind(models.TextChoices):
    """The parts of an allegation that are corroborated, and answered, one by one."""

    NEXUS = "nexus", _("Link to the cooperation")
    ACT = "act", _("Act")
    ACTOR = "actor", _("Perpetrator")
    IDENTITY = "identity", _("Identity")
    DATE_PLACE = "date_place", _("Date and place")
    HARM = "harm", _("Harm")


class Stance(models.TextChoices):
    """What a source does to an element."""

    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")


class DataClass(models.TextChoices):
    """What kind of information a consent is about."""

    FACTS = "facts", _("Facts")
    PLACE = "place", _("Place")
    ORGANISATION = "organisation", _("Organisation")
    NAME = "name", _("Name")


class OpeningPurpose(models.TextChoices):
    """Why an identity is opened; it stands in the audit beside the opening. There is no other."""

    WORK = "work", _("To work on the case")
    CONTACT = "contact", _("To reach the person")
    LETTER = "letter", _("To write a letter that gives the name")
    PROTECTION = "protection", _("To protect the person")
    VERIFICATION = "verification", _("To verify what is alleged")
    CORRECTION = "correction", _("To correct what is kept")
    # Outside the work: two custodians have to agree.
    COUNSEL = "counsel", _("To tell the Organization's counsel, after an order")
    # By the machine: nothing of it is shown to anybody.
    COMPOSING = "composing", _("To put a name into a letter")
    LEAK_CHECK = "leak_check", _("To look for names in a letter")
    KEEPING = "keeping", _("To add to what is kept")

    @classmethod
    def of_people(cls) -> list["OpeningPurpose"]:
        """Those for which somebody reads a name."""
        machines = {cls.COMPOSING, cls.LEAK_CHECK, cls.KEEPING}
        return [purpose for purpose in cls if purpose not in machines]


class ShredReason(models.TextChoices):
    """Why who somebody is was destroyed; it stands in the audit."""

    CONSENT = "consent", _("Consent was withdrawn")
    WISH = "wish", _("The person asked for it")
    DANGER = "danger", _("Keeping it endangers the person")
    ERROR = "error", _("It was recorded by mistake")
    TIME = "time", _("It was kept long enough")


class Use(models.TextChoices):
    """What the house does with what a person told; each reaches one audience."""

    KEEP = "keep", _("Keep it in the house")
    SHARE = "share", _("Share it inside the United Nations")
    STATE = "state", _("Put it to the State")
    PUBLISH = "publish", _("Publish it")
    ADVOCATE = "advocate", _("Speak of it to the press")
    FEEDBACK = "feedback", _("Tell the source")


class DatePrecision(models.TextChoices):
    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    YEAR = "year", _("Year")


class StateStatus(models.TextChoices):
    """Synthetic States exist in demonstrations and tests only."""

    MEMBER = "member", _("Member State")
    OBSERVER = "observer", _("Observer State")
    SYNTHETIC = "synthetic", _("Fictitious State")


class RegionalGroup(models.TextChoices):
    """The electoral groups of the United Nations."""

    AFRICAN = "african", _("African States")
    ASIA_PACIFIC = "asia_pacific", _("Asia-Pacific States")
    EASTERN_EUROPEAN = "eastern_european", _("Eastern European States")
    GRULAC = "grulac", _("Latin American and Caribbean States")
    WEOG = "weog", _("Western European and other States")


class MechanismKind(models.TextChoices):
    SP_THEMATIC = "special_procedure_thematic", _("Special procedure (theme)")
    SP_COUNTRY = "special_procedure_country", _("Special procedure (country)")
    TREATY_BODY = "treaty_body", _("Treaty body")
    COUNCIL = "council", _("Human Rights Council")
    SENIOR_OFFICIAL = "senior_official", _("Senior official")
    AGENCY = "agency", _("United Nations entity")
    POLITICAL_BODY = "political_body", _("Political body")
    FORUM = "forum", _("Forum")
    REGIONAL = "regional", _("Regional mechanism")
    IFI = "ifi", _("Financial institution")
    NATIONAL = "national", _("National institution")


class Certainty(models.TextChoices):
    """How well a row of reference data is established."""

    SOURCED = "sourced", _("Sourced")
    KNOWN = "known", _("General knowledge")
    UNSURE = "unsure", _("Unsure")


class Hindrance(models.TextChoices):
    """Why no clean copy of a file can be made."""

    BROKEN = "broken", _("It cannot be opened whole.")
    LONG = "long", _("It is too long to be taken apart and searched.")
    PART = "part", _("It holds a picture or a part that cannot be cleaned. Print it as PDF.")
    INFECTED = "infected", _("A virus was found in it.")
    FAILED = "failed", _("It was tried three times and did not come to an end.")
