"""T23 and T26 in a real browser: what stays behind on a machine, and where files come from."""

from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error

from cases import examination
from cases.services import evidence
from launch.browser import chromium
from launch.doors import FILES_APART
from tests.factories import journey
from tests.factories.accounts import PASSWORD
from tests.samples import picture, upload

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
]
CANARY = "Zyqxvkwmarrow"
KEPT = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, document.cookie, history.state,
    await indexedDB.databases(), await caches.keys(),
])"""


def test_nothing_of_a_case_stays_on_the_machine_and_files_come_from_elsewhere(house, tmp_path):
    case = kept_case()
    page = house.enter("console", "focal@example.org")
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    page.goto(f"{house.urls['console']}/cases/{case.pk}/")
    page.get_by_role("button", name="Show name").first.click()
    page.get_by_text(CANARY, exact=True).first.wait_for()
    seen.append(page.title())

    download(page, house, tmp_path / "file")
    page.goto(f"{house.urls['console']}/cases/{case.pk}/edit/")
    fields = page.locator("form[data-draft-url] textarea, form[data-draft-url] input[type=text]")
    assert {field.get_attribute("autocomplete") for field in fields.all()} <= {"off"}

    page.goto(f"{house.urls['console']}/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/logout/" not in url)
    assert CANARY not in page.evaluate(KEPT)
    assert not any(CANARY in text for text in seen)
    for _step in range(4):
        with suppress(Error):  # what came of a form is not even asked for again
            page.go_back()
        page.wait_for_timeout(1000)  # what the browser says instead is a page of its own
        shown = page.locator("html").inner_html()
        assert CANARY not in shown and case.reference not in shown


def kept_case():
    who = journey.cast()
    who.focal.email = "focal@example.org"
    who.focal.set_password(PASSWORD)
    who.focal.save()
    case = journey.recorded(who, name=CANARY)
    content = picture()
    row = evidence.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=upload(content, f"{CANARY}.png")
    )
    examination.examine_evidence(row.attachments.get().pk)
    return case


def download(page, house, path) -> None:
    with page.expect_download() as waited:
        page.get_by_role("link", name=f"{CANARY}.png", exact=True).click()
    given = waited.value
    files = urlsplit(house.urls["console"]).port + FILES_APART
    assert urlsplit(given.url).port == files
    assert CANARY not in given.suggested_filename + given.url
    given.save_as(path)
    assert path.read_bytes() == picture()
