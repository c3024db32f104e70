"""How files leave: not in quarantine, not in the name of the origin that runs our scripts, and
each way to them good once."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.urls import reverse

from cases import examination, files
from cases.models import AuditEvent, CustodyEntry
from cases.services import evidence, replies
from tests.api.conftest import machine
from tests.clamd import EICAR
from tests.factories import journey
from tests.samples import pdf, picture, upload

pytestmark = pytest.mark.django_db
HOST = "files.example.org"


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def file(who):
    row = evidence.record_evidence(
        journey.recorded(who), by=who.focal, kind="PHOTO", upload=upload(picture(), "Quillon.png")
    )
    return row.attachments.get()


@pytest.fixture
def at_desk(client, who):
    client.force_login(who.focal)
    return client


@pytest.fixture
def elsewhere(settings):
    settings.FILES_URL = f"http://{HOST}/"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HOST]


def link(client, file, name="evidence-attachment"):
    answer = client.get(reverse(name, args=[file.pk]))
    assert answer.status_code == 302
    assert urlsplit(answer.url).netloc == HOST
    return urlsplit(answer.url).path


def follow(client, path, **headers):
    return client.get(path, headers={"host": HOST, **headers})


# Where there is no host for files ---------------------------------------------------------------


def test_a_download_is_a_sandbox_also_from_the_door_itself(at_desk, file):
    answer = at_desk.get(reverse("evidence-attachment", args=[file.pk]))
    assert b"".join(answer.streaming_content) == picture()
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "Quillon" not in str(answer.headers)
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]


def test_the_clean_copy_is_downloaded_and_written_down(at_desk, file, who):
    address = reverse("evidence-clean-copy", args=[file.pk])
    assert at_desk.get(address, follow=True).context["messages"]  # not there yet, in words
    examination.examine_evidence(file.pk)
    made = b"".join(at_desk.get(address).streaming_content)
    at_desk.get(reverse("evidence-attachment", args=[file.pk]))
    file.refresh_from_db()
    assert made == b"".join(files.read(file.clean_copy.pk, file.ring))
    opened = CustodyEntry.objects.filter(file=file.pk, by=who.focal.pk)
    assert list(opened.values_list("step", flat=True)) == ["received", "copy_opened", "opened"]
    assert AuditEvent.objects.filter(subject=str(file.clean_copy.pk), read=True).count() == 1


# Quarantine (T27) -------------------------------------------------------------------------------


def infected(who):
    row = evidence.record_evidence(
        journey.recorded(who), by=who.focal, kind="OTH", upload=upload(EICAR, "note.txt")
    )
    return row.attachments.get()


@pytest.mark.parametrize("scanned", [True, False], ids=["infected", "waiting"])
def test_what_is_in_quarantine_is_opened_by_nobody_on_no_road(client, who, clamd, scanned):
    file = infected(who)
    if scanned:
        examination.examine_evidence(file.pk)
    for person in (who.focal, who.reviewer, who.focal):
        client.force_login(person)
        for name in ("evidence-attachment", "evidence-clean-copy"):
            answer = client.get(reverse(name, args=[file.pk]))
            assert answer.status_code == 302 and answer.url.startswith("/cases/")
        api = machine(person)
        for road in ("content", "clean_copy"):
            answer = api.get(f"evidence-attachments/{file.pk}/{road}/", HTTP_ACCEPT="*/*")
            assert answer.status_code == 409 and answer.json()["reasons"]
        shown = api.get(f"evidence-attachments/{file.pk}/").json()
        assert shown["quarantined"] is True
        page = client.get(reverse("case-detail", args=[file.evidence.case_id])).content.decode()
        assert reverse("evidence-attachment", args=[file.pk]) not in page
        assert ("Virus found" if scanned else "Waiting for the virus scanner") in page
    assert not CustodyEntry.objects.filter(step__contains="opened").exists()


def test_a_scan_that_found_something_later_shuts_the_clean_copy_too(at_desk, file, clamd, settings):
    url, settings.CLAMD = settings.CLAMD, ""
    examination.examine_evidence(file.pk)
    settings.CLAMD, clamd.says = url, "New FOUND"
    examination.examine_evidence(file.pk)
    answer = at_desk.get(reverse("evidence-clean-copy", args=[file.pk]))
    assert answer.status_code == 302 and not answer.has_header("Content-Disposition")


def test_what_a_mission_attached_is_shut_until_it_was_scanned(client, who, clamd):
    reply = replies.start_reply(journey.transmitted(who), by=who.mission)
    content = pdf()
    file = replies.attach(reply, upload(content, "a.pdf"), by=who.mission)
    replies.submit_reply(reply, by=who.mission, version=reply.version)
    client.force_login(who.focal)
    address = reverse("reply-attachment", args=[file.pk])
    assert client.get(address).status_code == 302
    examination.scan_reply(file.pk)
    assert b"".join(client.get(address).streaming_content) == content


def test_where_nothing_scans_the_page_and_the_api_say_so(at_desk, who, file):
    page = at_desk.get(reverse("case-detail", args=[file.evidence.case_id])).content.decode()
    assert "Not scanned for viruses" in page
    shown = machine(who.focal).get(f"evidence-attachments/{file.pk}/").json()
    assert (shown["scan"], shown["quarantined"]) == ("none", False)


# A host of their own (T26) ----------------------------------------------------------------------


def followed_apart(client, path):
    """In a thread, whose connection nobody else would close."""
    try:
        return follow(client, path)
    finally:
        connections.close_all()


@pytest.mark.usefixtures("elsewhere")
class TestHost:
    def test_one_link_gives_one_file_once(self, at_desk, file):
        path = link(at_desk, file)
        answer = follow(at_desk, path)
        assert b"".join(answer.streaming_content) == picture()
        assert not answer.cookies and "sandbox" in answer["Content-Security-Policy"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert follow(at_desk, path).status_code == 404

    def test_of_many_at_once_one_gets_it(self, at_desk, file, client_class=None):
        path = link(at_desk, file)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _n: followed_apart(type(at_desk)(), path), range(8)))
        assert sorted(answer.status_code for answer in answers) == [200] + [404] * 7
        [found] = [answer for answer in answers if answer.status_code == 200]
        assert b"".join(found.streaming_content) == picture()

    def test_the_link_is_good_only_there_and_only_for_a_person_who_follows_it(self, at_desk, file):
        path = link(at_desk, file)
        assert at_desk.get(path).status_code == 404  # at the door
        assert at_desk.post(path, headers={"host": HOST}).status_code == 404
        for mode in ("cors", "no-cors", "same-origin", "websocket"):
            assert follow(at_desk, path, sec_fetch_mode=mode).status_code == 404
        assert follow(at_desk, path, sec_fetch_mode="navigate").status_code == 200

    def test_that_host_knows_no_page_no_cookie_and_no_script(self, at_desk, file):
        for path in (
            "/",
            "/healthz",
            "/cases/",
            "/api/v1/cases/",
            "/accounts/login/",
            "/admin/",
            "/static/js/reprisals.js",
            reverse("evidence-attachment", args=[file.pk]),
        ):
            answer = follow(at_desk, path)
            assert (answer.status_code, answer.content) == (404, b"")
            assert not answer.cookies and "sandbox" in answer["Content-Security-Policy"]
            assert at_desk.get(path, headers={"host": f"{HOST}:443"}).status_code == 404

    def test_a_stranger_gets_no_link(self, client, file):
        client.force_login(journey.cast().focal)
        assert client.get(reverse("evidence-attachment", args=[file.pk])).status_code == 404

    def test_the_api_leads_there_too(self, client, who, file):
        road = f"evidence-attachments/{file.pk}/content/"
        answer = machine(who.focal).get(road, HTTP_ACCEPT="*/*")
        assert answer.status_code == 302
        found = follow(client, urlsplit(answer.url).path)
        assert b"".join(found.streaming_content) == picture()

    def test_no_token_stands_in_a_log_or_in_the_cache(self, at_desk, file, caplog, settings):
        path = link(at_desk, file)
        follow(at_desk, path), follow(at_desk, path)
        token = path.removeprefix("/")
        assert len(token) >= 43
        assert token not in caplog.text
        events = AuditEvent.objects.filter(subject=str(file.pk), verb="read")
        assert events.count() == 1 and token not in str(events.values())
