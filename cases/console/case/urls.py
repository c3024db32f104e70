"""One case: its page, what is decided on it, in whose hands it is, what supports it."""

from django.urls import URLPattern, path

from cases.console.case import (
    assignments,
    corroboration,
    decisions,
    evidence,
    exclusions,
    feedback,
    identities,
    pages,
    transfers,
    withdrawals,
)

CELL = "cases/<uuid:pk>/corroborate/<uuid:element>/<uuid:source>/"

urlpatterns: list[URLPattern] = [
    path("cases/<uuid:pk>/", pages.case_detail, name="case-detail"),
    path("cases/<uuid:pk>/timeline/", pages.case_timeline, name="case-timeline"),
    path("cases/<uuid:pk>/move/<slug:move>/", decisions.case_move, name="case-move"),
    path("cases/<uuid:pk>/conclude/", decisions.case_conclude, name="case-conclude"),
    path("cases/<uuid:pk>/stop/", decisions.case_stop, name="case-stop"),
    path("cases/<uuid:pk>/lift-stop/", decisions.case_lift_stop, name="case-lift-stop"),
    path("cases/<uuid:pk>/protect/", decisions.case_protect, {"on": True}, name="case-protect"),
    path(
        "cases/<uuid:pk>/unprotect/", decisions.case_protect, {"on": False}, name="case-unprotect"
    ),
    path("cases/<uuid:pk>/source-told/", feedback.source_told, name="source-told"),
    path("cases/<uuid:pk>/give/", assignments.case_give, name="case-give"),
    path("cases/<uuid:pk>/assign/", assignments.case_assign, name="case-assign"),
    path("assignments/<uuid:pk>/end/", assignments.assignment_end, name="assignment-end"),
    path("cases/<uuid:pk>/show/", assignments.case_show, name="case-show"),
    path("cases/<uuid:pk>/show/<uuid:guest>/end/", assignments.case_unshow, name="case-unshow"),
    path("cases/<uuid:pk>/step-back/", exclusions.case_step_back, name="case-step-back"),
    path("cases/<uuid:pk>/conflict/", exclusions.case_conflict, name="case-conflict"),
    path("recusals/<uuid:pk>/end/", exclusions.recusal_end, name="recusal-end"),
    path("cases/<uuid:pk>/transfer/", transfers.case_transfer, name="case-transfer"),
    path("transfers/<uuid:pk>/", transfers.transfer_answer, name="transfer-answer"),
    path("transfers/<uuid:pk>/withdraw/", transfers.transfer_withdraw, name="transfer-withdraw"),
    path("consents/<uuid:pk>/withdrawal/", withdrawals.withdrawal, name="withdrawal"),
    path("containments/<uuid:pk>/close/", withdrawals.containment_close, name="containment-close"),
    path("containments/<uuid:pk>/give/", withdrawals.containment_give, name="containment-give"),
    path("identities/<uuid:pk>/reveal/", identities.identity_reveal, name="identity-reveal"),
    path("identities/<uuid:pk>/ask/", identities.identity_ask, name="identity-ask"),
    path(
        "identities/<uuid:pk>/break-glass/",
        identities.identity_break_glass,
        name="identity-break-glass",
    ),
    path("identities/<uuid:pk>/hide/", identities.identity_hide, name="identity-hide"),
    path(CELL, corroboration.corroborate, name="corroborate"),
    path(f"{CELL}unsay/", corroboration.unsay, name="corroborate-unsay"),
    path("evidence/<uuid:pk>/attach/", evidence.evidence_attach, name="evidence-attach"),
    path(
        "evidence/attachments/<uuid:pk>/", evidence.evidence_attachment, name="evidence-attachment"
    ),
    path(
        "evidence/attachments/<uuid:pk>/clean/",
        evidence.evidence_clean_copy,
        name="evidence-clean-copy",
    ),
]
