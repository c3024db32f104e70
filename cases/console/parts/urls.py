"""Recording a case, and the parts that people add, change and take away."""

from django.urls import URLPattern, path

from cases.console import drafts
from cases.console.parts import pages, recording

urlpatterns: list[URLPattern] = [
    path("cases/record/", recording.case_record, name="case-record"),
    path("cases/<uuid:pk>/record/<slug:step>/", recording.record_step, name="record-step"),
    path("cases/<uuid:pk>/file/", recording.case_file, name="case-file"),
    path("cases/<uuid:pk>/edit/", recording.case_edit, name="case-edit"),
    path("cases/<uuid:pk>/add/<slug:noun>/", pages.part_add, name="part-add"),
    path("parts/<slug:noun>/<uuid:pk>/", pages.part_edit, name="part-edit"),
    path("parts/<slug:noun>/<uuid:pk>/remove/", pages.part_remove, name="part-remove"),
    path("parts/<slug:noun>/<uuid:pk>/identity/", pages.identity_keep, name="identity-keep"),
    path("drafts/", drafts.draft_keep, name="draft-keep"),
    path("drafts/drop/", drafts.draft_drop, name="draft-drop"),
]
