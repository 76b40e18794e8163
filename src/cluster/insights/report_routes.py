"""HTTP of reports."""

from typing import Annotated, Any

from litestar import Controller, get
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.response import Response

from cluster.base.auth import ANY_IN_CLUSTER, For
from cluster.base.http import ApiRequest, Db
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.imports.writing.streams import CSV, XLSX, attachment, file_of, file_schema
from cluster.insights import kpis, reports
from cluster.insights.kpi_models import By
from cluster.insights.kpi_routes import Every, From, To
from cluster.insights.report_words import ReportFile, Words

PDF = "application/pdf"
Language = Annotated[
    str | None, QueryParameter(pattern="^(en|vi|de|zh)$", description="Instead of what Accept-Language says.")
]
Accepted = Annotated[
    str | None,
    HeaderParameter(name="Accept-Language", max_length=500, description="Languages of the reader, best first."),
]


class ReportsController(Controller):
    """Figures, shipments and routes of published plans, as files."""

    path = "/v1/reports"
    tags = ("Insights",)

    @get(
        "/{file:str}",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="get_report",
        media_type=XLSX,
        opt={OTHER_MEDIA_TYPES: (CSV, PDF)},
        responses=file_schema("The report."),
    )
    async def get_report(
        self,
        request: ApiRequest,
        database: Db,
        file: FromPath[ReportFile],
        start: From = None,
        end: To = None,
        by: Every = By.DAY,
        language: Language = None,
        accept_language: Accepted = None,
    ) -> Response[Any]:
        """Service days as a file; a member's own for a member. `kpis` also as PDF."""
        scope = request.auth
        async with database.unit(scope) as db:
            spoken = await reports.language(db, scope, language, accept_language)
        if file is ReportFile.KPIS_PDF:
            async with database.unit(scope) as db:
                found = await kpis.kpis(db, scope, start, end, by)
            made = await reports.figures_pdf(found, spoken)
            return Response(made, media_type=PDF, headers=attachment("kpis", "pdf"))
        header, rows = await reports.lines(database, scope, file.report, start, end, by, Words(spoken))
        return file_of(rows, header, file.report, file.written)
