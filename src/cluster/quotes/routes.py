"""HTTP of quotes."""

from litestar import Controller, post
from litestar.params import JSONBody

from cluster.base.auth import MEMBERS, For
from cluster.base.http import ApiRequest, Db
from cluster.quotes import service
from cluster.quotes.models import Quote
from cluster.shipments.models import BookShipment


class QuotesController(Controller):
    """Know the price first."""

    path = "/v1"
    tags = ("Shipments",)

    @post("/quotes", guards=[For(*MEMBERS)], operation_id="quote_shipment", status_code=200)
    async def quote_shipment(self, request: ApiRequest, database: Db, data: JSONBody[BookShipment]) -> Quote:
        """What a shipment would cost if it were booked now: a bracket, and what it comes from. Nothing is booked."""
        state = request.app.state
        return await service.quote(database, request.auth, state.pricer, state.vault, data)
