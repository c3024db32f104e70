"""What leaves is frozen; nothing leaves while one gate is shut; the State is the case's."""

import datetime as dt
import hashlib
import io

import pypdf
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role
from cases import clocks, files
from cases.letters import digest_of
from cases.lifecycles import CaseMove, LetterStatus
from cases.models import Action, Deadline, Notice, Package, RiskAssessment
from cases.models.deadline import DeadlineKind
from cases.refusals import GateShut, MoveRefused, Refused
from cases.services import cases, communications, consents, elements, evidence, transmission
from cases.vocabulary import Stage, Verification
from tests.factories import journey, member, mission_of
from tests.samples import pdf, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def cleared(who):
    letter = journey.drafted(journey.decided(who), who)
    return letter, journey.cleared(letter, who)


def bytes_of(attachment):
    return b"".join(files.read(attachment.pk, attachment.ring))


def text_of(attachment):
    reader = pypdf.PdfReader(io.BytesIO(bytes_of(attachment)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def at_rest(ring):
    return [path for path in (settings.FILES_DIR / ring).rglob("*") if path.is_file()]


# What is frozen ----------------------------------------------------------------------------------


def test_the_package_is_the_text_that_was_cleared(who, cleared):
    letter, digest = cleared
    package = transmission.transmit(letter, by=who.mechanism, digest=digest)

    assert package.digest == digest == digest_of(package.content)
    assert package.state == letter.case.state
    letter.refresh_from_db()
    assert (letter.status, letter.transmitted_by) == (LetterStatus.TRANSMITTED, who.mechanism)
    letter.case.refresh_from_db()
    assert letter.case.stage == Stage.AWAIT


def test_without_consent_to_be_named_the_person_is_a_word(who, cleared):
    package = transmission.transmit(cleared[0], by=who.mechanism, digest=cleared[1])
    [letter] = package.attachments.all()
    for text in (str(package.content), text_of(letter)):
        assert "Person A" in text
        assert "Marrowby" not in text and "V-1" not in text and "S-1" not in text


def test_with_consent_and_asked_for_the_person_has_a_name(who):
    case = journey.decided(who)
    person = case.persons.get()
    consents.record_consent(case, by=who.focal, person=person, scope="STW", status="GRANTED")
    letter = journey.drafted(case, who)
    communications.edit_letter(letter, by=who.mechanism, version=1, in_full=[person])
    package = transmission.transmit(letter, by=who.mechanism, digest=journey.cleared(letter, who))
    assert journey.NAME in str(package.content) and "Person A" not in str(package.content)
    assert journey.NAME in text_of(package.attachments.get())


def test_with_consent_but_not_asked_for_the_person_stays_a_word(who):
    case = journey.decided(who)
    consents.record_consent(
        case, by=who.focal, person=case.persons.get(), scope="STW", status="GRANTED"
    )
    letter = journey.drafted(case, who)
    package = transmission.transmit(letter, by=who.mechanism, digest=journey.cleared(letter, who))
    assert "Marrowby" not in str(package.content)


def test_the_printed_letter_is_sealed_with_its_hash(who, cleared):
    package = transmission.transmit(cleared[0], by=who.mechanism, digest=cleared[1])
    [letter] = package.attachments.all()
    content = bytes_of(letter)
    assert (letter.kind, letter.media_type) == ("letter", "application/pdf")
    assert letter.name == f"{package.code}.pdf"
    assert (letter.sha256, letter.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert package.code in text_of(letter)
    assert all(b"%PDF" not in path.read_bytes() for path in at_rest("portal"))


def test_only_chosen_annexes_travel_under_a_neutral_name(who):
    case = journey.decided(who)
    kept = evidence.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=upload(picture(), "Quillon-at-home.png")
    )
    content = pdf()
    sent = evidence.record_evidence(
        case, by=who.focal, kind="OTH", upload=upload(content, "Marrowby passport.pdf")
    )
    journey.examined(case)
    letter = journey.drafted(case, who)
    communications.edit_letter(
        letter, by=who.mechanism, version=1, annexes=list(sent.attachments.all())
    )
    package = transmission.transmit(letter, by=who.mechanism, digest=journey.cleared(letter, who))

    [annex] = package.attachments.filter(kind="annex")
    assert annex.name == f"{package.code}-annex-1.pdf"
    copy = sent.attachments.get().clean_copy
    assert bytes_of(annex) == b"".join(files.read(copy.pk, copy.ring)) != content
    assert package.content["annexes"] == [
        {"name": "Annex 1", "sha256": hashlib.sha256(bytes_of(annex)).hexdigest()}
    ]
    hashes = set(package.attachments.values_list("sha256", flat=True))
    assert kept.attachments.get().sha256 not in hashes


def test_the_clock_is_that_of_the_mandate(who, cleared):
    package = transmission.transmit(cleared[0], by=who.mechanism, digest=cleared[1])
    assert package.due_at == clocks.response_due(package.transmitted_at, 60)
    assert package.confidential_until == clocks.confidential_until(package.transmitted_at, 60)
    assert package.content["response_days"] == 60
    [deadline] = Deadline.objects.filter(kind=DeadlineKind.RESPONSE)
    assert (deadline.due_at, deadline.communication) == (package.due_at, cleared[0])
    package.communication.case.refresh_from_db()
    assert package.communication.case.due_at <= package.due_at


def test_a_mandate_without_a_window_gives_no_date(who):
    letter = journey.drafted(journey.decided(who), who)
    transmission.rule_of(letter).delete()
    package = transmission.transmit(letter, by=who.mechanism, digest=journey.cleared(letter, who))
    assert (package.due_at, package.confidential_until) == (None, None)
    assert package.content["response_days"] is None
    assert not Deadline.objects.filter(kind=DeadlineKind.RESPONSE).exists()


def test_everybody_at_the_missions_of_the_state_is_told_and_nobody_else(who, cleared):
    colleague = member(mission_of("XAA"), Role.MISSION_HEAD)
    other = member(mission_of("XBB"), Role.MISSION_USER)
    package = transmission.transmit(cleared[0], by=who.mechanism, digest=cleared[1])
    told = Notice.objects.filter(key=f"package:{package.pk}").values_list("recipient", flat=True)
    assert set(told) == {who.mission.pk, colleague.pk}
    assert other.pk not in told


def test_that_the_un_wrote_stands_with_whatever_else_it_did(who, cleared):
    transmission.transmit(cleared[0], by=who.mechanism, digest=cleared[1])
    action = Action.objects.get(case=cleared[0].case)
    assert (action.kind, action.communication) == ("AL", cleared[0])


# What is refused ---------------------------------------------------------------------------------


def refused(letter, who, digest, error, match):
    before = len(at_rest("portal"))
    with pytest.raises(error, match=match):
        transmission.transmit(letter, by=who.mechanism, digest=digest)
    letter.refresh_from_db()
    assert not Package.objects.exists()
    assert letter.transmitted_at is None
    assert len(at_rest("portal")) == before


def test_no_package_without_clearance(who):
    letter = journey.drafted(journey.decided(who), who)
    digest = communications.composed(communications.whole(letter), by=who.mechanism).digest
    refused(letter, who, digest, MoveRefused, "Transmit")


def test_no_package_of_another_text_than_the_person_saw(who, cleared):
    refused(cleared[0], who, "0" * 64, Refused, "text changed")


def test_no_package_once_consent_is_taken_back_even_if_the_letter_still_says_cleared(who, cleared):
    letter, digest = cleared
    fields = {
        "case": letter.case,
        "person": letter.case.persons.get(),
        "scope": "STN",
        "status": "WITHDRAWN",
        "recorded_by": who.focal,
    }
    consents.Consent.objects.create(**fields)  # past the service, which would reopen the letter
    refused(letter, who, digest, GateShut, "without name: Withdrawn")


def test_no_package_without_an_assessment_of_risk_in_force(who, cleared):
    letter, digest = cleared
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    RiskAssessment.objects.update(assessed_on=yesterday, valid_until=yesterday)
    refused(letter, who, digest, GateShut, "Risk assessment of V-1: Ended")


def test_no_package_three_months_after_the_assessment_whatever_its_end(who, cleared):
    letter, digest = cleared
    long_ago = timezone.localdate() - dt.timedelta(days=93)
    RiskAssessment.objects.update(
        assessed_on=long_ago, valid_until=timezone.localdate() + dt.timedelta(days=300)
    )
    refused(letter, who, digest, GateShut, "Risk assessment")


def test_no_package_without_reasonable_grounds(who, cleared):
    letter, digest = cleared
    type(letter.case).objects.filter(pk=letter.case_id).update(verification=Verification.UNV)
    refused(letter, who, digest, GateShut, "Reasonable grounds")


def test_no_package_with_an_element_that_came_after_the_conclusion(who):
    case = journey.decided(who)
    elements.record_element(case, by=who.focal, kind="harm", statement="[V-1] was hurt.")
    letter = journey.drafted(case, who)
    refused(letter, who, journey.cleared(letter, who), GateShut, "Element 2 corroborated")


def test_no_package_once_a_source_contradicts_what_it_puts(who, cleared):
    letter, digest = cleared
    elements.corroborate(
        letter.case.elements.get(),
        letter.case.sources.get(number=1),
        by=who.focal,
        stance="contradicts",
        credibility="2",
    )
    refused(letter, who, digest, GateShut, "Element 1 corroborated")


def test_no_package_while_stopped(who, cleared):
    letter, digest = cleared
    cases.stop_case(letter.case, by=who.focal, reason="The family was threatened.")
    refused(letter, who, digest, GateShut, "No stop flag")


def test_no_package_without_the_mandates_endorsement(who, cleared):
    letter, digest = cleared
    communications.answer_for_mandate(letter.signatories.get(), by=who.mandate, endorse=False)
    refused(letter, who, digest, GateShut, "Endorsement")


def test_every_shut_gate_is_named_at_once(who, cleared):
    letter, digest = cleared
    cases.stop_case(letter.case, by=who.focal, reason="The family was threatened.")
    RiskAssessment.objects.all().delete()
    communications.answer_for_mandate(letter.signatories.get(), by=who.mandate, endorse=False)
    with pytest.raises(GateShut) as shut:
        transmission.transmit(letter, by=who.mechanism, digest=digest)
    assert len(shut.value.reasons) == 3


def test_no_package_and_no_file_where_the_case_has_gone_elsewhere(who, cleared):
    letter, digest = cleared
    cases.move_case(letter.case, CaseMove.DECIDE_AGAIN, by=who.reviewer)
    refused(letter, who, digest, GateShut, "Decision to write to the State")


def test_desk_does_not_transmit(who, cleared):
    for person in (who.focal, who.reviewer, who.mandate):
        with pytest.raises(PermissionDenied):
            transmission.transmit(cleared[0], by=person, digest=cleared[1])


def test_urgent_protection_goes_before_verification_but_never_before_consent(who):
    case = journey.decided(who)
    cases.protect(case, on=True, by=who.focal)
    type(case).objects.filter(pk=case.pk).update(verification=Verification.CHK)
    letter = communications.draft_letter(
        case, by=who.mechanism, type="UA", lead=journey.drafted(case, who).lead
    )
    digest = journey.cleared(letter, who)
    consent = {"case": case, "by": who.focal, "person": case.persons.get(), "scope": "STN"}
    consents.Consent.objects.filter(scope="STN").delete()
    refused(letter, who, digest, GateShut, "Consent of V-1")
    consents.record_consent(**consent, status="GRANTED")
    assert transmission.transmit(letter, by=who.mechanism, digest=digest)
