"""The list of cases: whose cases, which of them, in which order, and what it never tells."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import OfficeKind, Role
from cases import paging
from cases.console.lists import cases
from cases.models import Act, AuditEvent, Case, Deadline, Person, State
from cases.models.assignment import Duty
from cases.services import assignments, searches
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db

URL = "/cases/"
REFERENCE = re.compile(r'<span class="r-code">(RP-[0-9A-Z]{4}-[0-9A-Z]{2})</span>')
MOST_QUERIES = 24


@pytest.fixture
def who():
    return journey.cast()


def make(by, number=1, state="XAA", act="LIB-DET", **fields):
    """Filed cases of somebody's office, with an act, a person and a deadline each."""
    State.objects.get_or_create(
        iso3=state, defaults={"status": "synthetic", "names": {"en": f"Synthetic {state}"}}
    )
    now = timezone.now()
    standard = {"filed_at": now, "owner": by, "recorded_by": by, "state_id": state}
    standard |= {"office": journey.office_of(by)}
    made = Case.objects.bulk_create([Case(**{**standard, **fields}) for _ in range(number)])
    Act.objects.bulk_create([Act(case=case, kind=act) for case in made])
    Person.objects.bulk_create([Person(case=case, number=1) for case in made])
    due = [Deadline(case=c, kind="decide", due_at=c.due_at) for c in made if c.due_at]
    Deadline.objects.bulk_create(due)
    return made


@pytest.fixture
def listed(client):
    """References on the page, in order."""

    def of(user, query=""):
        client.force_login(user)
        response = client.get(URL + query)
        assert response.status_code == 200
        return REFERENCE.findall(response.content.decode())

    return of


@pytest.fixture
def page(client):
    def of(user, query="", **headers):
        client.force_login(user)
        return client.get(URL + query, headers=headers).content.decode()

    return of


@pytest.fixture
def sought(client):
    """The address that a search leads to, as the query of the list."""

    def of(user, words, **fields):
        client.force_login(user)
        response = client.post("/cases/search/", {"q": words, **fields})
        assert response.status_code == 302
        return response.url.removeprefix(URL)

    return of


def references(cases):
    return {case.reference for case in cases}


# Whose cases -------------------------------------------------------------------------------------


def test_a_stranger_finds_no_case_and_no_number(who, page, listed):
    make(who.focal, 3)
    make(who.focal, state="XBB")
    stranger = member(role=Role.FOCAL_POINT)

    assert listed(stranger) == []
    html = page(stranger)
    assert "No case yet" in html
    assert "0 in all" in html
    assert "XAA" not in html  # not even as a State to filter by
    assert journey.office_of(who.focal).name not in html


@pytest.mark.parametrize(
    "role", [Role.FOCAL_POINT, Role.REVIEWER, Role.MECHANISM_OFFICER, Role.MANDATE_HOLDER]
)
def test_roles_that_read_cases_list_those_of_their_office(role, who, listed):
    office = OfficeFactory(kind=OfficeKind.SECRETARIAT)
    reader = member(office, role)
    make(who.focal)
    mine = make(who.focal, office=office)

    assert listed(reader) == [mine[0].reference]


@pytest.mark.parametrize(
    "role", [Role.ANALYST, Role.EDITOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.CUSTODIAN]
)
def test_other_roles_list_none(role, who, listed, page):
    make(who.focal, 2)
    reader = member(journey.office_of(who.focal), role)

    assert listed(reader) == []
    assert "Record an allegation" not in page(reader)


def test_an_assigned_case_is_listed_until_the_assignment_ends(who, listed):
    (case,) = make(who.focal)
    assert listed(who.mechanism) == []

    journey.shareable(case, who)
    given = assignments.assign_case(
        case, office=journey.office_of(who.mechanism), duty=Duty.LETTER, by=who.reviewer
    )
    assert listed(who.mechanism) == [case.reference]

    assignments.end_assignment(given, by=who.reviewer)
    assert listed(who.mechanism) == []


def test_the_office_filter_knows_only_offices_of_cases_one_sees(who, listed, page):
    make(who.focal)
    stranger = member()
    make(stranger)
    other = journey.office_of(stranger)

    for junk in (other.pk, "0" * 32, "junk", "%00"):
        html = page(who.focal, f"?office={junk}")
        assert "Office: Choose one of the list." in unescape(html)
    assert listed(who.focal, f"?office={journey.office_of(who.focal).pk}")


def test_looking_at_the_list_is_written_down(who, listed):
    made = make(who.focal, 2)

    listed(who.focal)

    event = AuditEvent.objects.get(verb="listed")
    assert (event.actor, event.read) == (who.focal.pk, True)
    assert set(event.detail["case"]) == {str(case.pk) for case in made}


# Which cases -------------------------------------------------------------------------------------


def test_each_filter_keeps_what_it_says_and_nothing_else(who, listed):
    now = timezone.now()
    by = who.focal
    wanted = {
        "stage=VERIFY": {"stage": "VERIFY"},
        "state=XBB": {"state": "XBB"},
        "severity=4": {"severity": 4},
        "priority=URG": {"priority": "URG"},
        "verification=COR": {"verification": "COR"},
        "nature=INT": {"nature": "INT"},
        "kind=situation": {"kind": "situation"},
        "act=SUR-DIG": {"act": "SUR-DIG"},
        "owner=nobody": {"owner": None},
        "owner=others": {"owner": who.reviewer},
        "due=overdue": {"due_at": now - dt.timedelta(hours=1)},
        "due=soon": {"due_at": now + dt.timedelta(hours=1)},
        "flag=stopped": {"stopped_at": now, "stopped_by": by},
        "flag=protecting": {"protecting": True},
        "flag=unfiled": {"filed_at": None, "stage": "INTAKE"},
        "received_to=2026-01-31": {"received_on": dt.date(2026, 1, 31)},
    }
    standard = {"due_at": now + dt.timedelta(days=40), "stage": "TRIAGE"}
    made = {name: make(by, **{**standard, **fields})[0] for name, fields in wanted.items()}

    for name, case in made.items():
        assert listed(by, f"?{name}") == [case.reference], name
    rest = references(made.values()) - {made["received_to=2026-01-31"].reference}
    assert set(listed(by, "?received_from=1 Feb 2026")) == rest
    others = references([made["owner=nobody"], made["owner=others"]])
    assert set(listed(by, "?owner=me")) == references(made.values()) - others


def test_nothing_due_is_a_filter(who, listed):
    (case,) = make(who.focal)
    make(who.focal, due_at=timezone.now())

    assert listed(who.focal, "?due=none") == [case.reference]


def test_values_of_one_filter_add_up_and_filters_narrow(who, listed):
    ab = [make(who.focal, state=code, severity=n)[0] for code, n in (("XAA", 1), ("XBB", 4))]
    make(who.focal, state="XCC", severity=4)

    assert set(listed(who.focal, "?state=XAA&state=XBB")) == references(ab)
    assert listed(who.focal, "?state=XAA&state=XBB&severity=4") == [ab[1].reference]


def test_a_case_with_two_acts_is_listed_once(who, listed, sought):
    (case,) = make(who.focal)
    Act.objects.create(case=case, kind="SUR-DIG")

    assert listed(who.focal, "?act=SUR-DIG&act=LIB-DET") == [case.reference]
    assert listed(who.focal, sought(who.focal, "detention")) == [case.reference]


def test_due_soon_is_what_the_deadline_calls_soon(who, listed):
    """The mark in the row and the filter come from two places and must not part."""
    now = timezone.now()
    made = [make(who.focal, due_at=now + dt.timedelta(hours=12 * n))[0] for n in range(1, 16)]

    soon = {case.reference for case in made if case.deadlines.get().state == "soon"}

    assert soon
    assert set(listed(who.focal, "?due=soon")) == soon


@pytest.mark.parametrize(
    "query",
    [
        "stage=x",
        "state=ZZZ",
        "state=%00",
        "severity=high",
        "owner=admin",
        "received_from=13/13/2026",
        "received_to=yesterday",
        "search=nothing",
        "search=7f1f3d0e-7a49-4a58-8a27-1d1f0a0e1c11",
        "act=LIB-DET&act=%F0%9F%92%A3",
    ],
)
def test_a_value_that_is_none_is_said_and_the_page_stands(query, who, page, listed):
    make(who.focal)

    html = page(who.focal, f"?{query}")

    assert "One thing needs your attention" in html
    assert "<title>Error:" in html


@pytest.mark.parametrize(
    "query",
    ["?" + "&".join(["stage=VERIFY"] * 300), "?x=1&stage=", "?search=", "?sort=&q=x", "?=1"],
)
def test_odd_addresses_are_harmless(query, who, page):
    make(who.focal)

    assert "Error:" not in page(who.focal, query)


# Searching ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{}", "{} ", "rp{}"])
def test_a_whole_reference_leads_to_its_case(typed, who, client):
    (case,) = make(who.focal)
    client.force_login(who.focal)
    text = typed.format(case.reference).replace("rpRP-", "rp ").lower()

    response = client.post("/cases/search/", {"q": text, "stage": "CLOSE"})

    assert response.status_code == 302
    assert response.url == reverse("case-detail", args=[case.pk])


def test_script_is_led_to_the_page_of_a_case_that_is_found(who, client):
    (case,) = make(who.focal)
    client.force_login(who.focal)
    script = {"HX-Request": "true"}

    response = client.post("/cases/search/", {"q": case.reference}, headers=script)

    assert response["HX-Redirect"] == reverse("case-detail", args=[case.pk])


def test_a_reference_of_a_strangers_case_is_as_unknown_as_any(who, page, sought):
    (case,) = make(who.focal)
    stranger = member(role=Role.FOCAL_POINT)

    there, nowhere = sought(stranger, case.reference), sought(stranger, "RP-0000-00")
    theirs, none = page(stranger, there), page(stranger, nowhere)

    assert "No case matches" in theirs
    assert plain(theirs).replace(case.reference, "RP-0000-00") == plain(none)


def plain(html):
    """Without what differs from one answer to the next."""
    moment = r"\d{4}-\d\d-\d\dT[\d:.+]+"
    return re.sub(rf"csrfmiddlewaretoken[^>]*|[0-9a-f]{{8}}-[0-9a-f-]{{27}}|{moment}", "", html)


def test_words_of_codes_and_of_texts_find(who, listed, sought):
    case = journey.recorded(who)
    make(who.focal, act="SUR-DIG")

    for words in ("arrest synthetic", "internal narrative", "narrative detention"):
        assert listed(who.focal, sought(who.focal, words)) == [case.reference]
    for words in ("marrowby", "internal lantern"):
        assert listed(who.focal, sought(who.focal, words)) == []


def test_a_search_and_filters_narrow_together(who, listed, sought):
    high, low = make(who.focal, severity=3)[0], make(who.focal, severity=1)[0]

    query = sought(who.focal, "arrest", severity="3", sort="received", after="mark", x="y")

    assert listed(who.focal, query) == [high.reference]
    assert re.fullmatch(r"\?severity=3&sort=received&search=[0-9a-f-]{36}", query)
    assert low.reference in listed(who.focal, query.replace("severity=3&", ""))


def test_no_typed_word_stands_in_an_address_or_a_title(who, client, sought, page):
    query = sought(who.focal, "Thornbury lantern")
    html = page(who.focal, query)

    addresses = re.findall(r'(?:href|action|hx-post|hx-push-url)="([^"]*)"', html)
    assert "thornbury" not in query.lower()
    assert addresses
    assert not [url for url in addresses if "thornbury" in url.lower()]
    assert "Thornbury" not in re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]
    assert 'value="Thornbury lantern"' in html
    assert "Search: Thornbury lantern" in html


def test_the_address_of_a_search_works_for_its_seeker_only(who, page, listed, sought):
    case = journey.recorded(who)
    query = sought(who.focal, "narrative")
    nobodys = "?search=7f1f3d0e-7a49-4a58-8a27-1d1f0a0e1c11"

    assert listed(who.focal, query) == [case.reference]
    html = page(who.reviewer, query)
    assert "This search is not kept any more." in html
    assert 'value="narrative"' not in html
    assert plain(html) == plain(page(who.reviewer, nobodys))


def test_the_same_words_once_more_are_the_same_search(who, sought):
    first = sought(who.focal, "narrative")
    key = first.rpartition("=")[2]

    assert sought(who.focal, "narrative", search=key) == first
    assert sought(who.focal, "lantern", search=key) != first
    assert sought(who.reviewer, "narrative", search=key) != first


def test_too_long_or_nothing_is_said_and_the_filters_stay(who, page, sought):
    make(who.focal)

    query = sought(who.focal, "x" * 101, stage="VERIFY")

    assert query == "?stage=VERIFY"
    assert "Too long by 1 character" in page(who.focal, query)
    assert sought(who.focal, " ", stage="VERIFY") == "?stage=VERIFY"


def test_whoever_comes_by_an_address_finds_the_list(who, client):
    client.force_login(who.focal)

    assert client.get("/cases/search/", {"q": "narrative"}).url == URL


# People ------------------------------------------------------------------------------------------


def test_people_are_found_by_whoever_knows_them(who, listed, sought, page):
    case = journey.recorded(who)
    journey.recorded(who, name="Corvin Ashgrove")

    for words in ("Quillon Marrowby", "марроуби куиллон", "+000 555 0100 22"):
        found = listed(who.focal, sought(who.focal, words, people="on"))
        assert found == [case.reference] or words.startswith("+")
    assert "Quillon" not in page(who.focal, sought(who.focal, "Marrowby", people="on")).replace(
        "Marrowby", ""
    )


def test_a_name_of_a_case_one_sees_but_whose_people_one_does_not_know(who, page, sought):
    """The reviewer of the same office reads the case; a hit would tell the name."""
    journey.recorded(who)

    hit = page(who.reviewer, sought(who.reviewer, "Marrowby", people="on"))
    none = page(who.reviewer, sought(who.reviewer, "Nobodyby", people="on"))

    assert "No case matches" in hit
    assert plain(hit).replace("Marrowby", "Nobodyby") == plain(none)


def test_a_hit_one_may_not_see_costs_what_no_hit_costs(who, client, sought):
    journey.recorded(who)
    stranger = member(role=Role.FOCAL_POINT)
    asked = []
    for name in ("Marrowby", "Nobodyby"):
        query = sought(stranger, name, people="on")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL + query).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_whoever_is_assigned_by_name_knows_the_people_until_it_ends(who, listed, sought):
    case = journey.recorded(who)
    other = member(role=Role.FOCAL_POINT)
    given = assignments.assign_case(case, by=who.focal, user=other, duty=Duty.SUPPORT)
    query = sought(other, "Marrowby", people="on")
    assert listed(other, query) == [case.reference]

    assignments.end_assignment(given, by=who.focal)
    assert listed(other, query) == []


def test_names_are_no_business_of_who_only_reads_cases(who, client, page):
    assert 'name="people"' in page(who.focal)
    assert 'name="people"' not in page(who.mandate)
    assert client.post("/cases/search/", {"q": "Marrowby", "people": "on"}).status_code == 403


def test_past_the_measure_names_are_not_searched_and_the_words_stay(who, sought, page, monkeypatch):
    monkeypatch.setattr(searches, "MOST_FOR_PEOPLE", 2)
    journey.recorded(who)
    for name in ("Aldersey", "Thornbury"):
        sought(who.focal, name, people="on")

    html = page(who.focal, sought(who.focal, "Marrowby", people="on"))

    assert "Names were looked for 2 times within an hour" in html
    assert 'value="Marrowby"' in html
    assert "No case matches" in html


# In which order ----------------------------------------------------------------------------------


def test_each_order(who, listed, monkeypatch):
    now = timezone.now()
    late = make(who.focal, due_at=now - dt.timedelta(days=1), severity=1)[0]
    none = make(who.focal, severity=4, received_on=dt.date(2026, 2, 1))[0]
    next_ = make(who.focal, due_at=now + dt.timedelta(days=9), received_on=dt.date(2026, 3, 1))[0]
    for case, minutes in ((late, 3), (none, 1), (next_, 2)):
        when = now - dt.timedelta(minutes=minutes)
        Case.objects.filter(pk=case.pk).update(changed_at=when)

    orders = {
        "": [late, next_, none],
        "?sort=due": [late, next_, none],
        "?sort=severity": [none, next_, late],
        "?sort=changed": [none, next_, late],
        "?sort=received": [late, next_, none],
    }
    for query, order in orders.items():
        assert listed(who.focal, query) == [case.reference for case in order], query
    assert set(cases.SORTS) == {"due", "changed", "received", "severity"}


def test_an_order_that_is_none_is_said(who, page):
    make(who.focal)

    assert "There is no such order" in page(who.focal, "?sort=name; drop table")
    assert "There is no such order" not in page(who.focal, "?sort=")


def test_the_heading_says_by_what_the_list_is_sorted(who, page):
    make(who.focal)

    for sort, word, way in (
        ("due", "Deadline", "ascending"),
        ("severity", "Severity", "descending"),
        ("received", "Received", "descending"),
        ("changed", "Changed", "descending"),
    ):
        (heading,) = re.findall(
            r'aria-sort="(\w+)"><a[^>]*>(\w+)', page(who.focal, f"?sort={sort}")
        )
        assert heading == (way, word)


# Pages -------------------------------------------------------------------------------------------


def follow(page_of, user, query, rel):
    """Every page along the links called next, or previous."""
    found = []
    while query is not None:
        html = page_of(user, query)
        assert "This is the beginning of the list." not in html
        found.append(REFERENCE.findall(html))
        last = query
        (query,) = re.findall(rf'href="/cases/([^"]*)" rel="{rel}"', html) or [None]
        query = unescape(query) if query else None
    return found, last


@pytest.mark.parametrize("sort", cases.SORTS)
def test_every_case_is_on_one_page_forwards_and_backwards(sort, who, page):
    now = timezone.now()
    made = make(who.focal, 30, due_at=now + dt.timedelta(days=3)) + make(who.focal, 30)
    made += make(who.focal, 3, severity=4, received_on=dt.date(2026, 1, 1))
    make(member(), 5)

    there, last = follow(page, who.focal, f"?sort={sort}&state=XAA", "next")
    back, _first = follow(page, who.focal, last, "prev")

    assert [len(rows) for rows in there] == [25, 25, 13]
    assert len({reference for rows in there for reference in rows}) == len(made) == 63
    assert back == there[::-1]


def test_another_order_and_fewer_filters_begin_at_the_beginning(who, page):
    """The mark of a page belongs to one order of one list."""
    make(who.focal, 26)
    (following,) = re.findall(r'href="/cases/([^"]*)" rel="next"', page(who.focal, "?state=XAA"))

    html = page(who.focal, unescape(following))

    others = [url for url in re.findall(r'href="(/cases/[^"/]*)"', html) if "before" not in url]
    assert {unescape(url) for url in others} >= {"/cases/", "/cases/?state=XAA&sort=severity"}
    assert not [url for url in others if "after" in url]


def test_the_number_says_when_there_are_more_than_anybody_counts(who, page, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 28)
    make(who.focal, 28)
    assert "28 in all" in page(who.focal)

    make(who.focal)
    assert "more than 28" in page(who.focal)


def test_a_page_that_is_none_shows_the_beginning_and_says_so(who, page):
    make(who.focal, 3)

    for junk in ("after=x", "before=%00", "after=" + "9" * 3000):
        html = page(who.focal, f"?{junk}")
        assert "This is the beginning of the list." in html
        assert len(REFERENCE.findall(html)) == 3


# What is chosen ----------------------------------------------------------------------------------


def chips(html):
    found = re.findall(r'<a class="r-chip" href="([^"]*)">(.*?)<svg', html, re.DOTALL)
    return {unescape(label).strip(): unescape(url) for url, label in found}


def test_each_chosen_value_can_be_taken_away(who, page, sought):
    make(who.focal)
    search = sought(who.focal, "arrest").removeprefix("?")
    query = f"?stage=TRIAGE&stage=VERIFY&state=XAA&{search}&received_from=2026-02-01&sort=changed"

    found = chips(page(who.focal, query + "&after=x"))

    assert set(found) == {
        "Stage: Triage",
        "Stage: Verification",
        "State: Synthetic XAA (XAA)",
        "Search: arrest",
        "Received from: 1 Feb 2026",
    }
    assert found["Stage: Triage"] == (
        f"/cases/?stage=VERIFY&state=XAA&{search}&received_from=2026-02-01&sort=changed"
    )
    assert "stage" not in chips(page(who.focal, "?stage=TRIAGE"))["Stage: Triage"]


def test_nothing_matches_offers_the_way_out_and_no_hint(who, page):
    make(who.focal)
    make(member(), state="XBB", stage="VERIFY")

    html = page(who.focal, "?stage=VERIFY&sort=changed")

    assert "No case matches" in html
    assert 'href="/cases/?sort=changed"' in html
    assert "0 in all" in html
    assert "XBB" not in html


def test_markup_in_an_address_stays_text(who, page, sought):
    make(who.focal)

    query = sought(who.focal, "<script>alert(1)</script>")
    html = page(who.focal, query + "&stage=<b>&sort=<i>&after=<u>")

    assert "<script>alert" not in html
    assert "<b>" not in html.replace("<b>4", "")
    assert "&lt;script&gt;" in html


# The page itself ---------------------------------------------------------------------------------


def test_a_row_shows_whose_it_is_where_it_stands_and_what_is_due(who, page):
    now = timezone.now()
    make(who.focal, due_at=now - dt.timedelta(days=2), stage="DECIDE", severity=3, protecting=True)
    make(who.focal, owner=who.reviewer, stopped_at=now, stopped_by=who.reviewer)
    make(who.focal, owner=None)

    html = page(who.focal)

    for words in ("2 days late", "Decide", "Decision", "High", "You", "Under protection"):
        assert words in html
    assert "Stopped" in html
    assert who.reviewer.name in html
    assert '<span class="r-quiet">Nobody</span>' in html


def test_the_nearest_running_clock_is_shown_and_a_paused_one_where_none_runs(who, page):
    now = timezone.now()
    (case,) = make(who.focal, due_at=now + dt.timedelta(days=30))
    Deadline.objects.create(
        case=case, kind="triage", due_at=now - dt.timedelta(days=3), paused_at=now
    )
    assert "In 30 days" in page(who.focal)

    Deadline.objects.filter(kind="decide").update(met_at=now)
    html = page(who.focal)
    assert "Paused" in html
    assert "3 days late" not in html


def test_script_gets_the_rows_alone_and_a_clean_address(who, client):
    make(who.focal)
    client.force_login(who.focal)

    part = client.get(URL, {"x": "", "stage": "TRIAGE"}, headers={"HX-Request": "true"})
    whole = client.get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert part.content.decode().strip().startswith('<div class="r-stack" id="results">')
    assert part["HX-Push-Url"] == "/cases/?stage=TRIAGE"
    assert "<html" in whole.content.decode()


def test_the_search_in_the_head_of_every_page_leads_here(who, client):
    client.force_login(who.focal)

    html = client.get("/").content.decode()

    assert re.search(
        r'role="search" method="post" action="/cases/search/">.*?name="q"', html, re.DOTALL
    )


def test_queries_do_not_grow_with_rows(who, client, sought):
    query = sought(who.focal, "arrest", people="on")
    client.get(URL)  # the terms are kept for a minute
    counts = []
    for number in (3, 27):
        make(who.focal, number, due_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}{query}&state=XAA&owner=me")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= MOST_QUERIES


def test_no_sealed_text_is_read_for_the_list(who, client):
    journey.recorded(who)
    client.force_login(who.focal)

    with CaptureQueriesContext(connection) as queries:
        client.get(URL)

    asked = [q["sql"] for q in queries if '"cases_case"."narrative"' in q["sql"]]
    assert asked == []


def test_recording_is_offered_to_those_who_may(who, page):
    assert "Record an allegation" in page(who.focal)
    assert "Record an allegation" not in page(who.mandate)


def test_writing_to_the_list_is_not_possible(who, client):
    client.force_login(who.focal)

    assert client.post(URL).status_code == 405
    assert client.head(URL).status_code == 200
