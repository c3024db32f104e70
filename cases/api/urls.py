"""The machines' door: one address for each noun, and the schema of them all."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from cases.api.access import Staff
from cases.api.actions import Actions
from cases.api.acts import Acts
from cases.api.assignments import Assignments
from cases.api.cases import Cases
from cases.api.communications import Communications
from cases.api.consents import Consents
from cases.api.containments import Containments
from cases.api.cooperations import Cooperations
from cases.api.deadlines import Deadlines
from cases.api.elements import Corroborations, Elements
from cases.api.evidence import EvidenceAttachments, EvidenceRows
from cases.api.identity_requests import IdentityRequests
from cases.api.locks import Locks
from cases.api.measures import Measures
from cases.api.outcomes import Outcomes
from cases.api.packages import Extensions, PackageAttachments, Packages
from cases.api.people import Persons
from cases.api.recusals import Recusals
from cases.api.reference import Colleagues, Me, Mechanisms, Offices, States, Vocabularies
from cases.api.replies import Replies, ReplyAttachments
from cases.api.retention import Disposals, Holds
from cases.api.risks import Risks
from cases.api.sources import Sources
from cases.api.ties import Ties
from cases.api.transfers import Offers, Transfers

NOUNS = {
    "cases": Cases,
    "persons": Persons,
    "acts": Acts,
    "cooperations": Cooperations,
    "sources": Sources,
    "evidence": EvidenceRows,
    "evidence-attachments": EvidenceAttachments,
    "elements": Elements,
    "corroborations": Corroborations,
    "consents": Consents,
    "containments": Containments,
    "risks": Risks,
    "actions": Actions,
    "measures": Measures,
    "outcomes": Outcomes,
    "assignments": Assignments,
    "recusals": Recusals,
    "transfers": Transfers,
    "offers": Offers,
    "holds": Holds,
    "disposals": Disposals,
    "identity-requests": IdentityRequests,
    "deadlines": Deadlines,
    "communications": Communications,
    "packages": Packages,
    "package-attachments": PackageAttachments,
    "extensions": Extensions,
    "replies": Replies,
    "reply-attachments": ReplyAttachments,
    "locks": Locks,
    "ties": Ties,
    "states": States,
    "mechanisms": Mechanisms,
    "vocabularies": Vocabularies,
    "offices": Offices,
    "colleagues": Colleagues,
}

router = SimpleRouter()
for noun, viewset in NOUNS.items():
    router.register(noun, viewset, basename=f"api-{noun}")

urlpatterns = [
    path("", include(router.urls)),
    path("me/", Me.as_view(), name="api-me"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[Staff]), name="api-schema"),
]
