"""The audit: of one case, and of the whole house for the auditor."""

from django.urls import URLPattern, path

from cases.console.audit import pages

urlpatterns: list[URLPattern] = [
    path("audit/", pages.audit_list, name="audit-list"),
    path("cases/<uuid:pk>/audit/", pages.case_audit, name="case-audit"),
]
