"""The web application: everything that answers HTTP, wired together."""

import logging
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar, Response, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, Reference, SecurityScheme, Server, Tag
from litestar.routes import HTTPRoute
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from cluster.base.auth import NO_SECURITY, Authentication, KeyRing
from cluster.base.browser import CSRF_HEADER, SESSION_COOKIE
from cluster.base.db import Database, system_scope
from cluster.base.edge import Edge
from cluster.base.helper import Helper
from cluster.base.http import EXCEPTION_HANDLERS, SECURE_HEADERS, ApiRequest, Db, refusals
from cluster.base.limits import Limiter
from cluster.base.parameters import known_parameters
from cluster.base.queue import WakeUp
from cluster.base.reference.routes import PLUGINS, pages
from cluster.base.secrets import vault_of
from cluster.base.settings import Settings
from cluster.books.routes import CarrierPaymentsController, PeriodsController, StatementsController
from cluster.books.undertaking_routes import UndertakingsController
from cluster.carriers.firm_routes import CarrierController, CarrierFirmsController
from cluster.carriers.routes import CarriersController
from cluster.carriers.tariff_routes import TariffsController
from cluster.channels.routes import ChannelHooksController, ChannelsController
from cluster.channels.shop_calls import ShopCalls
from cluster.desk import drafts, warming
from cluster.desk.bench import Bench
from cluster.desk.draft_routes import DraftsController
from cluster.desk.fairness_routes import FairnessController
from cluster.desk.why_routes import WhyController
from cluster.dispatch import replans
from cluster.dispatch.carrier_routes import CarrierEventsController, CarrierToursController
from cluster.dispatch.document_routes import PapersController
from cluster.dispatch.driver_paper_routes import DriverPapersController
from cluster.dispatch.driver_routes import DriverController
from cluster.dispatch.routes import ToursController
from cluster.dispatch.tracking_routes import TrackController, TrackingController
from cluster.freight.file_routes import CarrierInvoiceFilesController, InvoiceFilesController
from cluster.freight.routes import CarrierInvoicesController, FreightController
from cluster.gateways.routes import GatewayHooksController, GatewayOrdersController, GatewaysController
from cluster.imports.export_routes import ExportController
from cluster.imports.product_routes import ProductsController
from cluster.imports.routes import ImportsController
from cluster.imports.tariff_routes import TariffFilesController
from cluster.insights.kpi_routes import KpisController
from cluster.insights.price_routes import PricesController
from cluster.insights.report_routes import ReportsController
from cluster.insights.routes import InsightsController
from cluster.ledger.routes import CarrierLedgerController, LedgerController
from cluster.members.firm_routes import FirmController
from cluster.members.joining_routes import JoiningController
from cluster.members.key_routes import KeysController
from cluster.members.keys import noting_uses
from cluster.members.leaving_routes import LeavingController
from cluster.members.routes import MembersController
from cluster.members.rules_routes import RulesController
from cluster.members.settings_routes import BreakLawsController, SettingsController
from cluster.people.device_routes import DevicesController
from cluster.people.factor_routes import FactorController, PasskeyListController
from cluster.people.provider import Provider
from cluster.people.routes import PeopleController
from cluster.people.session_routes import ProviderController, SessionController, SignInController
from cluster.people.sessions import Doors
from cluster.people.sign_in import Desk
from cluster.places.address_book_routes import AddressesController, LookupsController
from cluster.places.geocoding import Geocoder
from cluster.places.roads_routes import RoadsController
from cluster.places.routes import PlacesController
from cluster.planning.routes import PlanningController
from cluster.planning.workflow_routes import PlanWorkflowController
from cluster.quotes.pricer import Pricer
from cluster.quotes.routes import QuotesController
from cluster.settlement.routes import SettlementController
from cluster.shipments.change_routes import ShipmentChangesController
from cluster.shipments.encoded import EncodedShipments
from cluster.shipments.outside_routes import OutsideController
from cluster.shipments.routes import ShipmentsController
from cluster.shipments.window_routes import WindowsController
from cluster.space.routes import SpaceBookingsController, SpaceOffersController, SpaceReplansController
from cluster.space.split_routes import SpaceLeasesController, SpaceSplitsController
from cluster.tenders.amendment_routes import AmendmentsController, CarrierAmendmentsController
from cluster.tenders.routes import OffersController, TendersController
from cluster.webhooks.routes import WebhooksController

VERSION = "0.1.0"
TAGS = {
    "Members": "Clusters, their members, and the keys that open the door.",
    "Settings": "What a cluster settles from a day on: how it shares and plans, its map, its languages.",
    "Session": "Signing in and out, and what one signs in with; for people, not for keys.",
    "People": "Who may sign in.",
    "Keys": "API keys: what programs sign in with.",
    "Places": "Sites, the ways between them, and where addresses are.",
    "Address book": "A member's consignees, for that member alone.",
    "Carriers": "Firms that drive, their papers and keys; vehicle types and their tariffs.",
    "Carrier API": "What a carrier does itself, with a key of its own.",
    "Shipments": "Booking into pool windows.",
    "Imports": "Files of bookings, products and cartons; products, cartons, and what is packed into them.",
    "Channels": "Web shops: their orders in, status and tracking back.",
    "Gateways": "Carriers' own systems: orders of shipments that are not pooled, tours exchanged as files.",
    "Plans": "One plan for a pool window: ask for it, follow it, look at it.",
    "Tenders": "Tours that carriers are asked to drive: who is asked, what they answer, who gets them.",
    "Space": "Warehouse space that members offer and share: searched, booked, waited for, re-planned, split.",
    "Tours": "Routes that are driven: dispatched, reported on, corrected; their papers and labels.",
    "Driver": "A driver's tour on a phone, by a link and without an account.",
    "Tracking": "What became of shipments on their way: events, proofs, and a link for the consignee.",
    "Settlement": "Who pays what, and why it is fair.",
    "Ledger": "The cluster's books: accounts, periods, statements, payments, disputes.",
    "Webhooks": "Events out: sent to your endpoints, or fetched.",
    "Insights": "What stands on the first screen.",
    "Health": "For whoever runs the platform.",
}

SECURITY_SCHEMES: dict[str, SecurityScheme | Reference] = {
    "api_key": SecurityScheme(type="http", scheme="bearer"),
    "session": SecurityScheme(
        type="apiKey",
        name=SESSION_COOKIE,
        security_scheme_in="cookie",
        description=f"Made by signing in. Whatever changes something also carries the session's {CSRF_HEADER}.",
    ),
}

CONTROLLERS: list[ControllerRouterHandler] = [
    MembersController,
    KeysController,
    RulesController,
    SettingsController,
    BreakLawsController,
    JoiningController,
    FirmController,
    LeavingController,
    PlacesController,
    AddressesController,
    LookupsController,
    RoadsController,
    CarriersController,
    CarrierFirmsController,
    CarrierController,
    CarrierToursController,
    CarrierEventsController,
    FreightController,
    CarrierInvoicesController,
    InvoiceFilesController,
    CarrierInvoiceFilesController,
    TariffsController,
    TariffFilesController,
    OutsideController,
    ShipmentChangesController,
    ShipmentsController,
    ImportsController,
    ExportController,
    ProductsController,
    ChannelsController,
    ChannelHooksController,
    WindowsController,
    QuotesController,
    PlanningController,
    PlanWorkflowController,
    SettlementController,
    LedgerController,
    PeriodsController,
    StatementsController,
    CarrierPaymentsController,
    UndertakingsController,
    CarrierLedgerController,
    ToursController,
    PapersController,
    DriverController,
    DriverPapersController,
    TrackingController,
    TrackController,
    WhyController,
    DraftsController,
    FairnessController,
    InsightsController,
    KpisController,
    ReportsController,
    PricesController,
    TendersController,
    OffersController,
    AmendmentsController,
    CarrierAmendmentsController,
    GatewaysController,
    GatewayOrdersController,
    GatewayHooksController,
    SpaceOffersController,
    SpaceBookingsController,
    SpaceReplansController,
    SpaceLeasesController,
    SpaceSplitsController,
    WebhooksController,
    PeopleController,
    SignInController,
    ProviderController,
    SessionController,
    DevicesController,
    FactorController,
    PasskeyListController,
]


@get("/live", tags=["Health"], operation_id="live", security=NO_SECURITY)
async def live() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "live"}


@get("/ready", tags=["Health"], operation_id="ready", security=NO_SECURITY)
async def ready(database: Db) -> dict[str, str]:
    """Whether the database answers too; the queue may be down without harm."""
    async with database.unit(system_scope()) as db:
        await db.execute("SELECT 1")
    return {"status": "ready"}


def provide_database(state: State) -> Database:
    """The pool, for every handler that names ``database``."""
    database: Database = state.database
    return database


def content_security_policy(settings: Settings) -> str:
    """Nothing from elsewhere, but for the map tiles that the operator has chosen."""
    tiles = ""
    if settings.tile_url:
        scheme, _, rest = settings.tile_url.partition("://")
        tiles = f" {scheme}://{rest.partition('/')[0]}"
    tiles += "".join(f" https://{host}" for host in sorted(settings.tile_sources) if f"https://{host}" not in tiles)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
        f"img-src 'self' data: blob:{tiles}; connect-src 'self'{tiles}; font-src 'self'; manifest-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


async def _secured(response: Response[Any]) -> Response[Any]:
    """
    Adds the headers that every answer carries; said here, they stay out of the API reference.

    A coroutine, because the framework runs any other hook in a thread.
    """
    response.headers.update(SECURE_HEADERS)
    return response


async def _uncached(response: Response[Any]) -> Response[Any]:
    """What the API says is for its caller, now."""
    response.headers.setdefault("Cache-Control", "no-store")
    return await _secured(response)


def _with_policy(policy: str, more: dict[str, str]) -> Callable[[Response[Any]], Awaitable[Response[Any]]]:
    """Adds the policy to every page, and more headers to some."""

    async def add(response: Response[Any]) -> Response[Any]:
        secured = await _secured(response)
        secured.headers.update({"Content-Security-Policy": policy} | more)
        return secured

    return add


def _pages(folder: Path, policy: str, path: str = "/", more: dict[str, str] | None = None) -> Router:
    """Built pages."""
    return create_static_files_router(
        path=path,
        name=f"pages{path}",
        directories=[folder],
        html_mode=True,
        after_request=_with_policy(policy, more or {}),
        include_in_schema=False,
    )


def openapi_config() -> OpenAPIConfig:
    """What the API reference says of the whole."""
    return OpenAPIConfig(
        title="Cluster logistics",
        version=VERSION,
        description="Shared logistics for clusters of small firms: book, plan together, split the cost fairly.",
        path="/schema",
        render_plugins=PLUGINS,
        openapi_router=pages(),
        servers=[Server(url="/")],
        tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
        security=[{"api_key": []}, {"session": []}],
        components=Components(security_schemes=SECURITY_SCHEMES),
        use_handler_docstrings=True,
    )


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@asynccontextmanager
async def _parts(app: Litestar) -> AsyncIterator[None]:
    """What handlers find in the application's state, opened with it and closed with it."""
    settings: Settings = app.state.settings
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(settings.database_url or "", settings.db_pool_max))
        wake_up = await stack.enter_async_context(WakeUp.open(settings.redis_url))
        app.state.limiter = await stack.enter_async_context(
            Limiter.open(settings.redis_url, settings.rate_per_s, settings.rate_burst)
        )
        app.state.pricer = await stack.enter_async_context(Pricer.open())
        explainer = app.state.explainer = Helper("explanations", 20, 60.0)
        stack.callback(explainer.end)
        if settings.helpers_warm:
            explainer.keep_warm(warming.reasons_ready)
        planner = app.state.space_planner = Helper("plans of space", 4, 60.0)
        stack.callback(planner.end)
        bench = app.state.bench = await stack.enter_async_context(Bench.open(warm=settings.helpers_warm))
        app.state.draft_routes = lambda scope, plan_id: drafts.routes(database, scope, bench, plan_id)
        app.state.take_over = replans.take_over
        app.state.database = database
        app.state.encoded_shipments = EncodedShipments()
        app.state.geocoder = Geocoder(settings)
        app.state.key_ring = KeyRing(database)
        await stack.enter_async_context(noting_uses(database, app.state.key_ring))
        app.state.vault = vault_of(settings)
        app.state.doorkeeper = Doors(database, app.state.vault)
        app.state.desk = Desk(database, app.state.vault)
        stack.push_async_callback(app.state.desk.finish)
        outside = httpx.AsyncClient(trust_env=False, follow_redirects=False, verify=_certificates())
        await stack.enter_async_context(outside)
        app.state.provider = Provider(settings, outside)
        app.state.shop_calls = await stack.enter_async_context(ShopCalls(allow_private=settings.webhooks_allow_private))
        app.state.nudge = wake_up.nudge
        yield


def build(settings: Settings) -> Litestar:
    """
    The application for these settings.

    Raises
    ------
    LookupError
        When the settings name no database: ``cluster dev`` and ``cluster demo`` start one.
    """
    if settings.database_url is None:
        raise LookupError("DATABASE_URL is not set; `cluster dev` runs everything with embedded servers")
    api = Router(
        path="/",
        route_handlers=CONTROLLERS,
        middleware=[DefineMiddleware(Authentication)],
        guards=[known_parameters],
        after_request=_uncached,
    )
    handlers: list[Router | object] = [api, live, ready]
    if settings.web_dir is not None:
        policy = content_security_policy(settings)
        handlers.append(_pages(settings.web_dir, policy))
        if (settings.web_dir / "drive").is_dir():
            # A driver may say where something happened; no other page is told where it is.
            where = {"Permissions-Policy": "camera=(), geolocation=(self), microphone=()"}
            handlers.append(_pages(settings.web_dir / "drive", policy, "/drive", where))
    app = Litestar(
        route_handlers=handlers,  # type: ignore[arg-type]  # routers and functions alike
        request_class=ApiRequest,
        dependencies={"database": Provide(provide_database, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[_parts],
        state=State({"settings": settings}),
        request_max_body_size=settings.body_max_bytes,
        after_request=_secured,
        openapi_config=openapi_config(),
        debug=False,
        logging_config=None,
    )
    _document_refusals(app)
    app.asgi_handler = Edge(app, app.asgi_handler)
    return app


def _document_refusals(app: Litestar) -> None:
    """Every operation of the API may refuse in the same ways; said once here instead of at each."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/v1"):
            for handler in route.route_handlers:
                edits = (412, 428) if "if_match" in handler.parsed_fn_signature.parameters else ()
                handler.responses = refusals(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, *edits)


def create() -> Litestar:
    """The application for this process's environment: what the server loads."""
    settings = Settings.from_env(os.environ)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return build(settings)
