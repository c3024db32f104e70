"""What comes first: the work of today, the list of cases, the list of letters."""

from django.urls import URLPattern, path

from cases.console.lists import cases, communications, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("cases/", cases.case_list, name="case-list"),
    path("letters/", communications.letter_list, name="letter-list"),
]
