"""People beside their offices: shutting somebody out, and ties to a State."""

from django.urls import path

from cases.console.people import locks, ties

urlpatterns = [
    path("locks/", locks.lock_list, name="lock-list"),
    path("locks/set/", locks.lock_set, name="lock-set"),
    path("locks/<uuid:pk>/", locks.lock_detail, name="lock-detail"),
    path("people/<uuid:pk>/ties/", ties.person_ties, name="person-ties"),
]
