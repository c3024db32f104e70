"""What comes first: the work of today, the list of cases, the list of letters."""

from django.urls import URLPattern, path

from cases.console import home, letter_list, lists

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("cases/", lists.case_list, name="case-list"),
    path("letters/", letter_list.letter_list, name="letter-list"),
]
