"""The search of cases: words come by POST and go on as an address that holds none of them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import AuthedRequest
from accounts.models import User
from cases.filters import LONGEST_SEARCH, CaseFilter
from cases.forms import Form, PlainTextField
from cases.http import say
from cases.models import Case, Search
from cases.policy import May, offices_where
from cases.refusals import TooOften
from cases.search import reference_in
from cases.services import searches

KEPT = {*CaseFilter.base_filters, "sort"} - {"search"}


class SearchForm(Form):
    """`search` is the one that the page shows: its words once more are no second search."""

    q = PlainTextField(
        label=_("Search in cases"),
        required=False,
        one_line=True,
        max_length=LONGEST_SEARCH,
        help_text=_("A reference, or words of acts, States and texts. All words must be there."),
    )
    people = forms.BooleanField(
        label=_("Look for people by name too"),
        required=False,
        help_text=_(
            "Names, telephone numbers and addresses of mail, in cases that are yours by name. "
            "Each such search is counted and written down."
        ),
    )
    search = forms.UUIDField(required=False, widget=forms.HiddenInput)


def search_form(user: User, search: Search | None) -> SearchForm:
    """As the page draws it, with what is sought now; names only for whom they may concern."""
    shown = {"q": search.words, "people": search.people, "search": search.pk} if search else {}
    form = SearchForm(initial=shown)
    if not offices_where(user, May.FIND_PEOPLE):
        del form.fields["people"]
    return form


def case_search(request: AuthedRequest) -> HttpResponse:
    """Search and filters at once. A reference that is found exactly leads to its case."""
    form = SearchForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        for error in form.errors.get("q", []):
            messages.error(request, str(error))
        return redirect(_list(request.POST, request.POST.get("search")))
    words = form.cleaned_data["q"]
    if found := _found(request.user, words):
        url = reverse("case-detail", args=[found.pk])
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    return redirect(_list(request.POST, _sought(request, words, form) if words else None))


def _found(user: User, words: str) -> Case | None:
    reference = reference_in(words)
    if reference is None or not reference.whole:
        return None
    return Case.objects.visible_to(user).filter(reference=reference.text).first()


def _sought(request: AuthedRequest, words: str, form: SearchForm) -> UUID:
    """Past the measure for names the texts are still searched, and what was typed is kept."""
    people, again = form.cleaned_data["people"], form.cleaned_data["search"]
    try:
        return searches.search(by=request.user, words=words, people=people, again=again).pk
    except TooOften as refused:
        say(request, refused)
        return searches.search(by=request.user, words=words, again=again).pk


def _list(posted: QueryDict, search: UUID | str | None) -> str:
    """The list narrowed as it was, from its beginning."""
    query = QueryDict(mutable=True)
    for name, values in posted.lists():
        if name in KEPT and (said := [value for value in values if value]):
            query.setlist(name, said)
    if search:
        query["search"] = str(search)
    return f"{reverse('case-list')}?{query.urlencode()}" if query else reverse("case-list")
