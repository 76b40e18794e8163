"""Codes of handling units, against published examples, and labels for both kinds of printer."""

import pytest
import zxingcpp

from cluster.dispatch import barcodes, sscc, zpl
from cluster.dispatch.document_models import Label


@pytest.mark.parametrize(
    "code",
    [
        "106141411234567897",  # GS1 General Specifications, example of an SSCC
        "376104250021234569",  # GS1 Logistic Label Guideline
        "340123450000000000",  # GS1 Germany: 3 4012345 000000000, check digit 0
    ],
)
def test_published_codes_have_the_check_digit_that_is_computed(code: str) -> None:
    assert sscc.check_digit(code[:-1]) == int(code[-1])
    assert sscc.is_valid(code)
    assert not sscc.is_valid(code[:-1] + str((int(code[-1]) + 1) % 10))


def test_a_code_is_extension_prefix_serial_and_check_digit() -> None:
    assert sscc.compose(1, "0614141", 123456789) == "106141411234567897"
    with pytest.raises(ValueError, match="serial that fits"):
        sscc.compose(1, "0614141", 10**9)  # nine digits are left behind a prefix of seven


def test_drawn_codes_tell_nothing_of_each_other() -> None:
    drawn = {sscc.draw("8934567") for _ in range(500)}
    assert len(drawn) == 500
    assert all(sscc.is_valid(code) and code[1:8] == "8934567" for code in drawn)
    steps = {int(b[:-1]) - int(a[:-1]) for a, b in zip(sorted(drawn), sorted(drawn)[1:], strict=False)}
    assert len(steps) > 400  # no counter


@pytest.mark.parametrize(
    ("postal_code", "country", "domestic", "text"),
    [
        ("700000", "VN", True, "(420)700000"),
        ("10115", "DE", False, "(421)27610115"),
        ("SW1A 1AA", "GB", False, "(421)826SW1A1AA"),
        (None, "VN", True, None),
    ],
)
def test_where_goods_go_stands_in_the_identifier_for_home_or_abroad(
    postal_code: str | None, country: str, domestic: bool, text: str | None
) -> None:
    assert barcodes.ship_to_text(postal_code, country, domestic=domestic) == text


def test_a_barcode_is_a_gs1_128_that_reads_back() -> None:
    text = barcodes.sscc_text("376104250021234569")
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128, gs1=True)
    [read] = zxingcpp.read_barcodes(made.to_image(scale=3))
    assert (read.symbology_identifier, read.content_type) == ("]C1", zxingcpp.ContentType.GS1)
    # Start, FNC1, ten pairs of digits and check have three bars each, the stop has four.
    assert barcodes.gs1_128(text).count("M") == 3 * 13 + 4


def entry(**changes: object) -> Label:
    """A label of one box to Hà Nội."""
    fields = {
        "sscc": "376104250021234569", "shipment_id": "shp_x", "reference": "AN-1", "sender": "An", "name": "Cô Ba",
        "address_line1": "12 Hàng Bạc", "address_line2": None, "locality": "Hà Nội", "postal_code": "100000",
        "country_code": "VN", "domestic": True, "unit_no": 1, "units": 2, "weight_g": 12_000, "un_number": None,
        "tour": "261122-1", "stop_no": 3, "service_date": None,
    }  # fmt: skip
    return Label(**(fields | changes))  # type: ignore[arg-type]


def test_a_label_in_zpl_has_both_codes_and_the_words() -> None:
    text = zpl.labels([entry()]).decode()
    assert text.startswith("^XA\n^CI28\n")
    assert text.rstrip().endswith("^XZ")
    assert "^BCN,220,Y,N,N,D^FD(00)376104250021234569^FS" in text
    assert "^BCN,140,Y,N,N,D^FD(420)100000^FS" in text
    assert "Cô Ba" in text


def test_what_a_member_wrote_is_no_command_to_the_printer() -> None:
    hostile = "A^XZ~JR\x1b\x00^FS^XA^DF"
    text = zpl.labels([entry(name=hostile, reference=hostile, sender=hostile, locality=hostile)]).decode()
    assert (text.count("^XA"), text.count("^XZ"), text.count("~")) == (1, 1, 0)
    assert not any(ord(sign) < 32 and sign != "\n" for sign in text)
