"""What is kept no longer: the list, holds, two signatures."""

from django.urls import path

from cases.console.retention import disposals, holds, pages

urlpatterns = [
    path("retention/", pages.retention_list, name="retention-list"),
    path("cases/<uuid:pk>/hold/", holds.case_hold, name="case-hold"),
    path("holds/<uuid:pk>/lift/", holds.hold_lift, name="hold-lift"),
    path("cases/<uuid:pk>/dispose/", disposals.case_dispose, name="case-dispose"),
    path("disposals/<uuid:pk>/", disposals.disposal_decide, name="disposal-decide"),
]
