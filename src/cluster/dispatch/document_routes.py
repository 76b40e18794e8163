"""HTTP of papers."""

import asyncio
from typing import Annotated, Any

from litestar import Controller, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.dispatch import documents, labels, typesetting, zpl
from cluster.dispatch.document_models import Label, LabelFormat, Paper, PaperLanguage, SetSsccPrefix, SsccPrefix

PDF = "application/pdf"
ZPL = "application/zpl"
Language = Annotated[PaperLanguage, QueryParameter(description="What the paper is written in.")]
Format = Annotated[LabelFormat, QueryParameter(name="format", description="For a page printer or a label printer.")]


def paper_answer(description: str) -> dict[int, ResponseSpec]:
    """For the API reference: an answer that is a paper."""
    return {200: ResponseSpec(bytes, generate_examples=False, description=description, media_type=PDF)}


class PapersController(Controller):
    """Papers of tours and shipments."""

    path = "/v1"
    tags = ("Tours",)

    @get(
        "/tours/{tour_id:str}/manifest",
        guards=[For(Role.COORDINATOR)],
        operation_id="get_manifest",
        media_type=PDF,
        responses=paper_answer("The manifest."),
    )
    async def get_manifest(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], language: Language = PaperLanguage.EN
    ) -> Response[bytes]:
        """A tour's manifest as PDF: stops, goods, whom to ask for, room for signatures."""
        async with database.unit(request.auth) as db:
            paper = await documents.manifest(
                db, request.auth, ids.parse("tor", tour_id), typesetting.printable(language)
            )
        return await as_file(paper, f"manifest-{tour_id}")

    @get(
        "/tours/{tour_id:str}/waybills",
        guards=[For(Role.COORDINATOR)],
        operation_id="get_waybills",
        media_type=PDF,
        responses=paper_answer("The waybills."),
    )
    async def get_waybills(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], language: Language = PaperLanguage.EN
    ) -> Response[bytes]:
        """Waybills of a tour's shipments as PDF, one page each; a CMR consignment note where one crosses a border."""
        wanted = typesetting.printable(language)
        async with database.unit(request.auth) as db:
            paper = await documents.waybills(db, request.auth, ids.parse("tor", tour_id), wanted)
        return await as_file(paper, f"waybills-{tour_id}")

    @get(
        "/tours/{tour_id:str}/loading-plan",
        guards=[For(Role.COORDINATOR)],
        operation_id="get_loading_plan",
        media_type=PDF,
        responses=paper_answer("The loading plan."),
    )
    async def get_loading_plan(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], language: Language = PaperLanguage.EN
    ) -> Response[bytes]:
        """A tour's loading plan as PDF: in which order, and where each unit stands."""
        async with database.unit(request.auth) as db:
            paper = await documents.loading_plan(
                db, request.auth, ids.parse("tor", tour_id), typesetting.printable(language)
            )
        return await as_file(paper, f"loading-{tour_id}")

    @post(
        "/tours/{tour_id:str}/labels",
        guards=[For(Role.COORDINATOR)],
        operation_id="print_tour_labels",
        status_code=200,
        media_type=PDF,
        responses=paper_answer("The labels."),
        opt={OTHER_MEDIA_TYPES: (ZPL,)},
    )
    async def print_tour_labels(
        self,
        request: ApiRequest,
        database: Db,
        tour_id: FromPath[str],
        file_format: Format = LabelFormat.PDF,
        language: Language = PaperLanguage.EN,
    ) -> Response[bytes]:
        """Labels of all units on a tour, in the order of its stops. A unit keeps its code: printing again is free."""
        async with database.unit(request.auth) as db:
            made = await documents.of_tour(db, request.auth, ids.parse("tor", tour_id))
        return await printed(made, file_format, language, tour_id)

    @post(
        "/shipments/{shipment_id:str}/labels",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="print_shipment_labels",
        status_code=200,
        media_type=PDF,
        responses=paper_answer("The labels."),
        opt={OTHER_MEDIA_TYPES: (ZPL,)},
    )
    async def print_shipment_labels(
        self,
        request: ApiRequest,
        database: Db,
        shipment_id: FromPath[str],
        file_format: Format = LabelFormat.PDF,
        language: Language = PaperLanguage.EN,
    ) -> Response[bytes]:
        """Labels of a shipment's units, each with its SSCC. A unit keeps its code: printing again is free."""
        async with database.unit(request.auth) as db:
            made = await documents.of_shipment(db, request.auth, ids.parse("shp", shipment_id))
        return await printed(made, file_format, language, shipment_id)

    @get("/sscc-prefix", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_sscc_prefix")
    async def get_sscc_prefix(self, request: ApiRequest, database: Db) -> SsccPrefix:
        """With which GS1 company prefix labels are numbered."""
        async with database.unit(request.auth) as db:
            return await documents.prefix(db, request.auth)

    @put("/sscc-prefix", guards=[For(Role.COORDINATOR, Role.MEMBER_ADMIN)], operation_id="set_sscc_prefix")
    async def set_sscc_prefix(self, request: ApiRequest, database: Db, data: JSONBody[SetSsccPrefix]) -> SsccPrefix:
        """Set the GS1 company prefix: a member's own, or the cluster's for members without one."""
        async with database.unit(request.auth) as db:
            return await documents.set_prefix(db, request.auth, data)


async def as_file(paper: Paper, name: str) -> Response[Any]:
    """A paper as a file; it is set outside of any transaction, in a thread."""
    content = await asyncio.to_thread(typesetting.pdf, paper)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Content-Language": paper.language}
    return Response(content, media_type=PDF, headers=headers)


async def printed(made: list[Label], file_format: LabelFormat, language: PaperLanguage, name: str) -> Response[Any]:
    """Labels as a file for a page printer or a label printer."""
    if file_format is LabelFormat.PDF:
        paper = await asyncio.to_thread(labels.paper, made, typesetting.printable(language))
        return await as_file(paper, f"labels-{name}")
    headers = {"Content-Disposition": f'attachment; filename="labels-{name}.zpl"'}
    return Response(await asyncio.to_thread(zpl.labels, made), media_type=ZPL, headers=headers)
