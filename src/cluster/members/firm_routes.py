"""HTTP of a firm's own records."""

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.members import firm
from cluster.members.firm_models import (
    AddContact,
    AddedContact,
    ChangeMember,
    CheckTaxId,
    Consent,
    Contact,
    Evidence,
    GiveConsent,
    ReviewEvidence,
    SizeQuestion,
    SubmitEvidence,
)
from cluster.members.models import Member
from cluster.members.sme import SizeResult
from cluster.members.tax_ids import CheckedTaxId, tax_id_check

KEEPERS = (Role.COORDINATOR, Role.MEMBER_ADMIN)


class FirmController(Controller):
    """What a firm says of itself."""

    path = "/v1"
    tags = ("Members",)

    @patch("/members/{member_id:str}", guards=[For(*KEEPERS)], operation_id="change_member")
    async def change(
        self,
        request: ApiRequest,
        database: Db,
        member_id: FromPath[str],
        data: JSONBody[ChangeMember],
        if_match: IfMatch = None,
    ) -> Response[Member]:
        """Change a firm's master data."""
        async with database.unit(request.auth) as db:
            found = await firm.change(db, request.auth, ids.parse("mem", member_id), if_match, data)
        return with_etag(found, found.version)

    @post("/tax-ids/check", guards=[For(*ANY_IN_CLUSTER)], operation_id="check_tax_id", status_code=200)
    async def check_tax_id(self, data: JSONBody[CheckTaxId]) -> CheckedTaxId:
        """What the check digits of a tax number say. Nothing is stored."""
        return tax_id_check(data.country_code, data.tax_id)

    @post("/size-class", guards=[For(*ANY_IN_CLUSTER)], operation_id="size_class", status_code=200)
    async def size_class(self, request: ApiRequest, database: Db, data: JSONBody[SizeQuestion]) -> SizeResult:
        """How large a firm with these figures is, and the table that says so. Nothing is stored."""
        async with database.unit(request.auth) as db:
            return await firm.class_of(db, request.auth, data)

    @post("/members/{member_id:str}/size-evidence", guards=[For(*KEEPERS)], operation_id="submit_size_evidence")
    async def submit(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        member_id: FromPath[str],
        data: JSONBody[SubmitEvidence],
    ) -> Response[Evidence]:
        """Submit evidence of a firm's size, for the coordinator to review."""
        of = ids.parse("mem", member_id)
        return await created(request, database, idempotency_key, lambda db: firm.submit(db, request.auth, of, data))

    @get("/members/{member_id:str}/size-evidence", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_size_evidence")
    async def list_evidence(
        self,
        request: ApiRequest,
        database: Db,
        member_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[Evidence]:
        """Evidence of a firm's size, oldest first."""
        of = ids.parse("mem", member_id)
        async with database.unit(request.auth) as db:
            return await firm.list_evidence(db, request.auth, of, after("evd", cursor), limit)

    @post(
        "/members/{member_id:str}/size-evidence/{evidence_id:str}/review",
        guards=[For(Role.COORDINATOR)],
        operation_id="review_size_evidence",
        status_code=200,
    )
    async def review(
        self,
        request: ApiRequest,
        database: Db,
        member_id: FromPath[str],
        evidence_id: FromPath[str],
        data: JSONBody[ReviewEvidence],
    ) -> Evidence:
        """Judge evidence. Accepted, it makes the firm's size class for a year."""
        of, about = ids.parse("mem", member_id), ids.parse("evd", evidence_id)
        async with database.unit(request.auth) as db:
            return await firm.review(db, request.auth, of, about, data)

    @post("/contacts", guards=[For(*MEMBERS)], operation_id="add_contact")
    async def add_contact(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddContact]
    ) -> Response[AddedContact]:
        """Add a person of my firm to talk to."""
        return await created(request, database, idempotency_key, lambda db: firm.add_contact(db, request.auth, data))

    @get("/contacts", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_contacts")
    async def list_contacts(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Contact]:
        """Persons to talk to: of all firms for the coordinator, of my own for a member."""
        async with database.unit(request.auth) as db:
            return await firm.list_contacts(db, request.auth, after("ctc", cursor), limit)

    @delete("/contacts/{contact_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="delete_contact")
    async def delete_contact(self, request: ApiRequest, database: Db, contact_id: FromPath[str]) -> None:
        """Take a person out, for good."""
        async with database.unit(request.auth) as db:
            await firm.delete_contact(db, request.auth, ids.parse("ctc", contact_id))

    @post("/consents", guards=[For(Role.MEMBER_ADMIN)], operation_id="give_consent")
    async def give_consent(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[GiveConsent]
    ) -> Response[Consent]:
        """Allow one thing to be told to a partner, or to all partners. Without consent nothing is told."""
        return await created(request, database, idempotency_key, lambda db: firm.give_consent(db, request.auth, data))

    @get("/consents", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_consents")
    async def list_consents(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Consent]:
        """Consents in force and revoked ones: of all firms for the coordinator, of my own for a member."""
        async with database.unit(request.auth) as db:
            return await firm.list_consents(db, request.auth, after("cns", cursor), limit)

    @delete("/consents/{consent_id:str}", guards=[For(Role.MEMBER_ADMIN)], operation_id="revoke_consent")
    async def revoke_consent(self, request: ApiRequest, database: Db, consent_id: FromPath[str]) -> None:
        """Revoke a consent of my firm, from now on."""
        async with database.unit(request.auth) as db:
            await firm.revoke_consent(db, request.auth, ids.parse("cns", consent_id))
