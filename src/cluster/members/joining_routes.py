"""HTTP of joining."""

from typing import Annotated, Any

from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import idempotency, ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.members import joining
from cluster.members.joining_models import (
    Application,
    ApplicationStatus,
    Applied,
    Apply,
    ApproveApplication,
    Approved,
    AskTerms,
    ExaminedApplication,
    Invitation,
    InviteFirm,
    IssuedInvitation,
    RejectApplication,
    Terms,
)

WITHOUT_KEY = {"exclude_from_auth": True}
StatusFilter = Annotated[ApplicationStatus | None, QueryParameter(description="Of this status alone.")]


class JoiningController(Controller):
    """How firms come in."""

    path = "/v1"
    tags = ("Members",)

    @post("/members/invitations", guards=[For(Role.COORDINATOR)], operation_id="invite_firm")
    async def invite(self, request: ApiRequest, database: Db, data: JSONBody[InviteFirm]) -> IssuedInvitation:
        """Invite a firm, for 14 days. The token is shown once and kept nowhere: a repeated request invites again."""
        async with database.unit(request.auth) as db:
            return await joining.invite(db, request.auth, data)

    @get("/members/invitations", guards=[For(Role.COORDINATOR)], operation_id="list_invitations")
    async def list_invitations(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Invitation]:
        """Invitations, oldest first, without their tokens."""
        async with database.unit(request.auth) as db:
            return await joining.list_invitations(db, request.auth, after("inv", cursor), limit)

    @delete(
        "/members/invitations/{invitation_id:str}",
        guards=[For(Role.COORDINATOR)],
        operation_id="revoke_invitation",
    )
    async def revoke_invitation(self, request: ApiRequest, database: Db, invitation_id: FromPath[str]) -> None:
        """Revoke an invitation that was not used."""
        async with database.unit(request.auth) as db:
            await joining.revoke_invitation(db, request.auth, ids.parse("inv", invitation_id))

    @post("/application-terms", operation_id="application_terms", status_code=200, opt=WITHOUT_KEY, security=[{}])
    async def terms(self, database: Db, data: JSONBody[AskTerms]) -> Terms:
        """What a cluster asks of whoever joins it. Needs no key: an invitation's token or an application code."""
        scope, named = joining.applicant(data.code)
        async with database.unit(scope) as db:
            return await joining.terms(db, scope, named)

    @post("/applications", operation_id="apply", opt=WITHOUT_KEY, security=[{}])
    async def apply(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[Apply]
    ) -> Response[Applied]:
        """Apply to join a cluster. Needs no key: an invitation's token or an application code."""
        scope, named = joining.applicant(data.code)
        raw: bytes = await request.body()
        async with database.unit(scope) as db:
            answer = await idempotency.once(
                db,
                scope,
                key=idempotency_key,
                operation="apply",
                request=raw,
                do=lambda: joining.apply(db, scope, named, data),
            )
        replayed = {"Idempotent-Replayed": "true" if answer.replayed else "false"}
        body: Any = answer.body
        return Response(content=body, status_code=answer.status, media_type="application/json", headers=replayed)

    @get("/applications", guards=[For(Role.COORDINATOR)], operation_id="list_applications")
    async def list_applications(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        status: StatusFilter = None,
    ) -> Page[Application]:
        """Applications, oldest first."""
        async with database.unit(request.auth) as db:
            return await joining.list_applications(db, request.auth, after("apl", cursor), limit, status)

    @get("/applications/{application_id:str}", guards=[For(Role.COORDINATOR)], operation_id="get_application")
    async def get_application(
        self, request: ApiRequest, database: Db, application_id: FromPath[str]
    ) -> ExaminedApplication:
        """An application, its persons, and each condition of the cluster: met, not met, or to be looked at."""
        async with database.unit(request.auth) as db:
            return await joining.examine(db, request.auth, ids.parse("apl", application_id))

    @post(
        "/applications/{application_id:str}/approve",
        guards=[For(Role.COORDINATOR)],
        operation_id="approve_application",
    )
    async def approve(
        self, request: ApiRequest, database: Db, application_id: FromPath[str], data: JSONBody[ApproveApplication]
    ) -> Approved:
        """Admit the firm. Answers its first admin's key, once: a second request is refused, a lost key replaced."""
        async with database.unit(request.auth) as db:
            return await joining.approve(db, request.auth, ids.parse("apl", application_id), data)

    @post(
        "/applications/{application_id:str}/reject",
        guards=[For(Role.COORDINATOR)],
        operation_id="reject_application",
        status_code=200,
    )
    async def reject(
        self, request: ApiRequest, database: Db, application_id: FromPath[str], data: JSONBody[RejectApplication]
    ) -> Application:
        """Turn the firm down; the persons in its application are erased."""
        async with database.unit(request.auth) as db:
            return await joining.reject(db, request.auth, ids.parse("apl", application_id), data)
