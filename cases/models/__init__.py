"""The nouns, one file each. Import them from here."""

from cases.models.access import (
    CaseGroupObjectPermission,
    CaseUserObjectPermission,
    IdentityGroupObjectPermission,
    IdentityUserObjectPermission,
)
from cases.models.act import Act, Perpetrator
from cases.models.action import Action
from cases.models.assessment import Assessment, Finding
from cases.models.assignment import Assignment
from cases.models.attachment import (
    CleanCopy,
    EvidenceAttachment,
    PackageAttachment,
    ReplyAttachment,
)
from cases.models.audit import AuditEvent
from cases.models.case import Case
from cases.models.communication import Alias, Communication, Naming, Question, Signatory
from cases.models.consent import Consent
from cases.models.containment import Containment
from cases.models.cooperation import Cooperation
from cases.models.custody import CustodyEntry
from cases.models.deadline import Deadline
from cases.models.draft import Draft, PortalDraft
from cases.models.element import Corroboration, Element
from cases.models.evidence import Evidence
from cases.models.exclusion import Recusal, Tie
from cases.models.fulfilment import Fulfilment
from cases.models.identity import Identity
from cases.models.identity_request import IdentityRequest
from cases.models.index import NameIndex, TextIndex
from cases.models.lock import Lock
from cases.models.measure import Measure
from cases.models.mechanism import CommunicationRule, Mechanism
from cases.models.notice import Notice
from cases.models.outcome import Outcome
from cases.models.package import Extension, Package, Receipt
from cases.models.person import Person
from cases.models.reply import Answer, Reply
from cases.models.retention import Disposal, Hold, Tombstone
from cases.models.risk import RiskAssessment
from cases.models.search import Search
from cases.models.source import Source
from cases.models.state import CouncilTerm, State
from cases.models.template import LetterTemplate
from cases.models.term import Term
from cases.models.transfer import Transfer

__all__ = [
    "Act",
    "Action",
    "Alias",
    "Answer",
    "Assessment",
    "Assignment",
    "AuditEvent",
    "Case",
    "CaseGroupObjectPermission",
    "CaseUserObjectPermission",
    "CleanCopy",
    "Communication",
    "CommunicationRule",
    "Consent",
    "Containment",
    "Cooperation",
    "Corroboration",
    "CouncilTerm",
    "CustodyEntry",
    "Deadline",
    "Disposal",
    "Draft",
    "Element",
    "Evidence",
    "EvidenceAttachment",
    "Extension",
    "Finding",
    "Fulfilment",
    "Hold",
    "Identity",
    "IdentityGroupObjectPermission",
    "IdentityRequest",
    "IdentityUserObjectPermission",
    "LetterTemplate",
    "Lock",
    "Measure",
    "Mechanism",
    "NameIndex",
    "Naming",
    "Notice",
    "Outcome",
    "Package",
    "PackageAttachment",
    "Perpetrator",
    "Person",
    "PortalDraft",
    "Question",
    "Receipt",
    "Recusal",
    "Reply",
    "ReplyAttachment",
    "RiskAssessment",
    "Search",
    "Signatory",
    "Source",
    "State",
    "Term",
    "TextIndex",
    "Tie",
    "Tombstone",
    "Transfer",
]
