"""Recording a case, and the parts that people add, change and take away."""

from django.urls import URLPattern, path

from cases.console import drafts

urlpatterns: list[URLPattern] = [
    path("drafts/", drafts.draft_keep, name="draft-keep"),
    path("drafts/drop/", drafts.draft_drop, name="draft-drop"),
]
