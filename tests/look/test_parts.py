"""Parts say what they promise, and never more markup than theirs."""

from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from cases.forms import Form, PlainTextField
from cases.models import Case
from cases.vocabulary import Stage

EVIL = "<script>alert(1)</script>"


def draw(source, **context):
    return engines["django"].from_string(source).render(context)


class TwoForm(Form):
    name = PlainTextField(label="Name")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("Both do not go together.")


@pytest.mark.parametrize(
    "source",
    [
        '{% status "new" evil %}',
        "{% tag evil %}",
        '{% mark "bad" evil %}',
        "{% card evil evil foot=evil %}{{ evil }}{% endcard %}",
        "{% note title=evil %}{{ evil }}{% endnote %}",
        "{% empty_state evil evil evil evil %}",
        "{% shut_button evil evil %}",
        "{% post_button evil evil field=evil %}",
        "{% confirmation evil evil evil evil %}",
        "{% file_row evil evil evil %}",
        "{% diff theirs yours %}",
        "{% diff theirs yours theirs %}",
        "{% facts pairs %}",
        "{% crumbs evil evil evil %}",
        "{% person who '#' name=evil detail=evil %}",
        "{% timeline events %}",
        "{% gates gates %}",
        "{% page_title %}{{ evil }}{% endpage_title %}",
        "{% tabs events evil %}{% sections events evil %}{% steps events evil %}",
        "{% chips events evil %}{% facet evil evil events %}{% track events evil %}",
        "{% toast evil %}",
        "{{ evil|term:'V-NONE' }}",
    ],
)
@pytest.mark.django_db
def test_what_people_wrote_stays_text(source):
    one = SimpleNamespace(
        code=EVIL, text=EVIL, by=EVIL, label=EVIL, url=EVIL, id=EVIL, value=EVIL, state="",
        kind="", at=None, count=EVIL, current=False,
    )  # fmt: skip
    gate = {"state": "shut", "title": EVIL, "reason": EVIL, "url": EVIL, "action": EVIL}

    drawn = draw(
        source,
        evil=EVIL,
        who=one,
        events=[one],
        gates=[gate],
        pairs=[(EVIL, EVIL)],
        theirs={EVIL: EVIL},
        yours={EVIL: f"{EVIL} {EVIL}"},
    )

    assert "<script" not in drawn
    assert "&lt;script" in drawn and "&amp;lt;" not in drawn


def test_gates_stand_shut_ones_first_and_name_what_to_do():
    states = ["open", "wait", "soon", "shut"]
    items = [{"state": s, "title": s, "reason": "r", "section": "consent"} for s in states]

    drawn = draw("{% gates items '/cases/1/' %}", items=items)

    places = [drawn.index(f'data-gate="{state}"') for state in ("shut", "soon", "wait", "open")]
    assert places == sorted(places)
    assert drawn.count('href="/cases/1/#consent"') == 3  # nothing to do where it is open


def test_a_shut_button_is_reachable_and_says_why():
    drawn = draw("{% shut_button 'Transmit' 'Consent of V-2 is missing.' %}")

    assert 'aria-disabled="true" aria-describedby="why-transmit"' in drawn
    assert 'id="why-transmit">Consent of V-2 is missing.' in drawn
    assert " disabled" not in drawn


def test_a_person_is_masked_unless_a_name_is_handed_over():
    who = SimpleNamespace(code="V-1", kind="individual", name="never drawn")

    masked = draw("{% person who '/show/' %}", who=who, csrf_token="t0ken")
    bare = draw("{% person who %}", who=who)

    assert "never drawn" not in masked + bare
    assert 'action="/show/"' in masked and 't0ken"' in masked
    assert "<form" not in bare


def test_errors_are_counted_in_words_and_lead_to_their_fields():
    drawn = draw("{% errors form %}", form=TwoForm({}))

    assert "Three things need your attention" in drawn
    assert '<a href="#id_name">Name: Fill this in.</a>' in drawn
    assert '<a href="#id_kind_0">Kind: Choose one.</a>' in drawn
    assert "<li>Both do not go together.</li>" in drawn


def test_errors_of_formsets_count_too():
    many = forms.formset_factory(TwoForm)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"}

    assert 'href="#id_form-0-kind_0"' in draw("{% errors a b %}", a=None, b=many(data))


def test_no_errors_draw_nothing():
    assert draw("{% errors form %}", form=TwoForm()).strip() == ""


def test_title_says_error_once():
    source = "{% page_title %}{{ before }}Record{% endpage_title %}"

    assert draw(source, form=TwoForm()) == "Record"
    assert draw(source, form=TwoForm({})) == "Error: Record"
    assert draw(source, form=TwoForm({}), before="Error: ") == "Error: Record"


def test_two_versions_show_only_what_differs_word_by_word():
    theirs = {"Place": "same", "Story": "held at the border"}
    yours = {"Place": "same", "Story": "held at home\nand asked"}

    drawn = draw("{% diff theirs yours %}", theirs=theirs, yours=yours)

    assert "Place" not in drawn
    assert "<ins>the border</ins>" in drawn
    assert "<ins>home<br>and asked</ins>" in drawn


def test_with_the_beginning_known_what_was_taken_out_is_marked():
    base, theirs, yours = {"a": "one two"}, {"a": "one"}, {"a": "one two three"}

    drawn = draw("{% diff t y b %}", t=theirs, y=yours, b=base)

    assert "<del> two</del>" in drawn and "<ins> three</ins>" in drawn


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.PROTECT])
def test_every_stage_has_a_sign_and_a_word(stage):
    drawn = draw("{% case_status case %}", case=Case(stage=stage))

    assert f">{stage.value}<" not in drawn  # a label, not the code


@pytest.mark.django_db
def test_a_stop_goes_before_the_stage():
    case = Case(stage=Stage.CLOSE, stopped_at="2026-11-24")

    assert 'data-kind="stop">Stopped' in draw("{% case_status case %}", case=case)


def test_the_place_one_is_at_is_marked_on_its_page_and_below(settings):
    settings.ROOT_URLCONF = "tests.look.urls"
    source = '{% nav_link "case-list" "Cases" %}{% nav_link "home" "Home" %}'

    def drawn(path):
        return draw(source, request=RequestFactory().get(path))

    assert 'href="/case-list/" aria-current="page"' in drawn("/case-list/")
    assert 'href="/case-list/" aria-current="true"' in drawn("/case-list/1/")
    assert "aria-current" not in drawn("/me/")


def test_a_route_that_the_door_does_not_have_draws_no_link(settings):
    settings.ROOT_URLCONF = "tests.look.urls"

    assert draw('{% nav_link "no-such" "Nothing" %}').strip() == ""


def test_pages_say_more_than_where_the_count_stops():
    assert "more than 1,000" in draw("{% pages '' '?a=1' count=1000 capped=True %}")
    assert "12 in all" in draw("{% pages count=12 %}")
