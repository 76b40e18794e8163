"""Expected refusals: each carries its status, a stable code, and what to do about it."""

from collections.abc import Sequence

from msgspec import Struct

NOUNS = {
    "plg": "entry of the plan log",
    "clu": "cluster",
    "mem": "member",
    "key": "API key",
    "inv": "invitation",
    "apl": "application",
    "agr": "agreement",
    "acc": "acceptance",
    "ctc": "contact",
    "evd": "size evidence",
    "cns": "consent",
    "arc": "archive",
    "ers": "erasure",
    "usr": "user",
    "ses": "session",
    "uin": "invitation of a person",
    "pky": "passkey",
    "sit": "site",
    "adr": "address",
    "vht": "vehicle type",
    "car": "carrier",
    "cpp": "carrier paper",
    "tnd": "tender",
    "ofr": "offer",
    "amd": "amendment",
    "civ": "carrier invoice",
    "lac": "ledger account",
    "len": "ledger entry",
    "lln": "ledger line",
    "per": "settlement period",
    "stm": "statement",
    "pay": "payment",
    "dsp": "dispute",
    "spo": "space offer",
    "spb": "space booking",
    "spr": "space re-plan",
    "sps": "space split",
    "udt": "undertaking",
    "win": "pool window",
    "sch": "window schedule",
    "set": "version of a setting",
    "shp": "shipment",
    "sev": "shipment event",
    "otf": "outside tariff",
    "imp": "import",
    "prd": "product",
    "ctn": "carton",
    "chn": "channel",
    "cho": "shop order",
    "gtw": "gateway",
    "gor": "gateway order",
    "gfl": "gateway file",
    "plan": "plan",
    "tor": "tour",
    "tev": "tracking event",
    "pod": "proof",
    "lnk": "link",
    "whk": "webhook endpoint",
    "evt": "event",
}


class FieldFault(Struct, frozen=True, kw_only=True):
    """One thing wrong with a request: where (JSON pointer), a stable code, the cause and the cure in words."""

    pointer: str
    code: str
    cause: str
    cure: str


class ClusterError(Exception):
    """Base of every expected refusal."""

    status = 500
    code = "internal_error"
    title = "Something went wrong here"

    def __init__(self, detail: str, errors: Sequence[FieldFault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)


class NotFound(ClusterError):
    """
    There is no such thing, or the asker may not know of it: one answer for both.

    Parameters
    ----------
    kind
        Identifier prefix of what was looked for.
    """

    status = 404
    code = "not_found"
    title = "Not found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {NOUNS.get(kind, 'thing')}.")


class Invalid(ClusterError):
    """The request is well-formed but says something that cannot be; ``errors`` lists every fault."""

    status = 422
    code = "invalid_request"
    title = "The request has faults"

    def __init__(self, errors: Sequence[FieldFault]) -> None:
        noun = "fault" if len(errors) == 1 else "faults"
        super().__init__(f"{len(errors)} {noun}; nothing was stored.", errors)


class Malformed(ClusterError):
    """The body is not JSON, or not what can be read at all."""

    status = 400
    code = "malformed_request"
    title = "The request cannot be read"


class NotJson(ClusterError):
    """A body of another kind, such as another site's form could send."""

    status = 415
    code = "not_json"
    title = "The body is not said to be JSON"


class Packed(ClusterError):
    """The body is packed, and could unfold to any size."""

    status = 415
    code = "packed_body"
    title = "The body is packed"


class Unauthenticated(ClusterError):
    """No key, or one that does not open anything."""

    status = 401
    code = "unauthenticated"
    title = "Sign in first"


class Forbidden(ClusterError):
    """The key is good but its role may not do this."""

    status = 403
    code = "forbidden"
    title = "Not allowed"


class SecondFactorNeeded(Forbidden):
    """Who signed in must set up a second factor before anything else."""

    code = "second_factor_needed"
    title = "Set up a second factor first"


class StepUpNeeded(Forbidden):
    """Who signed in must prove it again, shortly before something of weight."""

    code = "step_up_needed"
    title = "Prove again who you are"


class TooMany(ClusterError):
    """More tries than are allowed in the time; the same request may succeed later."""

    status = 429
    code = "too_many_requests"
    title = "Too many tries"

    def __init__(self, detail: str, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Conflict(ClusterError):
    """The state of things does not allow it now; ``code`` says which rule."""

    status = 409
    title = "Not possible in this state"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Busy(ClusterError):
    """Too much at once; the same request may succeed a moment later."""

    status = 503
    code = "busy"
    title = "Try again in a moment"
    retry_after_s = 1
