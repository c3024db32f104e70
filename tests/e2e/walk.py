"""The stretches of one case's way, as people walk them: every step by what the page says."""

import re

from playwright.sync_api import Page, expect

from tests.samples import pdf

NAME = "Quillon Marrowby"
SUBJECT = "Alleged detention of a lawyer"
STATEMENT = "On 3 September 2026 [V-1] was allegedly detained."
ANSWER = "The Government states that the person was never detained."


def record(page: Page, state: str) -> str:
    """Record a case in steps and file it. Returns the address of its page."""
    page.get_by_role("link", name="Record an allegation").click()
    page.get_by_label("State", exact=True).fill(state)
    choose(page, "Nature of the act", "Reprisal")
    press(page, "Open the case")
    _whom_and_what(page)
    _who_says_so(page)
    _what_the_person_allowed(page)
    page.get_by_label("Internal narrative").fill("V-1 was allegedly detained after a side event.")
    page.get_by_label("Text for the State").fill("[V-1], a lawyer, was allegedly detained.")
    press(page, "Save and continue")
    press(page, "File the case")
    return page.url.partition("#")[0]


def _whom_and_what(page: Page) -> None:
    choose(page, "Sex or gender", "Woman")
    choose(page, "Age group", "Adult")
    page.get_by_label("Name, as the person writes it").fill(NAME)
    page.get_by_label("Human rights defender", exact=True).check()
    press(page, "Save and continue")

    choose(page, "Alleged act", "Arbitrary arrest or detention")
    page.get_by_label("From").fill("2026-09-03")
    page.get_by_label("V-1").check()
    page.get_by_label("Police").check()
    press(page, "Save and continue")

    choose(page, "State of cooperation", "Has cooperated")
    choose(page, "Form of cooperation", "Side event")
    choose(page, "With which body", "Human Rights Council")
    choose(page, "Strength of the link", "Explicitly stated")
    page.get_by_label("What the link rests on").fill("Officers allegedly named the side event.")
    press(page, "Save and continue")


def _who_says_so(page: Page) -> None:
    choose(page, "Kind of source", "Family")
    choose(page, "How it knows", "Direct witness")
    choose(page, "Reliability", "Usually reliable")
    press(page, "Save and add another source")
    choose(page, "Kind of source", "Legal representative")
    choose(page, "How it knows", "Participant")
    choose(page, "Reliability", "Completely reliable")
    page.get_by_label("S-1").check()
    press(page, "Save and continue")

    choose(page, "Kind of fact", "Act")
    page.get_by_label("What is alleged").fill(STATEMENT)
    press(page, "Save and continue")

    choose(page, "Kind of evidence", "Court record")
    page.get_by_label("File").set_input_files(
        {"name": "order.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    press(page, "Save and continue")


def _what_the_person_allowed(page: Page) -> None:
    for use, answer, onward in (
        ("Store only", "Granted", "Save and record another answer"),
        ("Share inside the UN", "Granted", "Save and record another answer"),
        ("To the State, with name", "Refused", "Save and record another answer"),
        ("To the State, without name", "Granted", "Save and continue"),
    ):
        choose(page, "Person", "V-1")
        choose(page, "What for", use)
        choose(page, "Answer", answer)
        press(page, onward)
    choose(page, "For whom", "V-1")
    choose(page, "Risk", "High")
    press(page, "Save and continue")


WIDER = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
WIDTHS = (375, 768, 1440)
LANGUAGES = ("en", "fr", "ru", "ar")


def too_wide(page: Page, door: str, addresses: list[str]) -> list[str]:
    """Which pages scroll sideways: at three widths, in short, long and mirrored languages."""
    found = []
    for language in LANGUAGES:
        page.context.add_cookies(
            [{"name": f"{door}-language", "value": language, "url": addresses[0]}]
        )
        for address in addresses:
            page.goto(address)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate(WIDER) > 0:
                    found.append(f"{language} {width} {address}")
    return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()
    expect(page.get_by_role("alert")).to_have_count(0)


def choose(page: Page, label: str, option: str) -> None:
    """The option whose words begin so."""
    field = page.get_by_label(re.compile(f"^{label}"))
    expect(field).to_be_visible()  # reading the options waits for nothing
    words = field.locator("option").all_inner_texts()
    field.select_option(label=next(word for word in words if word.strip().startswith(option)))


def verify_and_decide(focal: Page, reviewer: Page, case: str) -> None:
    """Triage to decision: what each source says, what it comes to, and who writes."""
    focal.goto(case)
    for step in ("Take into triage", "Go on to consent", "Go on to risk", "Start verifying"):
        press(focal, step)
    for source in ("S-1", "S-2"):
        focal.get_by_role("link", name=f"Say (element 1, {source})").click()
        focal.get_by_label("Supports").check()
        choose(focal, "Credibility", "Probably true")
        press(focal, "Save")
    reviewer.goto(case)
    reviewer.get_by_role("link", name="Conclude the verification").click()
    reviewer.get_by_label("Reasonable grounds to believe").check()
    press(reviewer, "Conclude")
    press(reviewer, "Put to decision")
    reviewer.get_by_role("link", name="Decide to write to the State").click()
    press(reviewer, "Decide to write to the State")
    reviewer.get_by_role("link", name="Assign", exact=True).click()
    choose(reviewer, "An office", "Secretariat")
    choose(reviewer, "Duty", "Writes to the State")
    press(reviewer, "Assign")


def draft(mechanism: Page, case: str) -> str:
    """Begin an allegation letter, see the name of a person refused, and ask for clearance."""
    mechanism.goto(case)
    mechanism.get_by_role("link", name="Draft a letter").first.click()
    mechanism.get_by_label("Allegation letter").check()
    mechanism.get_by_label("Subject, as the State will read it").fill(SUBJECT)
    press(mechanism, "Begin the letter")
    body = mechanism.get_by_label("Text", exact=True)
    text = body.input_value()
    body.fill(f"{text}\n\nHer name is {NAME}.")
    press(mechanism, "Save")
    expect(mechanism.get_by_text("something that identifies V-1").first).to_be_visible()
    mechanism.get_by_label("Text", exact=True).fill(text)
    press(mechanism, "Save")
    mechanism.get_by_role("link", name="Stop writing").click()
    press(mechanism, "Ask for clearance")
    return mechanism.url.partition("#")[0]


def send(mechanism: Page, mandate: Page, reviewer: Page, letter: str) -> None:
    """Endorsed by the mandate, cleared by a second person, transmitted."""
    mandate.goto(letter)
    press(mandate, "Endorse this text")
    reviewer.goto(letter)
    press(reviewer, "Clear this text")
    mechanism.goto(letter)
    mechanism.get_by_role("link", name="Transmit to").click()
    press(mechanism, "Transmit")


def answer(mission: Page) -> None:
    """Read the letter at the portal, acknowledge it, answer each question and submit."""
    mission.get_by_role("link", name=SUBJECT).click()
    expect(mission.locator("article")).to_contain_text("Person A was allegedly detained")
    expect(mission.locator("body")).not_to_contain_text(NAME)
    expect(mission.locator("body")).not_to_contain_text("V-1")
    press(mission, "Acknowledge receipt")
    mission.get_by_role("button", name="Prepare the reply").first.click()
    places = mission.get_by_label(re.compile("^Your answer to question"))
    expect(places.first).to_be_visible()
    for place in places.all():
        place.fill(ANSWER)
    position = mission.get_by_label("The Government’s position on element 1")
    position.select_option(label="Denies")
    press(mission, "Save, check and submit")
    mission.get_by_label("I am authorised").check()
    mission.get_by_label("I understand").check()
    press(mission, "Submit the reply")
    with mission.expect_download() as receipt:
        mission.get_by_role("link", name=re.compile("receipt", re.IGNORECASE)).first.click()
    assert receipt.value.path().read_bytes().startswith(b"%PDF")


def assess(focal: Page, case: str) -> None:
    """Find the answer where the home page says that it waits, and say what it amounts to."""
    home = case.partition("/cases/")[0]
    focal.goto(home)
    focal.get_by_role("link", name=re.compile("^Assess reply")).click()
    expect(focal.locator("main")).to_contain_text(ANSWER)
    focal.get_by_role("link", name="Assess the reply").click()
    choose(focal, "Element 1: what the reply does with it", "Denies without substantiation")
    focal.get_by_label("C: Not satisfactory").check()
    press(focal, "Save the assessment")
    focal.goto(case)
