"""Papers that are really set, and labels that a scanner really reads."""

import time
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from cluster.dispatch import labels, sscc, typesetting
from cluster.dispatch.document_models import PaperLanguage
from tests.cluster.dispatch.road import Day
from tests.cluster.dispatch.test_sscc import entry

pytestmark = pytest.mark.anyio


def test_a_printed_label_reads_back_with_both_codes() -> None:
    [page] = typesetting.png(labels.paper([entry()], PaperLanguage.VI), ppi=200)
    read = zxingcpp.read_barcodes(Image.open(BytesIO(page)))
    assert sorted(code.text for code in read) == ["(00)376104250021234569", "(420)100000"]
    assert {code.symbology_identifier for code in read} == {"]C1"}


def test_what_a_member_wrote_is_text_and_no_template() -> None:
    hostile = '#read("/etc/hostname") $ x $ #{panic()} *_`'
    made = typesetting.pdf(labels.paper([entry(name=hostile, sender=hostile)], PaperLanguage.EN))
    assert made.startswith(b"%PDF-")


def test_letters_of_vietnamese_and_german_are_there() -> None:
    """Two letters that differ in their marks alone are printed differently: neither is an empty box."""
    pages = [
        typesetting.png(labels.paper([entry(name=name)], PaperLanguage.EN), ppi=60)[0]
        for name in ("ế ữ ọ", "ề ử ỏ", "ß ü", "ẞ ö")
    ]
    assert len(set(pages)) == 4


@pytest.mark.skipif(not typesetting.sets_han(), reason="no font with Chinese is installed")
def test_letters_of_chinese_are_there() -> None:
    pages = [
        typesetting.png(labels.paper([entry(name=name)], PaperLanguage.ZH), ppi=60)[0] for name in ("装运", "清单")
    ]
    assert pages[0] != pages[1]


def test_two_hundred_labels_are_set_quickly() -> None:
    many = [entry(sscc=sscc.draw("8934567")) for _ in range(200)]
    typesetting.pdf(labels.paper(many[:1], PaperLanguage.EN))
    began = time.process_time()
    made = typesetting.pdf(labels.paper(many, PaperLanguage.EN))
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") + made.count(b"/Type /Page/") >= 0
    assert time.process_time() - began < 5.0  # 1 s on an idle machine; a loaded one is no fault of the labels


async def test_papers_are_in_english_where_no_font_has_chinese_and_say_so(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/tours/{day.tour['id']}/manifest?language="
    for there, written in ((False, "en"), (True, "zh")):
        monkeypatch.setattr(typesetting, "sets_han", lambda there=there: there)
        answer = await day.world.coordinator.get(path + "zh")
        assert (answer.status_code, answer.headers["Content-Language"]) == (200, written)
    assert (await day.world.coordinator.get(path + "vi")).headers["Content-Language"] == "vi"


async def test_a_tours_papers_are_set_in_every_language(day: Day) -> None:
    for language in PaperLanguage:
        for paper in ("manifest", "loading-plan"):
            path = f"/v1/tours/{day.tour['id']}/{paper}?language={language}"
            answer = await day.world.coordinator.get(path)
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "application/pdf"
            assert answer.content.startswith(b"%PDF-")


async def test_labels_need_a_company_prefix_and_keep_their_codes(day: Day) -> None:
    path = f"/v1/tours/{day.tour['id']}/labels?format=zpl"
    without = await day.world.coordinator.post(path, None)
    assert (without.status_code, without.json()["code"]) == (409, "sscc_prefix_missing")
    assert (await day.world.coordinator.send("PUT", "/v1/sscc-prefix", {"prefix": "8934567"})).status_code == 200
    own = await day.world.an.send("PUT", "/v1/sscc-prefix", {"prefix": "4012345"})
    assert own.json() == {"own": "4012345", "cluster": "8934567"}
    first = (await day.world.coordinator.post(path, None)).text
    assert first == (await day.world.coordinator.post(path, None)).text
    assert first.count("^XA") == 2
    ans = await day.world.an.post(f"/v1/shipments/{day.an_shipment}/labels?format=zpl", None)
    code = ans.text.partition("(00)")[2][:18]
    assert (code[1:8], sscc.is_valid(code)) == ("4012345", True)
    assert code in first
    rivals = await day.world.an.post(f"/v1/shipments/{day.binh_shipment}/labels?format=zpl", None)
    assert rivals.status_code == 404
