"""What script adds, seen in Chromium; without script each page still does its work."""

import re

import pytest
from playwright.sync_api import expect

from tests.look import gallery

SAVED = re.compile(r"^Saved \d\d:\d\d$")

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _nothing_kept():
    gallery.KEPT.clear()
    gallery.SENT.clear()


def test_typed_text_is_kept_and_said_to_be(at_door, visit):
    at_door("console")
    page = visit("/typed/")

    page.get_by_label("What happened").fill("V-1 was allegedly detained.")

    expect(page.locator("[data-draft-state]")).to_have_text(SAVED, timeout=8000)
    assert [kept["story"] for kept in gallery.KEPT] == ["V-1 was allegedly detained."]
    assert "csrfmiddlewaretoken" not in gallery.KEPT[0]


def test_code_of_a_person_goes_where_one_was_writing(at_door, visit):
    at_door("console")
    page = visit("/typed/")
    story = page.get_by_label("What happened")
    story.fill("Allegedly  was held.")
    story.evaluate("text => text.setSelectionRange(10, 10)")

    page.get_by_role("button", name="Insert").click()

    expect(story).to_have_value("Allegedly [V-1] was held.")
    expect(page.locator("[data-draft-state]")).to_have_text(SAVED, timeout=8000)


def test_leaving_the_page_keeps_what_was_typed_a_moment_ago(at_door, visit):
    at_door("console")
    page = visit("/typed/")
    page.get_by_label("What happened").fill("Half a sent")

    page.goto(page.url.replace("typed", "gallery"))
    page.wait_for_timeout(1000)

    assert [kept["story"] for kept in gallery.KEPT] == ["Half a sent"]


def test_losing_the_connection_is_said_and_nothing_is_lost(at_door, visit):
    at_door("console")
    page = visit("/typed/")
    page.context.set_offline(True)

    page.get_by_label("What happened").fill("Still here")

    expect(page.locator("[data-draft-state]")).to_have_text(
        "Not saved: no connection", timeout=8000
    )
    page.context.set_offline(False)
    expect(page.locator("[data-draft-state]")).to_have_text(SAVED, timeout=8000)
    assert gallery.KEPT[-1]["story"] == "Still here"


def test_two_presses_send_once(at_door, visit):
    at_door("console")
    page = visit("/typed/")

    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_timeout(500)

    assert len(gallery.SENT) == 1
    assert gallery.SENT[0]["go"] == "on"  # the pressed button still tells its name


def test_a_shown_name_leaves_the_page_when_its_clock_ends(at_door, visit):
    at_door("console")
    page = visit("/gallery/?hide=3")
    expect(page.get_by_text("Фамилия 王")).to_be_visible()

    expect(page.get_by_text("Фамилия 王")).to_have_count(0, timeout=8000)

    assert "Фамилия" not in page.content()
    expect(page.locator("#people").get_by_role("button", name="Show name")).to_have_count(2)


def test_keys_lead_through_a_list(at_door, visit):
    at_door("console")
    page = visit("/gallery/")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert "Dissolution" in page.locator("tr.is-here").inner_text()
    assert page.locator("input[name=pick]:checked").get_attribute("value") == "2"
    page.keyboard.press("Enter")
    assert page.url.endswith("#second")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("j?")
    assert page.locator("#find").input_value() == "j?"
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_errors_take_the_focus(at_door, visit):
    at_door("console")

    page = visit("/gallery/?wrong")

    assert page.evaluate("document.activeElement.matches('.r-errors')")
    assert page.title().startswith("Error: Parts")


def test_leaving_the_submission_door_leaves_no_way_back(at_door, visit):
    at_door("submission")
    page = visit("/gallery/")
    page.goto(page.url.replace("gallery", "start"))
    length = page.evaluate("history.length")

    page.get_by_role("link", name="Leave now").click()
    page.wait_for_url("**/leave/")

    assert page.evaluate("history.length") == length
