"""HTTP of the papers that travel with the goods: for drivers, by their link."""

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Response

from cluster.base.auth import NO_SECURITY, OPEN_DOOR
from cluster.base.http import ApiRequest, Db
from cluster.dispatch import documents, typesetting
from cluster.dispatch.document_models import PaperLanguage
from cluster.dispatch.document_routes import PDF, Language, as_file, paper_answer
from cluster.dispatch.driver_routes import opened_by


class DriverPapersController(Controller):
    """Papers of a driver's tour."""

    path = "/v1/driver/{token:str}"
    tags = ("Driver",)
    opt = {OPEN_DOOR: True}  # noqa: RUF012  (the framework's own kind of attribute)
    security = NO_SECURITY

    @get(
        "/waybills",
        operation_id="driver_waybills",
        media_type=PDF,
        responses=paper_answer("The waybills."),
    )
    async def driver_waybills(
        self, request: ApiRequest, database: Db, token: FromPath[str], language: Language = PaperLanguage.EN
    ) -> Response[bytes]:
        """Waybills of the tour's shipments as PDF, one page each. Needs no key: the token of a driver's link."""
        opened = await opened_by(request, database, token)
        wanted = typesetting.printable(language)
        async with database.unit(opened.scope) as db:
            paper = await documents.waybills_on_the_road(db, opened.scope, opened.thing_id, wanted)
        return await as_file(paper, "waybills")
