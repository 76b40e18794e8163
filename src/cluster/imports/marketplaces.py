"""
Order files of marketplaces, recognised by their header: one small table for each.

Columns are those of the files that sellers download by themselves; what is relied on, and since when the marketplaces
have it so, is told in docs/imports.md. None of them says how large goods are: that is what products are for, by SKU.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cluster.imports.columns.headers import Matched, Source, plain


class Skip(NamedTuple):
    """Lines left out: those whose cell does (``where``) or does not match."""

    column: str
    pattern: str
    where: bool


class Marketplace(NamedTuple):
    """
    How one marketplace writes its orders.

    Attributes
    ----------
    known_by
        Columns that are all there, as ``headers.plain`` makes them.
    columns
        Field by column; the first column of a field that is there counts.
    address
        Columns that make the address together, in this order.
    skips
        What is no order to be delivered: descriptions, totals, cancelled orders.
    """

    name: str
    known_by: frozenset[str]
    columns: Mapping[str, str]
    address: tuple[str, ...]
    skips: tuple[Skip, ...] = ()


AMAZON = Marketplace(
    "amazon",
    frozenset({"order id", "order item id", "recipient name", "ship address 1"}),
    {"order id": "client_ref", "recipient name": "delivery_name", "sku": "sku", "quantity to ship": "units",
     "quantity purchased": "units"},
    ("ship address 1", "ship address 2", "ship address 3", "ship city", "ship state", "ship postal code",
     "ship country"),
    (Skip("order id", r"[0-9S][0-9]{2}-[0-9]{7}-[0-9]{7}", where=False), Skip("quantity to ship", r"0", where=True)),
)  # fmt: skip
EBAY = Marketplace(
    "ebay",
    frozenset({"sales record number", "order number", "ship to name", "ship to address 1"}),
    {"order number": "client_ref", "ship to name": "delivery_name", "custom label": "sku", "item number": "sku",
     "quantity": "units"},
    ("ship to address 1", "ship to address 2", "ship to city", "ship to state", "ship to zip", "ship to country"),
    (Skip("order number", r"[0-9]{2}-[0-9]{5}-[0-9]{5}", where=False), Skip("quantity", r"", where=True)),
)  # fmt: skip
LAZADA = Marketplace(
    "lazada",
    frozenset({"orderitemid", "ordernumber", "shippingname", "shippingaddress"}),
    {"ordernumber": "client_ref", "shippingname": "delivery_name", "sellersku": "sku"},
    ("shippingaddress", "shippingaddress5", "shippingaddress4", "shippingaddress3", "shippingcity", "shippingpostcode",
     "shippingcountry"),
    (Skip("ordernumber", r"[0-9]{6,}", where=False), Skip("status", r"(?i)cancel+ed|returned", where=True)),
)  # fmt: skip
SHOPEE = Marketplace(
    "shopee",
    frozenset({"order id", "order status", "receiver name", "delivery address", "sku reference no"}),
    {"order id": "client_ref", "receiver name": "delivery_name", "sku reference no": "sku",
     "parent sku reference no": "sku", "quantity": "units"},
    ("delivery address",),
    (Skip("order status", r"(?i)cancel+ed", where=True),),
)  # fmt: skip
SHOPEE_VN = Marketplace(
    "shopee",
    frozenset({"ma don hang", "trang thai don hang", "ten nguoi nhan", "dia chi nhan hang", "sku phan loai hang"}),
    {"ma don hang": "client_ref", "ten nguoi nhan": "delivery_name", "sku phan loai hang": "sku", "sku san pham": "sku",
     "so luong": "units"},
    ("dia chi nhan hang",),
    (Skip("trang thai don hang", r"(?i)đã h[uủ][yỷ]|đã huỷ", where=True),),
)  # fmt: skip
TIKTOK = Marketplace(
    "tiktok_shop",
    frozenset({"order id", "order status", "seller sku", "recipient", "detail address"}),
    {"order id": "client_ref", "recipient": "delivery_name", "seller sku": "sku", "quantity": "units"},
    ("detail address", "commune", "district", "province", "country"),
    (Skip("order id", r"[0-9]{10,}", where=False), Skip("order status", r"(?i)cancel+ed|completed", where=True)),
)
MARKETPLACES = (AMAZON, EBAY, LAZADA, SHOPEE, SHOPEE_VN, TIKTOK)


class Recognised(NamedTuple):
    """A marketplace's file: its columns, and the lines to leave out as places (from 0), patterns, and which way."""

    marketplace: Marketplace
    matched: Matched
    skips: tuple[tuple[int, re.Pattern[str], bool], ...]


def recognise(header: Sequence[str]) -> Recognised | None:
    """The marketplace whose columns are in a header, None for any other file."""
    places: dict[str, int] = {}
    for number, name in enumerate(header, start=1):
        places.setdefault(plain(name), number)
    found = next((entry for entry in MARKETPLACES if entry.known_by <= places.keys()), None)
    if found is None:
        return None
    sources: dict[str, Source] = {}
    for column, field in found.columns.items():
        if column in places:
            sources.setdefault(field, Source(field=field, column_no=places[column]))
    parts = [places[column] for column in found.address if column in places]
    address = Source(field="delivery_address_line1", column_no=parts[0], joined=parts[1:])
    used = {source.column_no for source in sources.values()} | set(parts)
    unknown = [number for number in range(1, len(header) + 1) if number not in used]
    skips = tuple(
        (places[skip.column] - 1, re.compile(skip.pattern), skip.where) for skip in found.skips if skip.column in places
    )
    return Recognised(found, Matched(sources=[*sources.values(), address], unknown=unknown, repeated=[]), skips)
