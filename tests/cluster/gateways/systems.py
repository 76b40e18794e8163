"""
Carriers' systems on this machine that speak as Karrio, Lalamove and GHN document their APIs publicly.

The forms of requests and answers follow the public documents (Karrio's OpenAPI document, developers.lalamove.com for v3,
api.ghn.vn for v2, read in November 2026); keys, numbers and persons are our own, of no real account. Each checks who asks
and how it is signed, keeps its orders in memory, and can lose an answer after it did what it was asked.
"""

import hashlib
import hmac
import itertools
import json
from typing import Any

from tests.cluster.channels.shops import Asked, Reply, Shop

KARRIO_KEY = "key_of_the_tests"
LALAMOVE_KEY, LALAMOVE_SECRET = "pk_test_0123456789", "sk_test_0123456789"
GHN_TOKEN, GHN_SHOP = "01234567-89ab-cdef-0123-456789abcdef", 885
PDF = b"%PDF-1.4 a label"


class System(Shop):
    """What all have: an answer that gets lost on its way, as often as ``lost`` says."""

    orders: dict[str, dict[str, Any]]

    def __init__(self) -> None:
        super().__init__()
        self.orders = {}
        self.lost = 0
        self._numbers = itertools.count(1)

    def posted(self, path: str) -> list[Any]:
        """Bodies of all requests to a path."""
        return [json.loads(asked.body) for asked in self.asked if asked.path == path and asked.body]

    def made(self, reply: Reply) -> Reply:
        """An order was made; its answer may get lost."""
        if self.lost:
            self.lost -= 1
            return Reply(504, b"upstream request timeout")
        return reply


class KarrioServer(System):
    """``/v1/proxy/rates``, ``/v1/shipments``, ``/v1/trackers``."""

    def __init__(self) -> None:
        super().__init__()
        self.rates = [
            ("express", "vnpost_1", 61_000.0),
            ("parcel", "vnpost_1", 45_500.0),
            ("parcel", "other_2", 52_000.0),
        ]
        self.trackers: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Reply:
        """By path."""
        if asked.headers.get("authorization") != f"Token {KARRIO_KEY}":
            return Reply(401, {"errors": [{"code": "authentication_required", "message": "Invalid token"}]})
        body = json.loads(asked.body) if asked.body else {}
        match [asked.method, *asked.path.strip("/").split("/")]:
            case ["POST", "v1", "proxy", "rates"]:
                return Reply(
                    201, {"rates": self._rates(body), "messages": [{"message": "closed", "carrier_name": "third"}]}
                )
            case ["GET", "v1", "shipments"]:
                named = asked.query.get("reference", "")
                found = [order for order in self.orders.values() if named in order["reference"]]
                return Reply(200, {"count": len(found), "next": None, "previous": None, "results": found})
            case ["POST", "v1", "shipments"]:
                return self._draft(body)
            case ["POST", "v1", "shipments", number, "purchase"]:
                return self._buy(self.orders[number], body)
            case ["POST", "v1", "shipments", number, "cancel"]:
                self.orders[number]["status"] = "cancelled"
                return Reply(200, self.orders[number])
            case ["GET", "v1", "shipments", _, "label.pdf"]:
                return Reply(200, PDF)
            case ["GET", "v1", "shipments", number] if number in self.orders:
                return Reply(200, self.orders[number])
            case ["GET", "v1", "trackers", number] if number in self.trackers:
                return Reply(200, self.trackers[number])
        return Reply(404, {"errors": [{"code": "not_found", "message": "No such thing"}]})

    def _rates(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        assert body["parcels"][0]["weight_unit"] == "KG"
        assert body["recipient"]["country_code"]
        return [
            {
                "id": f"rat_{number}",
                "object_type": "rate",
                "carrier_name": "vnpost",
                "carrier_id": carrier,
                "service": service,
                "total_charge": charge,
                "currency": "VND",
                "transit_days": 2,
            }
            for number, (service, carrier, charge) in enumerate(self.rates)
            if not body["services"] or service in body["services"]
        ]

    def _draft(self, body: dict[str, Any]) -> Reply:
        number = f"shp_{next(self._numbers)}"
        self.orders[number] = {
            "id": number,
            "object_type": "shipment",
            "status": "draft",
            "reference": body["reference"],
            "rates": self._rates(body),
            "messages": [],
            "tracking_number": None,
            "label_url": None,
        }
        return Reply(201, self.orders[number])

    def _buy(self, order: dict[str, Any], body: dict[str, Any]) -> Reply:
        if order["status"] != "draft":
            return Reply(409, {"errors": [{"code": "state_error", "message": "The shipment is 'purchased' already"}]})
        chosen = next(rate for rate in order["rates"] if rate["id"] == body["selected_rate_id"])
        tracking = f"VN{order['id'].removeprefix('shp_'):0>9}"
        order |= {"status": "purchased", "selected_rate": chosen, "tracking_number": tracking, "label_type": "PDF"}
        order |= {"label_url": f"/v1/shipments/{order['id']}/label.pdf"}
        self.trackers[tracking] = {"id": f"trk_{tracking}", "status": "pending", "events": []}
        return self.made(Reply(200, order))


class LalamoveServer(System):
    """``/v3/quotations``, ``/v3/orders``, ``/v3/cities``."""

    def __init__(self) -> None:
        super().__init__()
        self.total = "48000"
        self.quotations: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Reply:
        """By path, once the signature is right."""
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        key, at_ms, given = token.split(":")
        said = f"{at_ms}\r\n{asked.method}\r\n{asked.path}\r\n\r\n".encode() + asked.body
        right = hmac.new(LALAMOVE_SECRET.encode(), said, hashlib.sha256).hexdigest()
        if (scheme, key, given) != ("hmac", LALAMOVE_KEY, right) or not asked.headers.get("request-id"):
            return Reply(401, {"errors": [{"id": "ERR_UNAUTHORIZED", "message": "Unauthorized"}]})
        if asked.headers.get("market") != "VN":
            return Reply(422, {"errors": [{"id": "ERR_INVALID_MARKET", "message": "No such market"}]})
        data = json.loads(asked.body)["data"] if asked.body else {}
        match [asked.method, *asked.path.strip("/").split("/")]:
            case ["GET", "v3", "cities"]:
                return Reply(200, {"data": []})
            case ["POST", "v3", "quotations"]:
                return self._quote(data)
            case ["POST", "v3", "orders"]:
                return self._order(data)
            case ["GET", "v3", "orders", number] if number in self.orders:
                return Reply(200, {"data": self.orders[number]})
            case ["DELETE", "v3", "orders", number] if number in self.orders:
                return self._cancel(self.orders[number])
        return Reply(404, {"errors": [{"id": "ERR_ORDER_NOT_FOUND", "message": "Order not found"}]})

    def _quote(self, data: dict[str, Any]) -> Reply:
        if data["serviceType"] not in ("MOTORCYCLE", "VAN"):
            return Reply(
                422, {"errors": [{"id": "ERR_INVALID_FIELD", "message": "serviceType", "detail": "/data/serviceType"}]}
            )
        number = str(1514140994227007571 + next(self._numbers))
        stops = [stop | {"stopId": f"{number}{index}"} for index, stop in enumerate(data["stops"])]
        quotation = {"quotationId": number, "serviceType": data["serviceType"], "stops": stops}
        quotation |= {"priceBreakdown": {"base": self.total, "total": self.total, "currency": "VND"}}
        self.quotations[number] = quotation
        return Reply(201, {"data": quotation})

    def _order(self, data: dict[str, Any]) -> Reply:
        quotation = self.quotations.get(data["quotationId"])
        if quotation is None:
            return Reply(422, {"errors": [{"id": "ERR_INVALID_QUOTATION_ID", "message": "Invalid quotation"}]})
        phones = [data["sender"]["phone"], *(to["phone"] for to in data["recipients"])]
        if not all(phone.startswith("+84") and phone[1:].isdigit() for phone in phones):
            return Reply(422, {"errors": [{"id": "ERR_INVALID_PHONE_NUMBER", "message": "Invalid phone"}]})
        number = str(next(self._numbers) + 107900701184)
        order = {"orderId": number, "quotationId": data["quotationId"], "status": "ASSIGNING_DRIVER"}
        order |= {"priceBreakdown": quotation["priceBreakdown"], "metadata": data["metadata"]}
        order |= {"shareLink": f"https://share.sandbox.lalamove.com/?{number}", "stops": quotation["stops"]}
        self.orders[number] = order
        return self.made(Reply(201, {"data": order}))

    def _cancel(self, order: dict[str, Any]) -> Reply:
        if order["status"] in ("PICKED_UP", "COMPLETED"):
            return Reply(422, {"errors": [{"id": "ERR_CANCELLATION_FORBIDDEN", "message": "Too late"}]})
        order["status"] = "CANCELED"
        return Reply(204, b"")


class GhnServer(System):
    """``/shiip/public-api/v2/...``."""

    def answer(self, asked: Asked) -> Reply:
        """By path."""
        if (asked.headers.get("token"), asked.headers.get("shopid")) != (GHN_TOKEN, str(GHN_SHOP)):
            return Reply(401, {"code": 401, "message": "Token is not valid!", "data": None})
        body = json.loads(asked.body) if asked.body else {}
        match asked.path.removeprefix("/shiip/public-api/v2/"):
            case "shop/all":
                return self._good({"last_offset": 0, "shops": [{"_id": GHN_SHOP, "name": "Mugs"}]})
            case "shipping-order/fee":
                return self._good({"total": self._fee(body), "service_fee": self._fee(body), "insurance_fee": 0})
            case "shipping-order/create":
                return self._create(body)
            case "shipping-order/detail":
                found = self.orders.get(body["order_code"])
                return self._good(found) if found else self._bad("Đơn hàng không tồn tại")
            case "shipping-order/detail-by-client-code":
                wanted = body["client_order_code"]
                found = next((order for order in self.orders.values() if order["client_order_code"] == wanted), None)
                return self._good(found) if found else self._bad("Đơn hàng không tồn tại")
            case "switch-status/cancel":
                return self._cancel(body["order_codes"])
            case "a5/gen-token":
                return self._good({"token": "e27db030-a1bf-11ea-b421-6a186c15e40e"})
        return Reply(404, {"code": 404, "message": "no such path", "data": None})

    @staticmethod
    def _good(data: Any) -> Reply:
        return Reply(200, {"code": 200, "message": "Success", "data": data})

    @staticmethod
    def _bad(message: str) -> Reply:
        return Reply(400, {"code": 400, "message": message, "data": None, "code_message": "USER_ERR_COMMON"})

    @staticmethod
    def _fee(body: dict[str, Any]) -> int:
        """20,500 dong for light goods, 3,000 for each kilogram of heavy ones."""
        return 20_500 if body["service_type_id"] == 2 else 3_000 * body["weight"] // 1000

    def _create(self, body: dict[str, Any]) -> Reply:
        if body["to_ward_code"] != "21211":
            return self._bad("Mã phường/xã không hợp lệ")
        code = f"GTEST{next(self._numbers)}"
        order = {
            "order_code": code,
            "client_order_code": body["client_order_code"],
            "status": "ready_to_pick",
            "log": [],
        }
        self.orders[code] = order | {"updated_date": "2026-11-20T08:00:00Z", "asked": body}
        answer = {"order_code": code, "sort_code": "000-A-00-00", "total_fee": self._fee(body)}
        return self.made(self._good(answer))

    def _cancel(self, codes: list[str]) -> Reply:
        results = []
        for code in codes:
            order = self.orders[code]
            good = order["status"] in ("ready_to_pick", "picking")
            if good:
                self.move(code, "cancel", "2026-11-20T09:00:00Z")
            results.append({"order_code": code, "result": good, "message": "OK" if good else "Không thể hủy"})
        return self._good(results)

    def move(self, code: str, status: str, at: str) -> None:
        """A state, with the log that GHN keeps."""
        order = self.orders[code]
        order["status"], order["updated_date"] = status, at
        order["log"].append({"status": status, "updated_date": at})
