import re
import string

import pytest

from cluster.base import money as platform
from cluster.offline.figures import OTHER_EXPONENTS
from solver.shares import Rule, Verdict
from solver.statements.answer_text import answer_text
from solver.statements.catalogue import messages, say
from solver.statements.numbers import EXPONENTS, Language, clock, decimal, hours, km, money, percent, tenths
from solver.statements.questions import DayLater, StayOut, WiderWindow
from solver.statements.statement import statement
from solver.statements.text import statement_text
from solver.statements.what_if import what_if
from tests.solver.statements.days import four_on_the_road

EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))
SENTENCE_ENDS = r"[.。](?=\s|$|[^\s\d])"


def fields(template: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@EVERY_LANGUAGE
def test_every_language_has_the_same_messages_with_the_same_fields(language: Language) -> None:
    english, here = messages(Language.ENGLISH), messages(language)
    assert set(here) == set(english)
    assert {key for key in here if fields(here[key]) != fields(english[key])} == set()
    assert [key for key, text in here.items() if not text.strip()] == []


@pytest.mark.parametrize("language", [Language.VIETNAMESE, Language.GERMAN, Language.CHINESE])
def test_no_sentence_was_left_in_english(language: Language) -> None:
    english, here = messages(Language.ENGLISH), messages(language)
    assert [
        key for key in here if here[key] == english[key] and len(english[key].split()) > 2 and "{" not in here[key]
    ] == []


@EVERY_LANGUAGE
def test_every_rule_is_explained_in_two_plain_sentences(language: Language) -> None:
    for rule in Rule:
        assert say(language, f"name_{rule}")
        assert len(re.findall(SENTENCE_ENDS, say(language, f"rule_{rule}"))) == 2, rule


@EVERY_LANGUAGE
def test_every_verdict_and_question_has_its_words(language: Language) -> None:
    assert all(say(language, f"verdict_{verdict}") for verdict in Verdict)
    assert all(say(language, f"if_{kind.__struct_config__.tag}") for kind in (StayOut, WiderWindow, DayLater))


@EVERY_LANGUAGE
def test_statements_and_answers_can_be_written_in_every_language(language: Language) -> None:
    day, plan, split = four_on_the_road()
    text = statement_text(statement(day, plan, split, "anna", reference="42"), language)
    assert text.startswith(say(language, "title", member="anna"))
    assert "{" not in text
    for question in (StayOut(), WiderWindow(later_s=60), DayLater()):
        assert "{" not in answer_text(what_if(day, plan, None, split, "anna", question), language)


@pytest.mark.parametrize(
    ("language", "euro", "dong", "yuan", "minus"),
    [
        (Language.ENGLISH, "EUR 1,234,567.89", "VND 123,456,789", "CNY 0.05", "-EUR 12.50"),
        (Language.VIETNAMESE, "1.234.567,89 EUR", "123.456.789 VND", "0,05 CNY", "-12,50 EUR"),
        (Language.GERMAN, "1.234.567,89 EUR", "123.456.789 VND", "0,05 CNY", "-12,50 EUR"),
        (Language.CHINESE, "EUR 1,234,567.89", "VND 123,456,789", "CNY 0.05", "-EUR 12.50"),
    ],
)
def test_money_is_written_as_the_language_writes_it(
    language: Language, euro: str, dong: str, yuan: str, minus: str
) -> None:
    written = [money(123_456_789, "EUR", language), money(123_456_789, "VND", language)]
    written += [money(5, "CNY", language), money(-1_250, "EUR", language)]
    assert [text.replace("\u00a0", " ") for text in written] == [euro, dong, yuan, minus]
    assert all(" " not in text for text in written), "an amount does not break across lines"


def test_decimals_of_currencies_are_those_of_iso_4217_everywhere() -> None:
    known = platform.EXPONENTS | OTHER_EXPONENTS
    assert {currency for currency, digits in known.items() if EXPONENTS.get(currency, 2) != digits} == set()
    assert [EXPONENTS.get(currency, 2) for currency in ("VND", "EUR", "CNY", "KWD")] == [0, 2, 2, 3]


def test_numbers_are_rounded_half_up_and_carry_their_units() -> None:
    assert km(1_250, Language.GERMAN) == "1,3\u00a0km"
    assert hours(5_400, Language.ENGLISH) == "1.5"
    assert (percent(666, Language.VIETNAMESE), percent(-5, Language.GERMAN)) == ("66,6%", "-0,5\u00a0%")
    assert tenths(-1_250, 1_000, Language.ENGLISH) == "-1.3"
    assert decimal(1_000_000, 0, Language.CHINESE) == "1,000,000"
    assert (clock(86_399), clock(90_000)) == ((1, "23:59"), (2, "01:00"))


@EVERY_LANGUAGE
def test_a_missing_field_is_an_error_and_not_a_gap(language: Language) -> None:
    with pytest.raises(KeyError):
        say(language, "title")
