"""Every part at every door: nothing sticks out, nothing is refused, everybody can use it."""

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

WIDTHS = (375, 768, 1440)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.left < -1 || box.right > document.documentElement.clientWidth + 1);
}).map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 30))"""
SMALL = """() => [...document.querySelectorAll(
    ".r-tongues button, .btn:not(.btn-small, [data-close]), label.form-check"
)].filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
LOOKS = [
    ("console", "en", "light"),
    ("console", "ar", "dark"),
    ("portal", "en", "dark"),
    ("portal", "ar", "light"),
    ("submission", "ar", "light"),
    ("submission", "en", "dark"),
]


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_parts_fit_and_can_be_used_by_everybody(at_door, visit, axe, look):
    door, language, light = look
    at_door(door)

    page = visit("/gallery/?wrong", language=language, light=light)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        _keep(page, f"{door}-{language}-{light}-{width}")
        assert page.evaluate(OVERFLOW) <= 0, (width, page.evaluate(WIDEST))
        found = axe.run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found] == [], width
    assert page.evaluate("window.refusals") == []


def test_page_is_mirrored_for_arabic(at_door, visit):
    at_door("console")

    page = visit("/gallery/", language="ar")

    assert page.locator("html").get_attribute("dir") == "rtl"
    first, last = page.locator("[data-sections]"), page.locator("aside.r-stack")
    assert first.bounding_box()["x"] > last.bounding_box()["x"]


def test_targets_at_the_submission_door_can_be_hit_by_any_finger(at_door, visit):
    at_door("submission")

    page = visit("/gallery/", width=375)

    small = page.evaluate(SMALL)
    assert small == []


def _keep(page, name):
    """A picture for whoever wants to look: LOOK=folder pytest tests/look."""
    if folder := os.environ.get("LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
