"""What comes first: the work of today, the list of cases, the list of letters."""

from django.urls import URLPattern, path

from cases.console.lists import cases, communications, home, searching

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("cases/", cases.case_list, name="case-list"),
    path("cases/search/", searching.case_search, name="case-search"),
    path("letters/", communications.letter_list, name="letter-list"),
]
