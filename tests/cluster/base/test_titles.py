"""Refusals in the asker's language: every title and kind of thing has its words, and the codes stay."""

import re
from collections.abc import Iterator

import pytest

import cluster.app  # noqa: F401  (so that every refusal of every folder is known)
from cluster.base.errors import NOUNS, ClusterError, FieldFault
from cluster.base.languages import LANGUAGES, best_of
from cluster.base.titles import DETAILS, KINDS, TITLES, TRANSLATED, told
from tests.cluster.api import Caller, World

pytestmark = pytest.mark.anyio


def refusals(above: type[ClusterError] = ClusterError) -> Iterator[type[ClusterError]]:
    """Every kind of refusal."""
    yield above
    for kind in above.__subclasses__():
        yield from refusals(kind)


def test_every_title_and_every_kind_of_thing_has_words_in_every_language() -> None:
    assert {kind.title for kind in refusals()} <= TITLES.keys()
    assert KINDS.keys() == NOUNS.keys() | {""}
    texts = [*TITLES.values(), *KINDS.values(), *DETAILS.values()]
    assert {len(each) for each in texts} == {len(TRANSLATED)}
    assert [each for each in texts if not all(each)] == []


@pytest.mark.parametrize("pattern", DETAILS)
def test_a_translated_detail_says_the_values_that_the_english_says(pattern: str) -> None:
    values = set(re.findall(r"\(\?P<(\w+)>", pattern))
    for text in DETAILS[pattern]:
        assert set(re.findall(r"{(\w+)}", text)) == values


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr, zh-Hans-CN;q=0.5, vi;q=0.7", "vi"),
        ("zh;q=0, vi;q=0.1", "vi"),
        ("en;q=0.1, vi;q=0.9", "vi"),
        ("*", "en"),
        ("de;q=x, ,;;=,\x00", "en"),
        ("de;q=\u0663", "en"),
        ("," * 9000 + "de", "en"),
    ],
)
def test_the_best_language_that_is_offered_is_spoken(accepted: str | None, best: str) -> None:
    assert best_of(accepted, LANGUAGES, "en") == best


def test_what_has_no_words_stays_english_and_is_said_to_be() -> None:
    known = told("de", "Not found", "There is no such shipment.", ())
    assert known == ("Nicht gefunden", "Das gibt es nicht: Sendung.", "de")
    told_in_english = told("de", "Not possible in this state", "This plan is queued.", ())
    assert told_in_english == ("In diesem Zustand nicht möglich", "This plan is queued.", "de, en")
    fault = FieldFault(pointer="/name", code="missing", cause="missing", cure="add it")
    assert told("vi", "The request has faults", "1 fault; nothing was stored.", (fault,)).languages == "vi, en"
    assert told("en", "Not found", "There is no such plan.", ()) == ("Not found", "There is no such plan.", "en")


async def test_a_refusal_is_told_in_the_askers_language_and_its_code_stays(world: World) -> None:
    path = "/v1/shipments/shp_01m3w8c5v2e0gq9r6t1x4zkb7n"
    answers = [await world.an.send("GET", path, Accept_Language=wish) for wish in ("en", "vi-VN", "de", "zh-CN", "fr")]
    assert {answer.json()["code"] for answer in answers} == {"not_found"}
    assert [answer.headers["Content-Language"] for answer in answers] == ["en", "vi", "de", "zh", "en"]
    assert [answer.json()["title"] for answer in answers] == [
        *("Not found", "Không tìm thấy", "Nicht gefunden", "未找到", "Not found")
    ]
    assert {answer.headers["Vary"] for answer in answers} == {"Accept-Language"}


@pytest.mark.parametrize(
    ("method", "path", "title"),
    [
        ("GET", "/v1/nowhere", "Nicht gefunden"),
        ("DELETE", "/v1/me", "Methode nicht erlaubt"),
        ("GET", "/v1/me", "Bitte zuerst anmelden"),
    ],
)
async def test_refusals_before_any_operation_speak_too(world: World, method: str, path: str, title: str) -> None:
    answer = await Caller(world.client, "clk_wrong").send(method, path, Accept_Language="de")
    assert answer.json()["title"] == title
