CREATE FUNCTION public.amendments_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'open' THEN true
        WHEN 'accepted' THEN NEW.status = 'withdrawn' AND OLD.applied_at IS NULL
        WHEN 'imposed' THEN NEW.status = 'withdrawn' AND OLD.applied_at IS NULL
        ELSE false END) THEN
        RAISE EXCEPTION 'an amendment does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'amendments_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE FUNCTION public.app_carrier() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.carrier', true), '')::uuid $$;
CREATE FUNCTION public.app_cluster() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.cluster', true), '')::uuid $$;
CREATE FUNCTION public.app_member() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.member', true), '')::uuid $$;
CREATE FUNCTION public.app_member_active() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT app_neutral() OR EXISTS (
              SELECT FROM members WHERE cluster_id = app_cluster() AND member_id = app_member()
                 AND (status = 'active' OR (status = 'leaving' AND leaving_on >= current_date))) $$;
CREATE FUNCTION public.app_neutral() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('app.role', true) IN ('coordinator', 'system'), false) $$;
CREATE FUNCTION public.app_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.role', true), '') $$;
CREATE FUNCTION public.app_rows_of(held regclass, of_cluster uuid, of_member uuid, behind jsonb, at_most integer) RETURNS SETOF jsonb
    LANGUAGE plpgsql STABLE
    AS $_$
DECLARE
    columns text;
    owned   boolean;
    wanted  text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY place) INTO STRICT columns
      FROM pg_index CROSS JOIN unnest(indkey::smallint[]) WITH ORDINALITY AS part (number, place)
      JOIN pg_attribute ON attrelid = indrelid AND attnum = number
     WHERE indrelid = held AND indisprimary;
    owned := EXISTS (SELECT FROM pg_attribute WHERE attrelid = held AND attname = 'member_id');
    wanted := format('SELECT to_jsonb(entry) FROM %s AS entry WHERE cluster_id = $1', held);
    IF owned THEN
        wanted := wanted || ' AND member_id = $2';
    END IF;
    IF behind IS NOT NULL THEN
        wanted := wanted || format(' AND (%1$s) > (SELECT %1$s FROM jsonb_populate_record(NULL::%2$s, $3))', columns, held);
    END IF;
    RETURN QUERY EXECUTE wanted || format(' ORDER BY %s LIMIT $4', columns) USING of_cluster, of_member, behind, at_most;
END
$_$;
CREATE FUNCTION public.app_user() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.user', true), '')::uuid $$;
CREATE FUNCTION public.carrier_invoices_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'received' THEN true
        WHEN 'matched' THEN true
        WHEN 'disputed' THEN NEW.status IN ('matched', 'accepted', 'rejected', 'credited')
        WHEN 'accepted' THEN NEW.status = 'credited'
        ELSE false END) THEN
        RAISE EXCEPTION 'an invoice does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'carrier_invoices_move';
    END IF;
    -- A carrier is not told whether its invoice matches, by its version either.
    IF NOT (OLD.status IN ('received', 'matched') AND NEW.status IN ('received', 'matched')) THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION public.hears(listening_member uuid, listening_carrier uuid, of_member uuid, of_carrier uuid, audience text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN audience = 'nobody' THEN false
                      WHEN audience = 'carrier' OR listening_carrier IS NOT NULL
                      THEN audience = 'carrier' AND coalesce(listening_carrier = of_carrier, false)
                      ELSE listening_member IS NULL OR audience = 'everybody'
                           OR coalesce(listening_member = of_member, false) END $$;
CREATE FUNCTION public.ledger_entries_open() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN settlement_periods AS period
                 ON period.cluster_id = fresh.cluster_id AND period.status = 'closed'
                AND fresh.booked_on <= period.ends_on) THEN
        RAISE EXCEPTION 'the period is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_open';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION public.ledger_lines_balance() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh GROUP BY cluster_id, entry_id HAVING sum(amount_minor) <> 0 OR count(*) <> min(of_lines))
    THEN
        RAISE EXCEPTION 'lines of an entry come together and sum to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_lines_balance';
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION public.ledger_written_once() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is written once: post a correction', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_written_once';
END
$$;
CREATE FUNCTION public.member_standing(of_cluster uuid, of_member uuid) RETURNS TABLE(status text, active boolean, agreed boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT held.status,
           held.status = 'active' OR (held.status = 'leaving' AND held.leaving_on >= current_date),
           NOT owner.agreement_required OR NOT coalesce(
               (SELECT agreement.effective_from + make_interval(days => agreement.grace_days) < now()
                       AND NOT EXISTS (SELECT FROM agreement_acceptances AS accepted
                                        WHERE accepted.cluster_id = of_cluster AND accepted.member_id = of_member
                                          AND accepted.agreement_id = agreement.agreement_id)
                  FROM agreements AS agreement
                 WHERE agreement.cluster_id = of_cluster AND agreement.effective_from <= now()
                 ORDER BY agreement.version DESC LIMIT 1), false)
      FROM members AS held JOIN clusters AS owner ON owner.cluster_id = held.cluster_id
     WHERE held.cluster_id = of_cluster AND held.member_id = of_member
    $$;
CREATE FUNCTION public.pool_windows_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NOT app_neutral() AND (NEW.opens_at, NEW.cut_off_at, NEW.late_policy, NEW.late_until_at, NEW.told)
                             IS DISTINCT FROM
                             (OLD.opens_at, OLD.cut_off_at, OLD.late_policy, OLD.late_until_at, OLD.told) THEN
        RAISE EXCEPTION 'only the neutral side changes a pool window' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION public.settlement_periods_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.status = 'closed' THEN
        RAISE EXCEPTION 'a closed period is not reopened: post a correction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_periods_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE FUNCTION public.shipment_correctable(state text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT state IN ('dispatched', 'picked_up', 'at_hub', 'in_transit', 'at_customs', 'out_for_delivery',
                     'ready_for_pickup', 'delivery_failed', 'on_hold', 'partially_delivered', 'return_to_sender',
                     'delivered', 'returned', 'lost')
    $$;
CREATE FUNCTION public.shipment_move_legal(before text, after text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE before
        WHEN 'draft' THEN after IN ('quoted', 'booked', 'pooled', 'cancelled')
        WHEN 'quoted' THEN after IN ('draft', 'booked', 'pooled', 'cancelled')
        WHEN 'booked' THEN after IN ('pooled', 'dispatched', 'picked_up', 'at_hub', 'in_transit', 'at_customs',
             'out_for_delivery', 'ready_for_pickup', 'delivery_failed', 'on_hold', 'partially_delivered', 'delivered',
             'cancelled')
        WHEN 'pooled' THEN after IN ('booked', 'planned', 'cancelled')
        WHEN 'planned' THEN after IN ('booked', 'pooled', 'tendered', 'dispatched', 'cancelled')
        WHEN 'tendered' THEN after IN ('pooled', 'planned', 'dispatched', 'cancelled')
        WHEN 'dispatched' THEN after IN ('picked_up', 'at_hub', 'in_transit', 'at_customs', 'out_for_delivery',
             'ready_for_pickup', 'delivery_failed', 'on_hold', 'partially_delivered', 'delivered', 'cancelled')
        WHEN 'partially_delivered' THEN after IN ('return_to_sender', 'delivered', 'returned', 'lost')
        WHEN 'return_to_sender' THEN after IN ('returned', 'lost')
        ELSE before <> after
             AND before IN ('picked_up', 'at_hub', 'in_transit', 'at_customs', 'out_for_delivery', 'ready_for_pickup',
                            'delivery_failed', 'on_hold')
             AND after IN ('at_hub', 'in_transit', 'at_customs', 'out_for_delivery', 'ready_for_pickup',
                           'delivery_failed', 'on_hold', 'partially_delivered', 'return_to_sender', 'delivered',
                           'returned', 'lost')
    END
    $$;
CREATE FUNCTION public.shipments_begin() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM made WHERE status NOT IN ('draft', 'booked', 'pooled')) THEN
        RAISE EXCEPTION 'a shipment begins as draft, booked or pooled' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO shipment_events (cluster_id, shipment_id, event_no, member_id, at, status, code, reason, actor_role)
    SELECT cluster_id, shipment_id, 1, member_id, status_at, status, status_code, status_reason, app_role() FROM made;
    RETURN NULL;
END
$$;
CREATE FUNCTION public.shipments_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    IF NEW.status IS DISTINCT FROM OLD.status THEN
        IF NOT shipment_move_legal(OLD.status, NEW.status)
           AND NOT (NEW.status_code IS NOT DISTINCT FROM 'correction' AND NEW.status_reason IS NOT NULL
                    AND app_neutral() AND shipment_correctable(OLD.status) AND shipment_correctable(NEW.status)) THEN
            RAISE EXCEPTION 'a shipment does not move from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'shipments_move';
        END IF;
        NEW.event_no := OLD.event_no + 1;
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION public.shipments_note() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO shipment_events (cluster_id, shipment_id, event_no, member_id, at, status, code, reason, actor_role)
    SELECT now.cluster_id, now.shipment_id, now.event_no, now.member_id, now.status_at, now.status, now.status_code,
           now.status_reason, app_role()
      FROM later AS now JOIN earlier AS was USING (cluster_id, shipment_id) WHERE now.status <> was.status;
    RETURN NULL;
END
$$;
CREATE FUNCTION public.tender_offers_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'waiting' THEN NEW.status IN ('open', 'lost', 'withdrawn')
        WHEN 'open' THEN NEW.status <> 'waiting'
        WHEN 'accepted' THEN NEW.status IN ('countered', 'declined', 'lost', 'awarded', 'withdrawn')
        WHEN 'countered' THEN NEW.status IN ('accepted', 'declined', 'expired', 'lost', 'awarded', 'withdrawn')
        ELSE false END) THEN
        RAISE EXCEPTION 'an offer does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tender_offers_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE FUNCTION public.tenders_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'open' THEN true
        WHEN 'deciding' THEN NEW.status IN ('awarded', 'withdrawn')
        ELSE false END) THEN
        RAISE EXCEPTION 'a tender does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tenders_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE FUNCTION public.tours_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'planned' THEN NEW.status IN ('dispatched', 'cancelled')
        WHEN 'dispatched' THEN NEW.status IN ('under_way', 'completed', 'cancelled')
        WHEN 'under_way' THEN NEW.status = 'completed'
        ELSE false END) THEN
        RAISE EXCEPTION 'a tour does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tours_move';
    END IF;
    NEW.version := OLD.version + 1;
    -- The clock, not the transaction's beginning: never before any other change that was seen earlier.
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END
$$;
CREATE TABLE public.addresses (
    cluster_id uuid NOT NULL,
    address_id uuid NOT NULL,
    member_id uuid NOT NULL,
    code text,
    name text NOT NULL,
    company text,
    phone text,
    email text,
    address_line1 text NOT NULL,
    address_line2 text,
    locality text,
    postal_code text,
    subdivision text,
    country_code text NOT NULL,
    province_code text,
    ward_code text,
    legacy jsonb,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    location_precision text NOT NULL,
    opens_at time without time zone,
    closes_at time without time zone,
    hours jsonb,
    service_s integer NOT NULL,
    instructions text,
    access_notes text,
    search_text text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT addresses_check CHECK (((opens_at IS NULL) = (closes_at IS NULL))),
    CONSTRAINT addresses_check1 CHECK ((opens_at < closes_at)),
    CONSTRAINT addresses_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT addresses_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT addresses_location_precision_check CHECK ((location_precision = ANY (ARRAY['given'::text, 'address'::text, 'street'::text, 'place'::text, 'ward_centroid'::text, 'postcode_centroid'::text, 'province_centroid'::text]))),
    CONSTRAINT addresses_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT addresses_service_s_check CHECK (((service_s >= 0) AND (service_s <= 86400))),
    CONSTRAINT addresses_subdivision_check CHECK ((subdivision ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'::text)),
    CONSTRAINT addresses_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.addresses FORCE ROW LEVEL SECURITY;
CREATE TABLE public.admin_units (
    country_code text NOT NULL,
    edition text NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    parent_code text,
    name text NOT NULL,
    name_en text NOT NULL,
    full_name text NOT NULL,
    full_name_en text NOT NULL,
    lat double precision,
    lon double precision,
    boundary bytea,
    withdrawn boolean DEFAULT false NOT NULL,
    CONSTRAINT admin_units_check CHECK (((parent_code IS NULL) = (kind = 'province'::text))),
    CONSTRAINT admin_units_check1 CHECK (((lat IS NULL) = (lon IS NULL))),
    CONSTRAINT admin_units_code_check CHECK ((code ~ '^[0-9A-Z]{1,10}$'::text)),
    CONSTRAINT admin_units_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT admin_units_edition_check CHECK ((edition = ANY (ARRAY['two_tier'::text, 'three_tier'::text]))),
    CONSTRAINT admin_units_kind_check CHECK ((kind = ANY (ARRAY['province'::text, 'district'::text, 'ward'::text]))),
    CONSTRAINT admin_units_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT admin_units_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision)))
);
ALTER TABLE ONLY public.admin_units FORCE ROW LEVEL SECURITY;
CREATE TABLE public.agreement_acceptances (
    cluster_id uuid NOT NULL,
    acceptance_id uuid NOT NULL,
    member_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    text_sha256 text NOT NULL,
    key_id uuid,
    user_id uuid,
    accepted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agreement_acceptances_text_sha256_check CHECK ((text_sha256 ~ '^[0-9a-f]{64}$'::text))
);
ALTER TABLE ONLY public.agreement_acceptances FORCE ROW LEVEL SECURITY;
CREATE TABLE public.agreements (
    cluster_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    version integer NOT NULL,
    url text NOT NULL,
    text_sha256 text NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    grace_days integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agreements_grace_days_check CHECK (((grace_days >= 0) AND (grace_days <= 366))),
    CONSTRAINT agreements_text_sha256_check CHECK ((text_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT agreements_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.agreements FORCE ROW LEVEL SECURITY;
CREATE TABLE public.amendments (
    cluster_id uuid NOT NULL,
    amendment_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    carrier_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    status text NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    price_before_minor bigint NOT NULL,
    price_after_minor bigint NOT NULL,
    note text,
    deadline_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answer_reason text,
    answer_note text,
    urgent_reason text,
    decided_at timestamp with time zone,
    applied_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT amendments_check CHECK (((status = 'open'::text) = (decided_at IS NULL))),
    CONSTRAINT amendments_check1 CHECK (((status <> 'imposed'::text) OR (urgent_reason IS NOT NULL))),
    CONSTRAINT amendments_check2 CHECK (((applied_at IS NULL) OR (status = ANY (ARRAY['accepted'::text, 'imposed'::text])))),
    CONSTRAINT amendments_price_after_minor_check CHECK ((price_after_minor >= 0)),
    CONSTRAINT amendments_price_before_minor_check CHECK ((price_before_minor >= 0)),
    CONSTRAINT amendments_status_check CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'withdrawn'::text, 'imposed'::text])))
);
ALTER TABLE ONLY public.amendments FORCE ROW LEVEL SECURITY;
CREATE TABLE public.api_keys (
    cluster_id uuid NOT NULL,
    key_id uuid NOT NULL,
    prefix text NOT NULL,
    hash bytea NOT NULL,
    role text NOT NULL,
    member_id uuid,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    scopes text[],
    last_used_at timestamp with time zone,
    prior_prefix text,
    prior_hash bytea,
    prior_until timestamp with time zone,
    held_by uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    carrier_id uuid,
    CONSTRAINT api_keys_carrier CHECK (((role = 'carrier_key'::text) = (carrier_id IS NOT NULL))),
    CONSTRAINT api_keys_check CHECK (((role = ANY (ARRAY['member_user'::text, 'member_admin'::text])) = (member_id IS NOT NULL))),
    CONSTRAINT api_keys_check1 CHECK ((((prior_prefix IS NULL) = (prior_hash IS NULL)) AND ((prior_prefix IS NULL) = (prior_until IS NULL)))),
    CONSTRAINT api_keys_role_check CHECK ((role = ANY (ARRAY['member_user'::text, 'member_admin'::text, 'coordinator'::text, 'warehouse_operator'::text, 'carrier_key'::text]))),
    CONSTRAINT api_keys_scopes_check CHECK ((cardinality(scopes) > 0))
);
ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.application_codes (
    cluster_id uuid NOT NULL,
    code_id uuid NOT NULL,
    digest bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.application_codes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.applications (
    cluster_id uuid NOT NULL,
    application_id uuid NOT NULL,
    invitation_id uuid,
    status text DEFAULT 'applied'::text NOT NULL,
    firm_name text NOT NULL,
    legal_form text,
    country_code text NOT NULL,
    tax_id text,
    tax_id_check text,
    gln text,
    lei text,
    size_claim jsonb,
    agreement_id uuid,
    text_sha256 text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    reason text,
    became uuid,
    CONSTRAINT applications_check CHECK (((status = 'applied'::text) = (decided_at IS NULL))),
    CONSTRAINT applications_check1 CHECK (((status = 'approved'::text) = (became IS NOT NULL))),
    CONSTRAINT applications_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT applications_gln_check CHECK ((gln ~ '^[0-9]{13}$'::text)),
    CONSTRAINT applications_lei_check CHECK ((lei ~ '^[0-9A-Z]{18}[0-9]{2}$'::text)),
    CONSTRAINT applications_status_check CHECK ((status = ANY (ARRAY['applied'::text, 'approved'::text, 'rejected'::text]))),
    CONSTRAINT applications_tax_id_check_check CHECK ((tax_id_check = ANY (ARRAY['valid'::text, 'wrong_check_digit'::text, 'unknown_format'::text, 'no_public_check'::text]))),
    CONSTRAINT applications_text_sha256_check CHECK ((text_sha256 ~ '^[0-9a-f]{64}$'::text))
);
ALTER TABLE ONLY public.applications FORCE ROW LEVEL SECURITY;
CREATE TABLE public.archive_chunks (
    cluster_id uuid NOT NULL,
    archive_id uuid NOT NULL,
    chunk_no integer NOT NULL,
    member_id uuid NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT archive_chunks_chunk_no_check CHECK ((chunk_no >= 0))
);
ALTER TABLE ONLY public.archive_chunks FORCE ROW LEVEL SECURITY;
CREATE TABLE public.archives (
    cluster_id uuid NOT NULL,
    archive_id uuid NOT NULL,
    member_id uuid NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    bytes bigint,
    sha256 text,
    rows_held jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT archives_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT archives_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT archives_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'ready'::text, 'failed'::text, 'expired'::text])))
);
ALTER TABLE ONLY public.archives FORCE ROW LEVEL SECURITY;
CREATE TABLE public.assignments (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    route_no integer NOT NULL,
    active boolean NOT NULL
);
ALTER TABLE ONLY public.assignments FORCE ROW LEVEL SECURITY;
CREATE TABLE public.audit_log (
    cluster_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    role text NOT NULL,
    key_id uuid,
    user_id uuid,
    actor_member uuid,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    written_by xid8 DEFAULT pg_current_xact_id() NOT NULL,
    seal_no bigint,
    CONSTRAINT audit_log_action_check CHECK ((action ~ '^[a-z_]+\.[a-z_]+$'::text))
);
ALTER TABLE ONLY public.audit_log FORCE ROW LEVEL SECURITY;
CREATE TABLE public.audit_seals (
    cluster_id uuid NOT NULL,
    seal_no bigint NOT NULL,
    sealed_at timestamp with time zone DEFAULT now() NOT NULL,
    entries integer NOT NULL,
    before bytea NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT audit_seals_entries_check CHECK ((entries > 0)),
    CONSTRAINT audit_seals_seal_no_check CHECK ((seal_no > 0))
);
ALTER TABLE ONLY public.audit_seals FORCE ROW LEVEL SECURITY;
CREATE TABLE public.booking_defaults (
    cluster_id uuid NOT NULL,
    member_id uuid NOT NULL,
    pooling text,
    outside_tariff text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT booking_defaults_pooling_check CHECK ((pooling = ANY (ARRAY['pool'::text, 'alone'::text, 'either'::text])))
);
ALTER TABLE ONLY public.booking_defaults FORCE ROW LEVEL SECURITY;
CREATE TABLE public.booking_rules (
    cluster_id uuid NOT NULL,
    late_cancellation boolean DEFAULT false NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.booking_rules FORCE ROW LEVEL SECURITY;
CREATE TABLE public.carrier_invoice_audits (
    cluster_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    audit_no integer NOT NULL,
    tolerance_permille integer NOT NULL,
    tolerance_minor bigint NOT NULL,
    invoiced_minor bigint NOT NULL,
    expected_minor bigint NOT NULL,
    matched boolean NOT NULL,
    findings jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT carrier_invoice_audits_audit_no_check CHECK ((audit_no > 0)),
    CONSTRAINT carrier_invoice_audits_findings_check CHECK ((jsonb_typeof(findings) = 'array'::text)),
    CONSTRAINT carrier_invoice_audits_tolerance_minor_check CHECK ((tolerance_minor >= 0)),
    CONSTRAINT carrier_invoice_audits_tolerance_permille_check CHECK ((tolerance_permille >= 0))
);
ALTER TABLE ONLY public.carrier_invoice_audits FORCE ROW LEVEL SECURITY;
CREATE TABLE public.carrier_invoice_events (
    cluster_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    entry_no integer NOT NULL,
    carrier_id uuid NOT NULL,
    kind text NOT NULL,
    party text NOT NULL,
    key_id uuid,
    user_id uuid,
    reasons text[] DEFAULT '{}'::text[] NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    amount_minor bigint,
    tours jsonb DEFAULT '[]'::jsonb NOT NULL,
    findings jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT carrier_invoice_events_entry_no_check CHECK ((entry_no > 0)),
    CONSTRAINT carrier_invoice_events_findings_check CHECK ((jsonb_typeof(findings) = 'array'::text)),
    CONSTRAINT carrier_invoice_events_kind_check CHECK ((kind = ANY (ARRAY['received'::text, 'accepted'::text, 'disputed'::text, 'insisted'::text, 'rejected'::text, 'credited'::text]))),
    CONSTRAINT carrier_invoice_events_party_check CHECK ((party = ANY (ARRAY['carrier'::text, 'coordinator'::text, 'platform'::text]))),
    CONSTRAINT carrier_invoice_events_tours_check CHECK ((jsonb_typeof(tours) = 'array'::text))
);
ALTER TABLE ONLY public.carrier_invoice_events FORCE ROW LEVEL SECURITY;
CREATE TABLE public.carrier_invoice_lines (
    cluster_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    line_no integer NOT NULL,
    carrier_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    kind text NOT NULL,
    quantity bigint,
    unit text NOT NULL,
    rate_minor bigint,
    amount_minor bigint NOT NULL,
    text text,
    CONSTRAINT carrier_invoice_lines_check CHECK (((amount_minor >= 0) OR (kind = ANY (ARRAY['rounding'::text, 'other'::text])))),
    CONSTRAINT carrier_invoice_lines_kind_check CHECK ((kind = ANY (ARRAY['fixed'::text, 'trips'::text, 'distance'::text, 'fuel'::text, 'time'::text, 'stops'::text, 'zone'::text, 'weight'::text, 'minimum'::text, 'waiting'::text, 'toll'::text, 'rounding'::text, 'other'::text]))),
    CONSTRAINT carrier_invoice_lines_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT carrier_invoice_lines_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT carrier_invoice_lines_rate_minor_check CHECK ((rate_minor >= 0))
);
ALTER TABLE ONLY public.carrier_invoice_lines FORCE ROW LEVEL SECURITY;
CREATE TABLE public.carrier_invoices (
    cluster_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    carrier_id uuid NOT NULL,
    kind text NOT NULL,
    corrects_id uuid,
    number text NOT NULL,
    issued_on date NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    digest bytea NOT NULL,
    status text NOT NULL,
    accepted_minor bigint,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT carrier_invoices_accepted_minor_check CHECK ((accepted_minor >= 0)),
    CONSTRAINT carrier_invoices_check CHECK (((kind = 'credit_note'::text) = (corrects_id IS NOT NULL))),
    CONSTRAINT carrier_invoices_check1 CHECK (((status <> 'accepted'::text) OR (accepted_minor IS NOT NULL) OR (kind = 'credit_note'::text))),
    CONSTRAINT carrier_invoices_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT carrier_invoices_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT carrier_invoices_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit_note'::text]))),
    CONSTRAINT carrier_invoices_status_check CHECK ((status = ANY (ARRAY['received'::text, 'matched'::text, 'disputed'::text, 'accepted'::text, 'rejected'::text, 'credited'::text]))),
    CONSTRAINT carrier_invoices_total_minor_check CHECK ((total_minor >= 0))
);
ALTER TABLE ONLY public.carrier_invoices FORCE ROW LEVEL SECURITY;
CREATE TABLE public.carrier_papers (
    cluster_id uuid NOT NULL,
    paper_id uuid NOT NULL,
    carrier_id uuid NOT NULL,
    kind text NOT NULL,
    number text NOT NULL,
    issuer text,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone,
    CONSTRAINT carrier_papers_check CHECK ((valid_until >= valid_from)),
    CONSTRAINT carrier_papers_kind_check CHECK ((kind = ANY (ARRAY['insurance'::text, 'transport_permit'::text, 'dangerous_goods_permit'::text, 'other'::text])))
);
ALTER TABLE ONLY public.carrier_papers FORCE ROW LEVEL SECURITY;
CREATE TABLE public.carriers (
    cluster_id uuid NOT NULL,
    carrier_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    country_code text NOT NULL,
    email text,
    phone text,
    firm_ref text,
    areas jsonb DEFAULT '[]'::jsonb NOT NULL,
    weekdays integer[] DEFAULT '{1,2,3,4,5,6,7}'::integer[] NOT NULL,
    closed_on date[] DEFAULT '{}'::date[] NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT carriers_areas_check CHECK ((jsonb_typeof(areas) = 'array'::text)),
    CONSTRAINT carriers_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT carriers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text]))),
    CONSTRAINT carriers_weekdays_check CHECK ((weekdays <@ '{1,2,3,4,5,6,7}'::integer[]))
);
ALTER TABLE ONLY public.carriers FORCE ROW LEVEL SECURITY;
CREATE TABLE public.cartons (
    cluster_id uuid NOT NULL,
    carton_id uuid NOT NULL,
    member_id uuid NOT NULL,
    code text NOT NULL,
    inner_length_mm integer NOT NULL,
    inner_width_mm integer NOT NULL,
    inner_height_mm integer NOT NULL,
    wall_mm integer DEFAULT 0 NOT NULL,
    tare_g bigint DEFAULT 0 NOT NULL,
    weight_max_g bigint,
    bearing_max_g bigint,
    cost_minor bigint DEFAULT 0 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    retired_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT cartons_bearing_max_g_check CHECK ((bearing_max_g >= 0)),
    CONSTRAINT cartons_code_check CHECK (((length(code) >= 1) AND (length(code) <= 64))),
    CONSTRAINT cartons_cost_minor_check CHECK (((cost_minor >= 0) AND (cost_minor <= 1000000000))),
    CONSTRAINT cartons_inner_height_mm_check CHECK (((inner_height_mm >= 1) AND (inner_height_mm <= 5000))),
    CONSTRAINT cartons_inner_length_mm_check CHECK (((inner_length_mm >= 1) AND (inner_length_mm <= 5000))),
    CONSTRAINT cartons_inner_width_mm_check CHECK (((inner_width_mm >= 1) AND (inner_width_mm <= 5000))),
    CONSTRAINT cartons_tare_g_check CHECK (((tare_g >= 0) AND (tare_g <= 1000000))),
    CONSTRAINT cartons_version_check CHECK ((version > 0)),
    CONSTRAINT cartons_wall_mm_check CHECK (((wall_mm >= 0) AND (wall_mm <= 100))),
    CONSTRAINT cartons_weight_max_g_check CHECK (((weight_max_g >= 1) AND (weight_max_g <= 100000000)))
);
ALTER TABLE ONLY public.cartons FORCE ROW LEVEL SECURITY;
CREATE TABLE public.channel_orders (
    cluster_id uuid NOT NULL,
    order_id uuid NOT NULL,
    member_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    external_id text NOT NULL,
    number text NOT NULL,
    state text DEFAULT 'received'::text NOT NULL,
    via text NOT NULL,
    told_at timestamp with time zone NOT NULL,
    digest bytea,
    content jsonb,
    to_fetch boolean DEFAULT false NOT NULL,
    pending boolean DEFAULT false NOT NULL,
    retry_at timestamp with time zone,
    mend jsonb,
    faults jsonb DEFAULT '[]'::jsonb NOT NULL,
    shipment_id uuid,
    booked_digest bytea,
    told_stage smallint DEFAULT 0 NOT NULL,
    tell_at timestamp with time zone,
    tell_failures integer DEFAULT 0 NOT NULL,
    tell_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT channel_orders_booked_digest_check CHECK ((length(booked_digest) = 32)),
    CONSTRAINT channel_orders_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT channel_orders_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 100))),
    CONSTRAINT channel_orders_number_check CHECK (((length(number) >= 1) AND (length(number) <= 100))),
    CONSTRAINT channel_orders_state_check CHECK ((state = ANY (ARRAY['received'::text, 'unpaid'::text, 'booked'::text, 'cancelled'::text, 'skipped'::text, 'faulty'::text, 'exception'::text, 'erased'::text]))),
    CONSTRAINT channel_orders_tell_failures_check CHECK ((tell_failures >= 0)),
    CONSTRAINT channel_orders_told_stage_check CHECK (((told_stage >= 0) AND (told_stage <= 3))),
    CONSTRAINT channel_orders_via_check CHECK ((via = ANY (ARRAY['webhook'::text, 'poll'::text])))
);
ALTER TABLE ONLY public.channel_orders FORCE ROW LEVEL SECURITY;
CREATE TABLE public.channels (
    cluster_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    member_id uuid NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    base_url text NOT NULL,
    sealed bytea NOT NULL,
    token_digest bytea NOT NULL,
    settings jsonb NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    cursor text,
    poll_at timestamp with time zone DEFAULT now() NOT NULL,
    polled_at timestamp with time zone,
    hooked_at timestamp with time zone,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_until timestamp with time zone,
    working_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT channels_base_url_check CHECK (((length(base_url) >= 8) AND (length(base_url) <= 2000))),
    CONSTRAINT channels_code_check CHECK (((length(code) >= 1) AND (length(code) <= 64))),
    CONSTRAINT channels_failures_check CHECK ((failures >= 0)),
    CONSTRAINT channels_kind_check CHECK ((kind = ANY (ARRAY['woocommerce'::text, 'shopify'::text]))),
    CONSTRAINT channels_token_digest_check CHECK ((length(token_digest) = 32)),
    CONSTRAINT channels_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.channels FORCE ROW LEVEL SECURITY;
CREATE TABLE public.closed_days (
    cluster_id uuid NOT NULL,
    day date NOT NULL,
    name text NOT NULL,
    closed boolean NOT NULL
);
ALTER TABLE ONLY public.closed_days FORCE ROW LEVEL SECURITY;
CREATE TABLE public.cluster_changes (
    cluster_id uuid NOT NULL,
    version integer NOT NULL,
    effective_at timestamp with time zone DEFAULT now() NOT NULL,
    changed jsonb NOT NULL,
    settings jsonb NOT NULL,
    CONSTRAINT cluster_changes_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.cluster_changes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.cluster_settings (
    cluster_id uuid NOT NULL,
    section text NOT NULL,
    version integer NOT NULL,
    setting_id uuid NOT NULL,
    effective_from date NOT NULL,
    body jsonb NOT NULL,
    note text NOT NULL,
    key_id uuid,
    user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT cluster_settings_body_check CHECK ((jsonb_typeof(body) = 'object'::text)),
    CONSTRAINT cluster_settings_note_check CHECK ((length(note) <= 200)),
    CONSTRAINT cluster_settings_section_check CHECK ((section = ANY (ARRAY['sharing'::text, 'planning'::text, 'map'::text, 'languages'::text, 'freight'::text]))),
    CONSTRAINT cluster_settings_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.cluster_settings FORCE ROW LEVEL SECURITY;
CREATE TABLE public.clusters (
    cluster_id uuid NOT NULL,
    name text NOT NULL,
    country_code text NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    sharing_rule text DEFAULT 'nucleolus'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    privacy_min_members integer DEFAULT 3 NOT NULL,
    size_standard text DEFAULT 'eu_2003_361'::text NOT NULL,
    applications_open boolean DEFAULT false NOT NULL,
    agreement_required boolean DEFAULT false NOT NULL,
    admit_countries text[] DEFAULT '{}'::text[] NOT NULL,
    admit_size_classes text[] DEFAULT '{micro,small,medium}'::text[] NOT NULL,
    evidence_required boolean DEFAULT false NOT NULL,
    four_eyes boolean DEFAULT false NOT NULL,
    sandbox boolean DEFAULT false NOT NULL,
    CONSTRAINT clusters_admit_size_classes_check CHECK (((admit_size_classes <@ '{micro,small,medium,large}'::text[]) AND (admit_size_classes <> '{}'::text[]))),
    CONSTRAINT clusters_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT clusters_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT clusters_privacy_min_members_check CHECK (((privacy_min_members >= 2) AND (privacy_min_members <= 50))),
    CONSTRAINT clusters_sharing_rule_check CHECK ((sharing_rule = ANY (ARRAY['nucleolus'::text, 'per_capita_nucleolus'::text, 'proportional_nucleolus'::text, 'equal_profit'::text, 'shapley'::text, 'weighted_shapley'::text, 'owen'::text, 'tau'::text, 'acam'::text, 'proportional'::text, 'weight'::text, 'volume'::text, 'tonne_km'::text, 'pallet_km'::text, 'orders'::text]))),
    CONSTRAINT clusters_size_standard_check CHECK ((size_standard = ANY (ARRAY['eu_2003_361'::text, 'vn_80_2021'::text, 'cn_2011'::text]))),
    CONSTRAINT clusters_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.clusters FORCE ROW LEVEL SECURITY;
CREATE TABLE public.consents (
    cluster_id uuid NOT NULL,
    consent_id uuid NOT NULL,
    member_id uuid NOT NULL,
    purpose text NOT NULL,
    partner_id uuid,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT consents_purpose_check CHECK ((purpose = ANY (ARRAY['reveal_name'::text, 'reveal_contact'::text, 'reveal_shared_route_totals'::text])))
);
ALTER TABLE ONLY public.consents FORCE ROW LEVEL SECURITY;
CREATE TABLE public.contacts (
    cluster_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    member_id uuid,
    application_id uuid,
    purpose text NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT contacts_check CHECK (((member_id IS NOT NULL) OR (application_id IS NOT NULL))),
    CONSTRAINT contacts_purpose_check CHECK ((purpose = ANY (ARRAY['general'::text, 'dispatch'::text, 'billing'::text, 'data_protection'::text])))
);
ALTER TABLE ONLY public.contacts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.day_figures (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    pool_window_id uuid NOT NULL,
    service_date date NOT NULL,
    currency text NOT NULL,
    cost_minor bigint NOT NULL,
    distance_m bigint NOT NULL,
    duration_s bigint NOT NULL,
    routes integer NOT NULL,
    planned integer NOT NULL,
    unplanned integer NOT NULL,
    weight_g bigint NOT NULL,
    volume_cm3 bigint NOT NULL,
    weight_gm bigint,
    weight_room_gm bigint,
    volume_cm3m bigint,
    volume_room_cm3m bigint,
    visits integer NOT NULL,
    on_time integer NOT NULL,
    happened integer NOT NULL,
    emissions_g bigint,
    stand_alone_minor bigint,
    saving_minor bigint,
    measured_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT day_figures_check CHECK (((on_time >= 0) AND (on_time <= visits))),
    CONSTRAINT day_figures_check1 CHECK (((happened >= 0) AND (happened <= visits))),
    CONSTRAINT day_figures_cost_minor_check CHECK ((cost_minor >= 0)),
    CONSTRAINT day_figures_distance_m_check CHECK ((distance_m >= 0)),
    CONSTRAINT day_figures_duration_s_check CHECK ((duration_s >= 0)),
    CONSTRAINT day_figures_emissions_g_check CHECK ((emissions_g >= 0)),
    CONSTRAINT day_figures_planned_check CHECK ((planned >= 0)),
    CONSTRAINT day_figures_routes_check CHECK ((routes >= 0)),
    CONSTRAINT day_figures_unplanned_check CHECK ((unplanned >= 0)),
    CONSTRAINT day_figures_visits_check CHECK ((visits >= 0)),
    CONSTRAINT day_figures_volume_cm3_check CHECK ((volume_cm3 >= 0)),
    CONSTRAINT day_figures_volume_cm3m_check CHECK ((volume_cm3m >= 0)),
    CONSTRAINT day_figures_volume_room_cm3m_check CHECK ((volume_room_cm3m >= 0)),
    CONSTRAINT day_figures_weight_g_check CHECK ((weight_g >= 0)),
    CONSTRAINT day_figures_weight_gm_check CHECK ((weight_gm >= 0)),
    CONSTRAINT day_figures_weight_room_gm_check CHECK ((weight_room_gm >= 0))
);
ALTER TABLE ONLY public.day_figures FORCE ROW LEVEL SECURITY;
CREATE TABLE public.driver_links (
    cluster_id uuid NOT NULL,
    link_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    used_at timestamp with time zone,
    CONSTRAINT driver_links_hash_check CHECK ((octet_length(hash) = 32))
);
ALTER TABLE ONLY public.driver_links FORCE ROW LEVEL SECURITY;
CREATE TABLE public.erasures (
    cluster_id uuid NOT NULL,
    erasure_id uuid NOT NULL,
    member_id uuid NOT NULL,
    subject text NOT NULL,
    subject_id uuid,
    older_than_days integer NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    erased jsonb DEFAULT '{}'::jsonb NOT NULL,
    kept jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT erasures_check CHECK (((subject = ANY (ARRAY['contact'::text, 'user'::text])) = (subject_id IS NOT NULL))),
    CONSTRAINT erasures_older_than_days_check CHECK (((older_than_days >= 1) AND (older_than_days <= 3660))),
    CONSTRAINT erasures_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'done'::text, 'failed'::text]))),
    CONSTRAINT erasures_subject_check CHECK ((subject = ANY (ARRAY['contact'::text, 'user'::text, 'consignees'::text, 'all_persons'::text])))
);
ALTER TABLE ONLY public.erasures FORCE ROW LEVEL SECURITY;
CREATE TABLE public.freight_costs (
    cluster_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    entry_no integer NOT NULL,
    amount_minor bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT freight_costs_entry_no_check CHECK ((entry_no > 0))
);
ALTER TABLE ONLY public.freight_costs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.gateway_files (
    cluster_id uuid NOT NULL,
    file_id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    direction text NOT NULL,
    name text NOT NULL,
    digest bytea NOT NULL,
    lines integer NOT NULL,
    refused integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT gateway_files_check CHECK (((refused >= 0) AND (refused <= lines))),
    CONSTRAINT gateway_files_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT gateway_files_direction_check CHECK ((direction = ANY (ARRAY['out'::text, 'in'::text]))),
    CONSTRAINT gateway_files_lines_check CHECK ((lines >= 0)),
    CONSTRAINT gateway_files_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE ONLY public.gateway_files FORCE ROW LEVEL SECURITY;
CREATE TABLE public.gateway_orders (
    cluster_id uuid NOT NULL,
    order_id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    member_id uuid,
    shipment_id uuid NOT NULL,
    service text,
    options jsonb NOT NULL,
    price_max_minor bigint,
    state text DEFAULT 'placing'::text NOT NULL,
    asked_at timestamp with time zone,
    external_id text,
    tracking_number text,
    tracking_url text,
    label_ref text,
    price_minor bigint,
    currency text,
    foreign_code text,
    foreign_at timestamp with time zone,
    error text,
    detail text,
    hints text[] DEFAULT '{}'::text[] NOT NULL,
    due_at timestamp with time zone DEFAULT now(),
    working_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT gateway_orders_check CHECK (((external_id IS NOT NULL) OR (state = ANY (ARRAY['placing'::text, 'unclear'::text, 'refused'::text, 'cancelled'::text])))),
    CONSTRAINT gateway_orders_failures_check CHECK ((failures >= 0)),
    CONSTRAINT gateway_orders_hints_check CHECK ((cardinality(hints) <= 20)),
    CONSTRAINT gateway_orders_price_max_minor_check CHECK ((price_max_minor >= 0)),
    CONSTRAINT gateway_orders_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT gateway_orders_service_check CHECK (((length(service) >= 1) AND (length(service) <= 100))),
    CONSTRAINT gateway_orders_state_check CHECK ((state = ANY (ARRAY['placing'::text, 'placed'::text, 'unclear'::text, 'refused'::text, 'cancelling'::text, 'cancelled'::text, 'done'::text])))
);
ALTER TABLE ONLY public.gateway_orders FORCE ROW LEVEL SECURITY;
CREATE TABLE public.gateways (
    cluster_id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    member_id uuid,
    carrier_id uuid,
    code text NOT NULL,
    kind text NOT NULL,
    base_url text,
    sealed bytea,
    token_digest bytea NOT NULL,
    settings jsonb NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    working_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    looked_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT gateways_base_url_check CHECK (((length(base_url) >= 8) AND (length(base_url) <= 2000))),
    CONSTRAINT gateways_check CHECK (((kind = ANY (ARRAY['sftp'::text, 'folder'::text])) = (carrier_id IS NOT NULL))),
    CONSTRAINT gateways_check1 CHECK (((carrier_id IS NULL) OR (member_id IS NULL))),
    CONSTRAINT gateways_check2 CHECK (((sealed IS NULL) = (removed_at IS NOT NULL))),
    CONSTRAINT gateways_code_check CHECK (((length(code) >= 1) AND (length(code) <= 64))),
    CONSTRAINT gateways_failures_check CHECK ((failures >= 0)),
    CONSTRAINT gateways_kind_check CHECK ((kind = ANY (ARRAY['karrio'::text, 'lalamove'::text, 'ghn'::text, 'sftp'::text, 'folder'::text]))),
    CONSTRAINT gateways_token_digest_check CHECK ((length(token_digest) = 32)),
    CONSTRAINT gateways_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.gateways FORCE ROW LEVEL SECURITY;
CREATE TABLE public.geocoder_turns (
    provider text NOT NULL,
    next_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.geocoder_turns FORCE ROW LEVEL SECURITY;
CREATE TABLE public.geocodes (
    cluster_id uuid NOT NULL,
    geocode_id uuid NOT NULL,
    member_id uuid,
    query_digest bytea NOT NULL,
    provider text NOT NULL,
    candidates jsonb NOT NULL,
    fetched_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT geocodes_query_digest_check CHECK ((length(query_digest) = 32))
);
ALTER TABLE ONLY public.geocodes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.handling_units (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    line_no integer NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL,
    units integer NOT NULL,
    weight_g bigint NOT NULL,
    length_mm integer NOT NULL,
    width_mm integer NOT NULL,
    height_mm integer NOT NULL,
    sscc text,
    rotations text DEFAULT 'upright'::text NOT NULL,
    on_top text DEFAULT 'anything'::text NOT NULL,
    bearing_max_g bigint,
    hs_code text,
    un_number text,
    hazard_class text,
    hazard_labels text DEFAULT ''::text NOT NULL,
    packing_group text,
    limited_quantity boolean DEFAULT false NOT NULL,
    CONSTRAINT handling_units_bearing_max_g_check CHECK ((bearing_max_g >= 0)),
    CONSTRAINT handling_units_hazard_check CHECK (((un_number IS NULL) = (hazard_class IS NULL))),
    CONSTRAINT handling_units_hazard_class_check CHECK ((hazard_class ~ '^[1-9](\.[1-6])?[A-LNS]?$'::text)),
    CONSTRAINT handling_units_height_mm_check CHECK ((height_mm > 0)),
    CONSTRAINT handling_units_hs_code_check CHECK ((hs_code ~ '^[0-9]{6,10}$'::text)),
    CONSTRAINT handling_units_kind_check CHECK ((kind = ANY (ARRAY['box'::text, 'pallet'::text, 'rack'::text, 'tube'::text, 'bag'::text]))),
    CONSTRAINT handling_units_length_mm_check CHECK ((length_mm > 0)),
    CONSTRAINT handling_units_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT handling_units_on_top_check CHECK ((on_top = ANY (ARRAY['anything'::text, 'fragile'::text, 'nothing'::text]))),
    CONSTRAINT handling_units_packing_group_check CHECK ((packing_group = ANY (ARRAY['I'::text, 'II'::text, 'III'::text]))),
    CONSTRAINT handling_units_rotations_check CHECK ((rotations = ANY (ARRAY['upright'::text, 'any_way'::text]))),
    CONSTRAINT handling_units_sscc_check CHECK ((sscc ~ '^[0-9]{18}$'::text)),
    CONSTRAINT handling_units_un_number_check CHECK ((un_number ~ '^[0-9]{4}$'::text)),
    CONSTRAINT handling_units_units_check CHECK ((units > 0)),
    CONSTRAINT handling_units_weight_g_check CHECK ((weight_g > 0)),
    CONSTRAINT handling_units_width_mm_check CHECK ((width_mm > 0))
);
ALTER TABLE ONLY public.handling_units FORCE ROW LEVEL SECURITY;
CREATE TABLE public.idempotency (
    cluster_id uuid NOT NULL,
    key_id uuid NOT NULL,
    idem_key text NOT NULL,
    operation text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer,
    body bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_idem_key_check CHECK (((length(idem_key) >= 1) AND (length(idem_key) <= 255)))
);
ALTER TABLE ONLY public.idempotency FORCE ROW LEVEL SECURITY;
CREATE TABLE public.import_lines (
    cluster_id uuid NOT NULL,
    import_id uuid NOT NULL,
    line_no integer NOT NULL,
    member_id uuid NOT NULL,
    cells text NOT NULL,
    state text DEFAULT 'read'::text NOT NULL,
    first_line integer,
    becomes text,
    faults jsonb,
    shipment_id uuid,
    CONSTRAINT import_lines_first_line_check CHECK ((first_line > 0)),
    CONSTRAINT import_lines_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT import_lines_state_check CHECK ((state = ANY (ARRAY['read'::text, 'skipped'::text, 'good'::text, 'faulty'::text, 'booked'::text])))
);
ALTER TABLE ONLY public.import_lines FORCE ROW LEVEL SECURITY;
CREATE TABLE public.import_mappings (
    cluster_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL,
    header_digest bytea NOT NULL,
    mapping jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT import_mappings_header_digest_check CHECK ((length(header_digest) = 32)),
    CONSTRAINT import_mappings_kind_check CHECK ((kind = ANY (ARRAY['shipments'::text, 'products'::text, 'cartons'::text])))
);
ALTER TABLE ONLY public.import_mappings FORCE ROW LEVEL SECURITY;
CREATE TABLE public.import_pieces (
    cluster_id uuid NOT NULL,
    import_id uuid NOT NULL,
    piece_no integer NOT NULL,
    member_id uuid NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT import_pieces_piece_no_check CHECK ((piece_no > 0))
);
ALTER TABLE ONLY public.import_pieces FORCE ROW LEVEL SECURITY;
CREATE TABLE public.imports (
    cluster_id uuid NOT NULL,
    import_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    filename text NOT NULL,
    format text NOT NULL,
    size_bytes bigint NOT NULL,
    digest bytea NOT NULL,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    reading jsonb,
    header_digest bytea,
    mapping jsonb,
    book text,
    lines integer DEFAULT 0 NOT NULL,
    checked_to integer DEFAULT 0 NOT NULL,
    booked_to integer DEFAULT 0 NOT NULL,
    error_code text,
    error_detail text,
    key_id uuid,
    user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT imports_book_check CHECK ((book = ANY (ARRAY['all_or_nothing'::text, 'good_lines'::text]))),
    CONSTRAINT imports_booked_to_check CHECK ((booked_to >= 0)),
    CONSTRAINT imports_checked_to_check CHECK ((checked_to >= 0)),
    CONSTRAINT imports_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT imports_filename_check CHECK (((length(filename) >= 1) AND (length(filename) <= 200))),
    CONSTRAINT imports_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'xlsx'::text]))),
    CONSTRAINT imports_header_digest_check CHECK ((length(header_digest) = 32)),
    CONSTRAINT imports_kind_check CHECK ((kind = ANY (ARRAY['shipments'::text, 'products'::text, 'cartons'::text]))),
    CONSTRAINT imports_lines_check CHECK (((lines >= 0) AND (lines <= 100000))),
    CONSTRAINT imports_size_bytes_check CHECK ((size_bytes >= 0)),
    CONSTRAINT imports_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'read'::text, 'mapping_needed'::text, 'checked'::text, 'booking'::text, 'booked'::text, 'partly_booked'::text, 'failed'::text, 'discarded'::text])))
);
ALTER TABLE ONLY public.imports FORCE ROW LEVEL SECURITY;
CREATE TABLE public.invitations (
    cluster_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    digest bytea NOT NULL,
    firm_name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT invitations_check CHECK ((expires_at > created_at))
);
ALTER TABLE ONLY public.invitations FORCE ROW LEVEL SECURITY;
CREATE TABLE public.jobs (
    cluster_id uuid NOT NULL,
    job_id uuid NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    subject_id uuid NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    attempts_max integer DEFAULT 5 NOT NULL,
    lease_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT jobs_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT jobs_attempts_max_check CHECK ((attempts_max > 0)),
    CONSTRAINT jobs_check CHECK (((state = 'running'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
ALTER TABLE ONLY public.jobs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.ledger_accounts (
    cluster_id uuid NOT NULL,
    account_id uuid NOT NULL,
    holder text NOT NULL,
    purpose text NOT NULL,
    member_id uuid,
    carrier_id uuid,
    site_id uuid,
    holder_id uuid NOT NULL,
    currency text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ledger_accounts_check CHECK ((holder_id = COALESCE(member_id, carrier_id, site_id, cluster_id))),
    CONSTRAINT ledger_accounts_check1 CHECK (((holder = 'member'::text) = (member_id IS NOT NULL))),
    CONSTRAINT ledger_accounts_check2 CHECK (((holder = 'carrier'::text) = (carrier_id IS NOT NULL))),
    CONSTRAINT ledger_accounts_check3 CHECK (((holder = 'site'::text) = (site_id IS NOT NULL))),
    CONSTRAINT ledger_accounts_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT ledger_accounts_holder_check CHECK ((holder = ANY (ARRAY['member'::text, 'carrier'::text, 'site'::text, 'cluster'::text]))),
    CONSTRAINT ledger_accounts_purpose_check CHECK ((purpose ~ '^[a-z_]{2,40}$'::text))
);
ALTER TABLE ONLY public.ledger_accounts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.ledger_checks (
    cluster_id uuid NOT NULL,
    check_no bigint NOT NULL,
    from_no bigint NOT NULL,
    to_no bigint NOT NULL,
    chain bytea NOT NULL,
    faults jsonb DEFAULT '[]'::jsonb NOT NULL,
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ledger_checks_check CHECK ((to_no >= (from_no - 1))),
    CONSTRAINT ledger_checks_check_no_check CHECK ((check_no > 0)),
    CONSTRAINT ledger_checks_faults_check CHECK ((jsonb_typeof(faults) = 'array'::text)),
    CONSTRAINT ledger_checks_from_no_check CHECK ((from_no > 0))
);
ALTER TABLE ONLY public.ledger_checks FORCE ROW LEVEL SECURITY;
CREATE TABLE public.ledger_entries (
    cluster_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    entry_no bigint NOT NULL,
    kind text NOT NULL,
    source_kind text NOT NULL,
    source_id uuid NOT NULL,
    part text DEFAULT ''::text NOT NULL,
    reverses_id uuid,
    occurred_on date NOT NULL,
    booked_on date NOT NULL,
    currency text NOT NULL,
    lines integer NOT NULL,
    memo text DEFAULT ''::text NOT NULL,
    digest bytea NOT NULL,
    before bytea NOT NULL,
    chain bytea NOT NULL,
    key_id uuid,
    user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    prior_no bigint,
    CONSTRAINT ledger_entries_before_check CHECK ((octet_length(before) = 32)),
    CONSTRAINT ledger_entries_check CHECK ((NOT (prior_no IS DISTINCT FROM NULLIF((entry_no - 1), 0)))),
    CONSTRAINT ledger_entries_check1 CHECK ((booked_on >= occurred_on)),
    CONSTRAINT ledger_entries_check2 CHECK (((entry_no > 1) OR (before = decode(repeat('00'::text, 32), 'hex'::text)))),
    CONSTRAINT ledger_entries_check3 CHECK ((chain = sha256((((before || digest) || int8send(entry_no)) || int4send((booked_on - '2000-01-01'::date)))))),
    CONSTRAINT ledger_entries_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT ledger_entries_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT ledger_entries_entry_no_check CHECK ((entry_no > 0)),
    CONSTRAINT ledger_entries_kind_check CHECK ((kind ~ '^[a-z_]{2,40}$'::text)),
    CONSTRAINT ledger_entries_lines_check CHECK ((lines >= 2)),
    CONSTRAINT ledger_entries_memo_check CHECK ((length(memo) <= 1000)),
    CONSTRAINT ledger_entries_part_check CHECK ((length(part) <= 80)),
    CONSTRAINT ledger_entries_source_kind_check CHECK ((source_kind ~ '^[a-z]{2,8}$'::text))
);
ALTER TABLE ONLY public.ledger_entries FORCE ROW LEVEL SECURITY;
CREATE TABLE public.ledger_lines (
    cluster_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    line_no integer NOT NULL,
    line_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid,
    carrier_id uuid,
    site_id uuid,
    holder_id uuid NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    kind text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    source_kind text NOT NULL,
    source_id uuid NOT NULL,
    about_id uuid,
    occurred_on date NOT NULL,
    booked_on date NOT NULL,
    memo text DEFAULT ''::text NOT NULL,
    of_lines integer NOT NULL,
    CONSTRAINT ledger_lines_amount_minor_check CHECK ((amount_minor <> 0)),
    CONSTRAINT ledger_lines_check CHECK ((holder_id = COALESCE(member_id, carrier_id, site_id, cluster_id))),
    CONSTRAINT ledger_lines_check1 CHECK (((line_no >= 1) AND (line_no <= of_lines))),
    CONSTRAINT ledger_lines_memo_check CHECK ((length(memo) <= 1000)),
    CONSTRAINT ledger_lines_reason_check CHECK ((length(reason) <= 80))
);
ALTER TABLE ONLY public.ledger_lines FORCE ROW LEVEL SECURITY;
CREATE TABLE public.member_figures (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    member_id uuid NOT NULL,
    service_date date NOT NULL,
    currency text NOT NULL,
    planned integer NOT NULL,
    unplanned integer NOT NULL,
    weight_g bigint NOT NULL,
    volume_cm3 bigint NOT NULL,
    visits integer NOT NULL,
    on_time integer NOT NULL,
    happened integer NOT NULL,
    stand_alone_minor bigint,
    share_minor bigint,
    saving_minor bigint,
    emissions_g bigint,
    CONSTRAINT member_figures_check CHECK (((on_time >= 0) AND (on_time <= visits))),
    CONSTRAINT member_figures_check1 CHECK (((happened >= 0) AND (happened <= visits))),
    CONSTRAINT member_figures_emissions_g_check CHECK ((emissions_g >= 0)),
    CONSTRAINT member_figures_planned_check CHECK ((planned >= 0)),
    CONSTRAINT member_figures_unplanned_check CHECK ((unplanned >= 0)),
    CONSTRAINT member_figures_visits_check CHECK ((visits >= 0)),
    CONSTRAINT member_figures_volume_cm3_check CHECK ((volume_cm3 >= 0)),
    CONSTRAINT member_figures_weight_g_check CHECK ((weight_g >= 0))
);
ALTER TABLE ONLY public.member_figures FORCE ROW LEVEL SECURITY;
CREATE TABLE public.members (
    cluster_id uuid NOT NULL,
    member_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    status_since timestamp with time zone DEFAULT now() NOT NULL,
    status_reason text,
    pooled_shipments text DEFAULT 'keep'::text NOT NULL,
    leaving_on date,
    legal_form text,
    country_code text,
    tax_id text,
    tax_id_check text,
    gln text,
    lei text,
    size_class text,
    size_valid_until date,
    CONSTRAINT members_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT members_gln_check CHECK ((gln ~ '^[0-9]{13}$'::text)),
    CONSTRAINT members_leaving CHECK (((status = 'leaving'::text) <= (leaving_on IS NOT NULL))),
    CONSTRAINT members_lei_check CHECK ((lei ~ '^[0-9A-Z]{18}[0-9]{2}$'::text)),
    CONSTRAINT members_pooled_shipments_check CHECK ((pooled_shipments = ANY (ARRAY['keep'::text, 'take_out'::text]))),
    CONSTRAINT members_size_class_check CHECK ((size_class = ANY (ARRAY['micro'::text, 'small'::text, 'medium'::text, 'large'::text]))),
    CONSTRAINT members_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'leaving'::text, 'left'::text]))),
    CONSTRAINT members_tax_id CHECK (((tax_id IS NULL) = (tax_id_check IS NULL))),
    CONSTRAINT members_tax_id_check_check CHECK ((tax_id_check = ANY (ARRAY['valid'::text, 'wrong_check_digit'::text, 'unknown_format'::text, 'no_public_check'::text]))),
    CONSTRAINT members_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.members FORCE ROW LEVEL SECURITY;
CREATE TABLE public.month_totals (
    cluster_id uuid NOT NULL,
    month date NOT NULL,
    member_id uuid NOT NULL,
    shipments bigint,
    distance_m bigint,
    saving_minor bigint,
    emissions_g bigint,
    told_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT month_totals_distance_m_check CHECK ((distance_m >= 0)),
    CONSTRAINT month_totals_emissions_g_check CHECK ((emissions_g >= 0)),
    CONSTRAINT month_totals_month_check CHECK ((month = date_trunc('month'::text, (month)::timestamp with time zone))),
    CONSTRAINT month_totals_shipments_check CHECK ((shipments >= 0))
);
ALTER TABLE ONLY public.month_totals FORCE ROW LEVEL SECURITY;
CREATE TABLE public.operator_keys (
    key_id uuid NOT NULL,
    prefix text NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);
ALTER TABLE ONLY public.operator_keys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.outbox (
    cluster_id uuid NOT NULL,
    resource_id uuid NOT NULL,
    member_id uuid,
    seq bigint NOT NULL,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    dispatched_at timestamp with time zone,
    audience text DEFAULT 'owner'::text NOT NULL,
    "position" bigint,
    carrier_id uuid,
    CONSTRAINT outbox_audience_check CHECK ((audience = ANY (ARRAY['owner'::text, 'everybody'::text, 'nobody'::text, 'carrier'::text]))),
    CONSTRAINT outbox_carrier_check CHECK (
CASE
    WHEN (carrier_id IS NULL) THEN (audience <> 'carrier'::text)
    ELSE ((audience = ANY (ARRAY['carrier'::text, 'nobody'::text])) AND (member_id IS NULL))
END),
    CONSTRAINT outbox_seq_check CHECK ((seq > 0))
);
ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;
CREATE SEQUENCE public.outbox_positions
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.outside_tariffs (
    cluster_id uuid NOT NULL,
    version_id uuid NOT NULL,
    member_id uuid NOT NULL,
    code text NOT NULL,
    valid_from date NOT NULL,
    content jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_at timestamp with time zone
);
ALTER TABLE ONLY public.outside_tariffs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_approvals (
    cluster_id uuid NOT NULL,
    approval_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    key_id uuid,
    user_id uuid,
    note text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT plan_approvals_check CHECK (((key_id IS NULL) <> (user_id IS NULL))),
    CONSTRAINT plan_approvals_note_check CHECK ((length(note) <= 1000))
);
ALTER TABLE ONLY public.plan_approvals FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_drafts (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    head integer DEFAULT 0 NOT NULL,
    edits integer DEFAULT 0 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    problem_sha256 bytea NOT NULL,
    day_version bigint,
    CONSTRAINT plan_drafts_check CHECK ((head <= edits)),
    CONSTRAINT plan_drafts_edits_check CHECK ((edits >= 0)),
    CONSTRAINT plan_drafts_head_check CHECK ((head >= 0)),
    CONSTRAINT plan_drafts_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.plan_drafts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_edits (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    edit_no integer NOT NULL,
    edit_id uuid NOT NULL,
    parent_no integer,
    kind text NOT NULL,
    body jsonb DEFAULT '{}'::jsonb NOT NULL,
    state bytea NOT NULL,
    figures jsonb NOT NULL,
    key_id uuid,
    user_id uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT plan_edits_check CHECK (((parent_no >= 0) AND (parent_no < edit_no))),
    CONSTRAINT plan_edits_check1 CHECK ((((edit_no = 0) = (parent_no IS NULL)) AND ((edit_no = 0) = (kind = 'start'::text)))),
    CONSTRAINT plan_edits_edit_no_check CHECK ((edit_no >= 0)),
    CONSTRAINT plan_edits_kind_check CHECK ((kind = ANY (ARRAY['start'::text, 'move'::text, 'move_visit'::text, 'plan'::text, 'unplan'::text, 'reorder'::text, 'reverse'::text, 'split'::text, 'merge'::text, 'swap_vehicles'::text, 'change_vehicle'::text, 'cancel'::text, 'lock'::text, 'unlock'::text])))
);
ALTER TABLE ONLY public.plan_edits FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_log (
    cluster_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    pool_window_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    action text NOT NULL,
    role text NOT NULL,
    key_id uuid,
    user_id uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT plan_log_action_check CHECK ((action = ANY (ARRAY['started'::text, 'stopped'::text, 'solved'::text, 'failed'::text, 'aborted'::text, 'approved'::text, 'published'::text, 'superseded'::text, 'discarded'::text, 'revised'::text, 'drafted'::text, 'edited'::text, 'undone'::text, 'redone'::text, 'finished'::text, 'reoptimised'::text, 'dispatched'::text])))
);
ALTER TABLE ONLY public.plan_log FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_problems (
    cluster_id uuid NOT NULL,
    problem_sha256 bytea NOT NULL,
    problem bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT plan_problems_problem_sha256_check CHECK ((length(problem_sha256) = 32))
);
ALTER TABLE ONLY public.plan_problems FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_results (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    currency text NOT NULL,
    cost_minor bigint NOT NULL,
    bound_minor bigint NOT NULL,
    gap double precision NOT NULL,
    distance_m bigint NOT NULL,
    duration_s bigint NOT NULL,
    route_count integer NOT NULL,
    planned_count integer NOT NULL,
    seconds double precision NOT NULL,
    trace jsonb NOT NULL,
    answer bytea NOT NULL,
    emissions_g bigint,
    fill_weight double precision,
    fill_volume double precision,
    services_windowed integer,
    services_early integer,
    slack_median_s integer,
    emissions_by_member jsonb,
    CONSTRAINT plan_results_check CHECK (((bound_minor >= 0) AND (bound_minor <= cost_minor))),
    CONSTRAINT plan_results_check1 CHECK (((services_early >= 0) AND (services_early <= services_windowed))),
    CONSTRAINT plan_results_cost_minor_check CHECK ((cost_minor >= 0)),
    CONSTRAINT plan_results_emissions_by_member_check CHECK ((jsonb_typeof(emissions_by_member) = 'object'::text)),
    CONSTRAINT plan_results_emissions_g_check CHECK ((emissions_g >= 0)),
    CONSTRAINT plan_results_fill_volume_check CHECK (((fill_volume >= (0)::double precision) AND (fill_volume <= (1)::double precision))),
    CONSTRAINT plan_results_fill_weight_check CHECK (((fill_weight >= (0)::double precision) AND (fill_weight <= (1)::double precision))),
    CONSTRAINT plan_results_gap_check CHECK (((gap >= (0)::double precision) AND (gap <= (1)::double precision))),
    CONSTRAINT plan_results_services_windowed_check CHECK ((services_windowed >= 0))
);
ALTER TABLE ONLY public.plan_results FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_routes (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    route_no integer NOT NULL,
    vehicle_type_id uuid NOT NULL,
    vehicle_no integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    distance_m bigint NOT NULL,
    cost_minor bigint NOT NULL,
    weight_g bigint NOT NULL,
    volume_cm3 bigint NOT NULL,
    pallet_places bigint NOT NULL,
    placements jsonb DEFAULT '[]'::jsonb NOT NULL,
    breaks jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT plan_routes_breaks_check CHECK ((jsonb_typeof(breaks) = 'array'::text)),
    CONSTRAINT plan_routes_check CHECK ((ends_at >= starts_at)),
    CONSTRAINT plan_routes_route_no_check CHECK ((route_no > 0)),
    CONSTRAINT plan_routes_vehicle_no_check CHECK ((vehicle_no > 0))
);
ALTER TABLE ONLY public.plan_routes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_runs (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    seconds integer NOT NULL,
    seed bigint NOT NULL,
    rule text NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    progress jsonb DEFAULT '[]'::jsonb NOT NULL,
    error_code text,
    error_detail text,
    players_max integer DEFAULT 8 NOT NULL,
    version integer NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    origin text DEFAULT 'solve'::text NOT NULL,
    base_plan_id uuid,
    scenario jsonb DEFAULT '{}'::jsonb NOT NULL,
    change_minor bigint,
    publish_when_solved boolean DEFAULT false NOT NULL,
    day_version bigint,
    problem_sha256 bytea,
    task jsonb,
    stop_requested boolean DEFAULT false NOT NULL,
    asked_key_id uuid,
    asked_user_id uuid,
    terms jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT plan_runs_change_minor_check CHECK ((change_minor >= 0)),
    CONSTRAINT plan_runs_label_check CHECK ((length(label) <= 80)),
    CONSTRAINT plan_runs_origin_check CHECK ((origin = ANY (ARRAY['solve'::text, 'edit'::text, 'revise'::text, 'replan'::text]))),
    CONSTRAINT plan_runs_players_max_check CHECK (((players_max >= 1) AND (players_max <= 12))),
    CONSTRAINT plan_runs_seconds_check CHECK (((seconds >= 1) AND (seconds <= 86400))),
    CONSTRAINT plan_runs_terms_check CHECK ((jsonb_typeof(terms) = 'object'::text)),
    CONSTRAINT plan_runs_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.plan_runs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_unplanned (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    cure text NOT NULL,
    outside_minor bigint
);
ALTER TABLE ONLY public.plan_unplanned FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plan_visits (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    route_no integer NOT NULL,
    stop_no integer NOT NULL,
    visit_no integer NOT NULL,
    shipment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    action text NOT NULL,
    arrives_at timestamp with time zone NOT NULL,
    begins_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT plan_visits_action_check CHECK ((action = ANY (ARRAY['pickup'::text, 'delivery'::text]))),
    CONSTRAINT plan_visits_check CHECK ((begins_at >= arrives_at)),
    CONSTRAINT plan_visits_check1 CHECK ((ends_at >= begins_at)),
    CONSTRAINT plan_visits_stop_no_check CHECK ((stop_no > 0)),
    CONSTRAINT plan_visits_visit_no_check CHECK ((visit_no > 0))
);
ALTER TABLE ONLY public.plan_visits FORCE ROW LEVEL SECURITY;
CREATE TABLE public.plans (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    pool_window_id uuid NOT NULL,
    status text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    published_at timestamp with time zone,
    published_no integer,
    CONSTRAINT plans_published_check CHECK ((((status = ANY (ARRAY['published'::text, 'superseded'::text])) = (published_no IS NOT NULL)) AND ((published_no IS NULL) = (published_at IS NULL)))),
    CONSTRAINT plans_published_no_check CHECK ((published_no > 0)),
    CONSTRAINT plans_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'queued'::text, 'solving'::text, 'solved'::text, 'published'::text, 'superseded'::text, 'failed'::text, 'aborted'::text, 'discarded'::text])))
);
ALTER TABLE ONLY public.plans FORCE ROW LEVEL SECURITY;
CREATE TABLE public.pool_windows (
    cluster_id uuid NOT NULL,
    pool_window_id uuid NOT NULL,
    service_date date NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    cut_off_at timestamp with time zone NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    schedule_id uuid,
    late_policy text DEFAULT 'refuse'::text NOT NULL,
    late_until_at timestamp with time zone,
    told integer DEFAULT 0 NOT NULL,
    by_hand boolean DEFAULT false NOT NULL,
    day_version bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pool_windows_check CHECK ((cut_off_at > opens_at)),
    CONSTRAINT pool_windows_check1 CHECK (((late_policy = 'accept'::text) = (late_until_at IS NOT NULL))),
    CONSTRAINT pool_windows_check2 CHECK ((late_until_at > cut_off_at)),
    CONSTRAINT pool_windows_late_policy_check CHECK ((late_policy = ANY (ARRAY['refuse'::text, 'next_window'::text, 'accept'::text]))),
    CONSTRAINT pool_windows_told_check CHECK (((told >= 0) AND (told <= 3)))
);
ALTER TABLE ONLY public.pool_windows FORCE ROW LEVEL SECURITY;
CREATE TABLE public.postcodes (
    country_code text NOT NULL,
    postal_code text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    CONSTRAINT postcodes_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT postcodes_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT postcodes_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT postcodes_postal_code_check CHECK (((length(postal_code) >= 2) AND (length(postal_code) <= 12)))
);
ALTER TABLE ONLY public.postcodes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.posting_marks (
    cluster_id uuid NOT NULL,
    pool_window_id uuid NOT NULL,
    mark_no integer NOT NULL,
    plan_id uuid NOT NULL,
    seen text NOT NULL,
    settled boolean NOT NULL,
    marked_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT posting_marks_mark_no_check CHECK ((mark_no > 0))
);
ALTER TABLE ONLY public.posting_marks FORCE ROW LEVEL SECURITY;
CREATE TABLE public.products (
    cluster_id uuid NOT NULL,
    product_id uuid NOT NULL,
    member_id uuid NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    weight_g bigint NOT NULL,
    length_mm integer NOT NULL,
    width_mm integer NOT NULL,
    height_mm integer NOT NULL,
    rotations text DEFAULT 'any_way'::text NOT NULL,
    on_top text DEFAULT 'anything'::text NOT NULL,
    bearing_max_g bigint,
    hs_code text,
    temperature_class text DEFAULT 'ambient'::text NOT NULL,
    dangerous boolean DEFAULT false NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    retired_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT products_bearing_max_g_check CHECK ((bearing_max_g >= 0)),
    CONSTRAINT products_height_mm_check CHECK (((height_mm >= 1) AND (height_mm <= 30000))),
    CONSTRAINT products_hs_code_check CHECK ((hs_code ~ '^[0-9]{6,10}$'::text)),
    CONSTRAINT products_length_mm_check CHECK (((length_mm >= 1) AND (length_mm <= 30000))),
    CONSTRAINT products_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT products_on_top_check CHECK ((on_top = ANY (ARRAY['anything'::text, 'fragile'::text, 'nothing'::text]))),
    CONSTRAINT products_rotations_check CHECK ((rotations = ANY (ARRAY['upright'::text, 'any_way'::text]))),
    CONSTRAINT products_sku_check CHECK (((length(sku) >= 1) AND (length(sku) <= 100))),
    CONSTRAINT products_temperature_class_check CHECK ((temperature_class = ANY (ARRAY['ambient'::text, 'controlled'::text, 'chilled'::text, 'frozen'::text]))),
    CONSTRAINT products_version_check CHECK ((version > 0)),
    CONSTRAINT products_weight_g_check CHECK (((weight_g >= 1) AND (weight_g <= 100000000))),
    CONSTRAINT products_width_mm_check CHECK (((width_mm >= 1) AND (width_mm <= 30000)))
);
ALTER TABLE ONLY public.products FORCE ROW LEVEL SECURITY;
CREATE TABLE public.proof_contents (
    cluster_id uuid NOT NULL,
    proof_id uuid NOT NULL,
    member_id uuid NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT proof_contents_content_check CHECK ((octet_length(content) <= 2000000))
);
ALTER TABLE ONLY public.proof_contents ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.proof_contents FORCE ROW LEVEL SECURITY;
CREATE TABLE public.proofs (
    cluster_id uuid NOT NULL,
    proof_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    member_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    event_key text NOT NULL,
    action text NOT NULL,
    kind text NOT NULL,
    media_type text NOT NULL,
    size_bytes integer NOT NULL,
    sha256 text NOT NULL,
    signer_name text,
    taken_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT proofs_action_check CHECK ((action = ANY (ARRAY['pickup'::text, 'delivery'::text]))),
    CONSTRAINT proofs_event_key_check CHECK (((length(event_key) >= 1) AND (length(event_key) <= 64))),
    CONSTRAINT proofs_kind_check CHECK ((kind = ANY (ARRAY['photo'::text, 'signature'::text]))),
    CONSTRAINT proofs_media_type_check CHECK ((media_type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text, 'image/webp'::text, 'image/svg+xml'::text]))),
    CONSTRAINT proofs_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT proofs_size_bytes_check CHECK (((size_bytes >= 1) AND (size_bytes <= 2000000)))
);
ALTER TABLE ONLY public.proofs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.quotes (
    cluster_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    member_id uuid NOT NULL,
    pool_window_id uuid NOT NULL,
    alone_minor bigint,
    low_minor bigint,
    high_minor bigint,
    outside_minor bigint,
    basis text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT quotes_alone_minor_check CHECK ((alone_minor >= 0)),
    CONSTRAINT quotes_basis_check CHECK ((basis <@ ARRAY['alone'::text, 'pool'::text, 'history'::text, 'outside'::text])),
    CONSTRAINT quotes_check CHECK ((low_minor <= high_minor)),
    CONSTRAINT quotes_high_minor_check CHECK ((high_minor >= 0)),
    CONSTRAINT quotes_low_minor_check CHECK ((low_minor >= 0)),
    CONSTRAINT quotes_outside_minor_check CHECK ((outside_minor >= 0))
);
ALTER TABLE ONLY public.quotes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.recovery_codes (
    cluster_id uuid NOT NULL,
    user_id uuid NOT NULL,
    digest bytea NOT NULL
);
ALTER TABLE ONLY public.recovery_codes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.reference_imports (
    part text NOT NULL,
    revision bigint DEFAULT 1 NOT NULL,
    source text NOT NULL,
    digest bytea NOT NULL,
    entries integer NOT NULL,
    imported_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reference_imports_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT reference_imports_entries_check CHECK ((entries >= 0)),
    CONSTRAINT reference_imports_part_check CHECK ((part ~ '^[a-z_]+(_[A-Z]{2})?$'::text)),
    CONSTRAINT reference_imports_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.reference_imports FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sessions (
    cluster_id uuid NOT NULL,
    session_id uuid NOT NULL,
    user_id uuid NOT NULL,
    digest bytea NOT NULL,
    method text NOT NULL,
    second text,
    begun_at timestamp with time zone DEFAULT now() NOT NULL,
    proven_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    agent text DEFAULT ''::text NOT NULL,
    CONSTRAINT sessions_agent_check CHECK ((length(agent) <= 60)),
    CONSTRAINT sessions_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT sessions_method_check CHECK ((method = ANY (ARRAY['password'::text, 'passkey'::text, 'oidc'::text, 'invitation'::text, 'reset'::text]))),
    CONSTRAINT sessions_second_check CHECK ((second = ANY (ARRAY['totp'::text, 'recovery_code'::text, 'passkey'::text, 'provider'::text])))
);
ALTER TABLE ONLY public.sessions FORCE ROW LEVEL SECURITY;
CREATE TABLE public.settlement_payments (
    cluster_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    period_id uuid NOT NULL,
    payment_no integer NOT NULL,
    from_member uuid,
    from_carrier uuid,
    to_member uuid,
    to_carrier uuid,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    paid_on date,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT settlement_payments_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT settlement_payments_check CHECK (((num_nonnulls(from_member, from_carrier) <= 1) AND (num_nonnulls(to_member, to_carrier) <= 1))),
    CONSTRAINT settlement_payments_check1 CHECK ((COALESCE(from_member, from_carrier) IS DISTINCT FROM COALESCE(to_member, to_carrier))),
    CONSTRAINT settlement_payments_payment_no_check CHECK ((payment_no > 0))
);
ALTER TABLE ONLY public.settlement_payments FORCE ROW LEVEL SECURITY;
CREATE TABLE public.settlement_periods (
    cluster_id uuid NOT NULL,
    period_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    after_on date,
    currency text NOT NULL,
    taxed boolean NOT NULL,
    dispute_days integer NOT NULL,
    through_cluster boolean NOT NULL,
    status text NOT NULL,
    proposed_key_id uuid,
    proposed_user_id uuid,
    proposed_no bigint,
    closed_key_id uuid,
    closed_user_id uuid,
    closed_at timestamp with time zone,
    chain bytea,
    netting text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT settlement_periods_check CHECK ((ends_on >= starts_on)),
    CONSTRAINT settlement_periods_check1 CHECK (((after_on IS NULL) OR (after_on = (starts_on - 1)))),
    CONSTRAINT settlement_periods_check2 CHECK (((status = 'open'::text) = (proposed_no IS NULL))),
    CONSTRAINT settlement_periods_check3 CHECK (((status = 'closed'::text) = (closed_at IS NOT NULL))),
    CONSTRAINT settlement_periods_check4 CHECK (((status <> 'closed'::text) OR (COALESCE(closed_key_id, closed_user_id) <> COALESCE(proposed_key_id, proposed_user_id)))),
    CONSTRAINT settlement_periods_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT settlement_periods_dispute_days_check CHECK (((dispute_days >= 1) AND (dispute_days <= 90))),
    CONSTRAINT settlement_periods_netting_check CHECK ((netting = ANY (ARRAY['fewest'::text, 'greedy'::text, 'through_cluster'::text]))),
    CONSTRAINT settlement_periods_status_check CHECK ((status = ANY (ARRAY['open'::text, 'proposed'::text, 'closed'::text])))
);
ALTER TABLE ONLY public.settlement_periods FORCE ROW LEVEL SECURITY;
CREATE TABLE public.shares (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    member_id uuid NOT NULL,
    rule text NOT NULL,
    currency text NOT NULL,
    stand_alone_minor bigint NOT NULL,
    share_minor bigint NOT NULL,
    saving_minor bigint NOT NULL,
    incremental_minor bigint NOT NULL,
    rule_applied text NOT NULL,
    low_minor bigint,
    high_minor bigint,
    CONSTRAINT shares_check CHECK ((saving_minor = (stand_alone_minor - share_minor))),
    CONSTRAINT shares_check1 CHECK (((low_minor <= share_minor) AND (share_minor <= high_minor)))
);
ALTER TABLE ONLY public.shares FORCE ROW LEVEL SECURITY;
CREATE TABLE public.shipment_cancellations (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    pool_window_id uuid,
    at timestamp with time zone DEFAULT now() NOT NULL,
    stage text NOT NULL,
    after_cut_off boolean NOT NULL,
    caused_by text NOT NULL,
    reason text,
    actor_role text NOT NULL,
    CONSTRAINT shipment_cancellations_caused_by_check CHECK ((caused_by = ANY (ARRAY['member'::text, 'consignee'::text, 'carrier'::text, 'coordinator'::text])))
);
ALTER TABLE ONLY public.shipment_cancellations FORCE ROW LEVEL SECURITY;
CREATE TABLE public.shipment_contacts (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    action text NOT NULL,
    member_id uuid NOT NULL,
    contact_name text,
    phone text,
    email text,
    CONSTRAINT shipment_contacts_action_check CHECK ((action = ANY (ARRAY['pickup'::text, 'delivery'::text]))),
    CONSTRAINT shipment_contacts_check CHECK ((num_nonnulls(contact_name, phone, email) > 0))
);
ALTER TABLE ONLY public.shipment_contacts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.shipment_events (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    event_no integer NOT NULL,
    member_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    status text NOT NULL,
    applied boolean DEFAULT true NOT NULL,
    code text,
    reason text,
    actor_role text NOT NULL,
    CONSTRAINT shipment_events_event_no_check CHECK ((event_no > 0))
);
ALTER TABLE ONLY public.shipment_events FORCE ROW LEVEL SECURITY;
CREATE TABLE public.shipment_stops (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    action text NOT NULL,
    member_id uuid NOT NULL,
    site_id uuid,
    name text NOT NULL,
    address_line1 text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    window_start timestamp with time zone,
    window_end timestamp with time zone,
    service_s integer NOT NULL,
    address_id uuid,
    address_line2 text,
    locality text,
    province_code text,
    ward_code text,
    postal_code text,
    country_code text,
    instructions text,
    windows jsonb,
    CONSTRAINT shipment_stops_action_check CHECK ((action = ANY (ARRAY['pickup'::text, 'delivery'::text]))),
    CONSTRAINT shipment_stops_check CHECK (((window_start IS NULL) = (window_end IS NULL))),
    CONSTRAINT shipment_stops_check1 CHECK ((window_start < window_end)),
    CONSTRAINT shipment_stops_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT shipment_stops_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT shipment_stops_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT shipment_stops_service_s_check CHECK (((service_s >= 0) AND (service_s <= 86400))),
    CONSTRAINT shipment_stops_windows_check CHECK ((jsonb_typeof(windows) = 'array'::text))
);
ALTER TABLE ONLY public.shipment_stops FORCE ROW LEVEL SECURITY;
CREATE TABLE public.shipments (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    pool_window_id uuid,
    client_ref text NOT NULL,
    service text NOT NULL,
    status text NOT NULL,
    hub_site_id uuid,
    weight_g bigint NOT NULL,
    volume_cm3 bigint NOT NULL,
    pallet_places integer NOT NULL,
    outside_minor bigint,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    service_level text DEFAULT 'standard'::text NOT NULL,
    temperature_class text DEFAULT 'ambient'::text NOT NULL,
    food boolean DEFAULT false NOT NULL,
    pooling text DEFAULT 'either'::text NOT NULL,
    declared_minor bigint,
    cod_minor bigint,
    inspection text,
    incoterm text,
    po_numbers text[] DEFAULT '{}'::text[] NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    option_basis jsonb,
    search_text text DEFAULT ''::text NOT NULL,
    status_at timestamp with time zone DEFAULT now() NOT NULL,
    status_code text,
    status_reason text,
    event_no integer DEFAULT 1 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT shipments_cod_minor_check CHECK ((cod_minor > 0)),
    CONSTRAINT shipments_declared_minor_check CHECK ((declared_minor >= 0)),
    CONSTRAINT shipments_event_no_check CHECK ((event_no > 0)),
    CONSTRAINT shipments_incoterm_check CHECK ((incoterm ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT shipments_inspection_check CHECK ((inspection = ANY (ARRAY['no_look'::text, 'look'::text, 'try_on'::text]))),
    CONSTRAINT shipments_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT shipments_outside_minor_check CHECK ((outside_minor >= 0)),
    CONSTRAINT shipments_pallet_places_check CHECK ((pallet_places >= 0)),
    CONSTRAINT shipments_pooling_check CHECK ((pooling = ANY (ARRAY['pool'::text, 'alone'::text, 'either'::text]))),
    CONSTRAINT shipments_service_check CHECK ((service = ANY (ARRAY['delivery'::text, 'collection'::text, 'transport'::text]))),
    CONSTRAINT shipments_service_level_check CHECK ((service_level = ANY (ARRAY['standard'::text, 'express'::text, 'economy'::text]))),
    CONSTRAINT shipments_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'quoted'::text, 'booked'::text, 'pooled'::text, 'planned'::text, 'tendered'::text, 'dispatched'::text, 'picked_up'::text, 'at_hub'::text, 'in_transit'::text, 'at_customs'::text, 'out_for_delivery'::text, 'ready_for_pickup'::text, 'delivered'::text, 'partially_delivered'::text, 'delivery_failed'::text, 'on_hold'::text, 'return_to_sender'::text, 'returned'::text, 'cancelled'::text, 'lost'::text]))),
    CONSTRAINT shipments_temperature_class_check CHECK ((temperature_class = ANY (ARRAY['ambient'::text, 'controlled'::text, 'chilled'::text, 'frozen'::text]))),
    CONSTRAINT shipments_volume_cm3_check CHECK ((volume_cm3 >= 0)),
    CONSTRAINT shipments_weight_g_check CHECK ((weight_g >= 0)),
    CONSTRAINT shipments_window_check CHECK (((pool_window_id IS NOT NULL) OR (status = ANY (ARRAY['draft'::text, 'quoted'::text, 'cancelled'::text]))))
);
ALTER TABLE ONLY public.shipments FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sign_in_attempts (
    bucket bytea NOT NULL,
    tries integer NOT NULL,
    began_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sign_in_attempts_bucket_check CHECK ((length(bucket) = 32)),
    CONSTRAINT sign_in_attempts_tries_check CHECK ((tries > 0))
);
ALTER TABLE ONLY public.sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sign_in_rules (
    cluster_id uuid NOT NULL,
    coordinators_need_factor boolean NOT NULL
);
ALTER TABLE ONLY public.sign_in_rules FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sign_in_steps (
    digest bytea NOT NULL,
    kind text NOT NULL,
    sealed bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT sign_in_steps_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT sign_in_steps_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'factor'::text, 'passkey'::text, 'registration'::text, 'oidc'::text, 'reset'::text])))
);
ALTER TABLE ONLY public.sign_in_steps FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sites (
    cluster_id uuid NOT NULL,
    site_id uuid NOT NULL,
    member_id uuid,
    kind text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    address_line1 text NOT NULL,
    country_code text NOT NULL,
    province_code text,
    ward_code text,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    opens_at time without time zone,
    closes_at time without time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    address_line2 text,
    locality text,
    postal_code text,
    subdivision text,
    legacy jsonb,
    location_precision text DEFAULT 'given'::text NOT NULL,
    gln text,
    un_locode text,
    time_zone text,
    hours jsonb,
    docks jsonb DEFAULT '[]'::jsonb NOT NULL,
    active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sites_check CHECK (((opens_at IS NULL) = (closes_at IS NULL))),
    CONSTRAINT sites_check1 CHECK ((opens_at < closes_at)),
    CONSTRAINT sites_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT sites_gln_check CHECK ((gln ~ '^[0-9]{13}$'::text)),
    CONSTRAINT sites_kind_check CHECK ((kind = ANY (ARRAY['hub'::text, 'warehouse'::text, 'workshop'::text, 'shop'::text, 'pickup_point'::text]))),
    CONSTRAINT sites_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT sites_location_precision_check CHECK ((location_precision = ANY (ARRAY['given'::text, 'address'::text, 'street'::text, 'place'::text, 'ward_centroid'::text, 'postcode_centroid'::text, 'province_centroid'::text]))),
    CONSTRAINT sites_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT sites_subdivision_check CHECK ((subdivision ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'::text)),
    CONSTRAINT sites_un_locode_check CHECK ((un_locode ~ '^[A-Z]{2}[A-Z2-9]{3}$'::text)),
    CONSTRAINT sites_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.sites FORCE ROW LEVEL SECURITY;
CREATE TABLE public.size_evidence (
    cluster_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    member_id uuid NOT NULL,
    standard text NOT NULL,
    sector text NOT NULL,
    employees integer NOT NULL,
    revenue_minor bigint,
    assets_minor bigint,
    capital_minor bigint,
    currency text NOT NULL,
    fiscal_year integer NOT NULL,
    size_class text NOT NULL,
    document_kind text NOT NULL,
    document_ref text NOT NULL,
    document_date date NOT NULL,
    file_sha256 text,
    status text DEFAULT 'submitted'::text NOT NULL,
    reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    reviewed_at timestamp with time zone,
    valid_until date,
    CONSTRAINT size_evidence_assets_minor_check CHECK ((assets_minor >= 0)),
    CONSTRAINT size_evidence_capital_minor_check CHECK ((capital_minor >= 0)),
    CONSTRAINT size_evidence_check CHECK (((status = 'submitted'::text) = (reviewed_at IS NULL))),
    CONSTRAINT size_evidence_check1 CHECK (((status = 'accepted'::text) = (valid_until IS NOT NULL))),
    CONSTRAINT size_evidence_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT size_evidence_document_kind_check CHECK ((document_kind = ANY (ARRAY['annual_accounts'::text, 'tax_return'::text, 'social_insurance_record'::text, 'register_extract'::text, 'self_declaration'::text, 'other'::text]))),
    CONSTRAINT size_evidence_employees_check CHECK ((employees >= 0)),
    CONSTRAINT size_evidence_file_sha256_check CHECK ((file_sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT size_evidence_fiscal_year_check CHECK (((fiscal_year >= 1900) AND (fiscal_year <= 2200))),
    CONSTRAINT size_evidence_revenue_minor_check CHECK ((revenue_minor >= 0)),
    CONSTRAINT size_evidence_size_class_check CHECK ((size_class = ANY (ARRAY['micro'::text, 'small'::text, 'medium'::text, 'large'::text]))),
    CONSTRAINT size_evidence_standard_check CHECK ((standard = ANY (ARRAY['eu_2003_361'::text, 'vn_80_2021'::text, 'cn_2011'::text]))),
    CONSTRAINT size_evidence_status_check CHECK ((status = ANY (ARRAY['submitted'::text, 'accepted'::text, 'rejected'::text])))
);
ALTER TABLE ONLY public.size_evidence FORCE ROW LEVEL SECURITY;
CREATE TABLE public.snapped_points (
    cluster_id uuid NOT NULL,
    snapped_point_id uuid NOT NULL,
    member_id uuid,
    profile text NOT NULL,
    lat_e6 integer NOT NULL,
    lon_e6 integer NOT NULL,
    road_lat_e6 integer,
    road_lon_e6 integer,
    distance_m integer,
    hubs_reached boolean,
    network text NOT NULL,
    computed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT snapped_points_check CHECK ((num_nulls(road_lat_e6, road_lon_e6, distance_m) = ANY (ARRAY[0, 3]))),
    CONSTRAINT snapped_points_distance_m_check CHECK ((distance_m >= 0)),
    CONSTRAINT snapped_points_lat_e6_check CHECK (((lat_e6 >= '-90000000'::integer) AND (lat_e6 <= 90000000))),
    CONSTRAINT snapped_points_lon_e6_check CHECK (((lon_e6 >= '-180000000'::integer) AND (lon_e6 <= 180000000))),
    CONSTRAINT snapped_points_network_check CHECK ((length(network) <= 200)),
    CONSTRAINT snapped_points_road_lat_e6_check CHECK (((road_lat_e6 >= '-90000000'::integer) AND (road_lat_e6 <= 90000000))),
    CONSTRAINT snapped_points_road_lon_e6_check CHECK (((road_lon_e6 >= '-180000000'::integer) AND (road_lon_e6 <= 180000000)))
);
ALTER TABLE ONLY public.snapped_points FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_bookings (
    cluster_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    member_id uuid NOT NULL,
    status text NOT NULL,
    unit text NOT NULL,
    units integer NOT NULL,
    temperatures text[] NOT NULL,
    site_ids uuid[] NOT NULL,
    wanted_offer uuid,
    earliest_on date NOT NULL,
    latest_on date NOT NULL,
    days integer NOT NULL,
    rent_max_minor bigint,
    move_minor bigint,
    content text,
    offer_id uuid,
    first_on date,
    last_on date,
    owed_on date,
    rent_minor bigint,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    booked_at timestamp with time zone,
    CONSTRAINT space_bookings_check CHECK ((latest_on >= earliest_on)),
    CONSTRAINT space_bookings_check1 CHECK ((num_nulls(offer_id, first_on, last_on, owed_on, rent_minor, booked_at) = ANY (ARRAY[0, 6]))),
    CONSTRAINT space_bookings_check2 CHECK (((status <> 'booked'::text) OR (offer_id IS NOT NULL))),
    CONSTRAINT space_bookings_check3 CHECK (((status <> ALL (ARRAY['waiting'::text, 'expired'::text])) OR (offer_id IS NULL))),
    CONSTRAINT space_bookings_check4 CHECK (((last_on >= (first_on - 1)) AND (owed_on >= last_on))),
    CONSTRAINT space_bookings_days_check CHECK ((days > 0)),
    CONSTRAINT space_bookings_move_minor_check CHECK ((move_minor >= 0)),
    CONSTRAINT space_bookings_rent_max_minor_check CHECK ((rent_max_minor >= 0)),
    CONSTRAINT space_bookings_rent_minor_check CHECK ((rent_minor >= 0)),
    CONSTRAINT space_bookings_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'booked'::text, 'released'::text, 'expired'::text]))),
    CONSTRAINT space_bookings_unit_check CHECK ((unit = ANY (ARRAY['pallet_place'::text, 'square_metre'::text]))),
    CONSTRAINT space_bookings_units_check CHECK ((units > 0))
);
ALTER TABLE ONLY public.space_bookings FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_commitments (
    cluster_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    member_id uuid NOT NULL,
    units integer NOT NULL,
    CONSTRAINT space_commitments_units_check CHECK ((units >= 0))
);
ALTER TABLE ONLY public.space_commitments FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_counts (
    cluster_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    day date NOT NULL,
    member_id uuid NOT NULL,
    units integer NOT NULL,
    CONSTRAINT space_counts_units_check CHECK ((units >= 0))
);
ALTER TABLE ONLY public.space_counts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_days (
    cluster_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    day date NOT NULL,
    units integer NOT NULL,
    used integer DEFAULT 0 NOT NULL,
    CONSTRAINT space_days_room CHECK (((used >= 0) AND (used <= units)))
);
ALTER TABLE ONLY public.space_days FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_leases (
    cluster_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    rent_month_minor bigint NOT NULL,
    running_month_minor bigint NOT NULL,
    overflow_milli bigint NOT NULL,
    relet_milli bigint NOT NULL,
    CONSTRAINT space_leases_overflow_milli_check CHECK ((overflow_milli >= 0)),
    CONSTRAINT space_leases_relet_milli_check CHECK ((relet_milli >= 0)),
    CONSTRAINT space_leases_rent_month_minor_check CHECK ((rent_month_minor >= 0)),
    CONSTRAINT space_leases_running_month_minor_check CHECK ((running_month_minor >= 0))
);
ALTER TABLE ONLY public.space_leases FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_offers (
    cluster_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    owner_id uuid,
    site_id uuid NOT NULL,
    zone text NOT NULL,
    temperature text NOT NULL,
    unit text NOT NULL,
    units integer NOT NULL,
    row_units integer NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    day_milli bigint NOT NULL,
    days_min integer NOT NULL,
    days_max integer,
    notice_days integer NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT space_offers_check CHECK ((last_on >= first_on)),
    CONSTRAINT space_offers_check1 CHECK ((days_max >= days_min)),
    CONSTRAINT space_offers_day_milli_check CHECK ((day_milli >= 0)),
    CONSTRAINT space_offers_days_min_check CHECK ((days_min > 0)),
    CONSTRAINT space_offers_notice_days_check CHECK ((notice_days >= 0)),
    CONSTRAINT space_offers_row_units_check CHECK ((row_units > 0)),
    CONSTRAINT space_offers_status_check CHECK ((status = ANY (ARRAY['open'::text, 'withdrawn'::text]))),
    CONSTRAINT space_offers_temperature_check CHECK ((temperature = ANY (ARRAY['ambient'::text, 'controlled'::text, 'chilled'::text, 'frozen'::text]))),
    CONSTRAINT space_offers_unit_check CHECK ((unit = ANY (ARRAY['pallet_place'::text, 'square_metre'::text]))),
    CONSTRAINT space_offers_units_check CHECK ((units > 0))
);
ALTER TABLE ONLY public.space_offers FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_replans (
    cluster_id uuid NOT NULL,
    replan_id uuid NOT NULL,
    status text DEFAULT 'proposed'::text NOT NULL,
    content jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_at timestamp with time zone,
    CONSTRAINT space_replans_check CHECK (((status = 'applied'::text) = (applied_at IS NOT NULL))),
    CONSTRAINT space_replans_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'applied'::text])))
);
ALTER TABLE ONLY public.space_replans FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_shares (
    cluster_id uuid NOT NULL,
    split_id uuid NOT NULL,
    member_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    status text DEFAULT 'final'::text NOT NULL,
    rule text NOT NULL,
    reserved_minor bigint NOT NULL,
    running_minor bigint NOT NULL,
    overflow_minor bigint NOT NULL,
    relet_minor bigint NOT NULL,
    credit_minor bigint NOT NULL,
    share_minor bigint NOT NULL,
    alone_minor bigint NOT NULL,
    peak_units integer NOT NULL,
    peak_on date NOT NULL,
    joint_peak_on date NOT NULL,
    at_joint_peak integer NOT NULL,
    used_days bigint NOT NULL,
    over_days bigint NOT NULL,
    released_days bigint NOT NULL,
    CONSTRAINT space_shares_check CHECK ((share_minor = ((((reserved_minor + running_minor) + overflow_minor) + relet_minor) + credit_minor))),
    CONSTRAINT space_shares_status_check CHECK ((status = ANY (ARRAY['final'::text, 'withdrawn'::text])))
);
ALTER TABLE ONLY public.space_shares FORCE ROW LEVEL SECURITY;
CREATE TABLE public.space_splits (
    cluster_id uuid NOT NULL,
    split_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    status text DEFAULT 'final'::text NOT NULL,
    cost_minor bigint NOT NULL,
    content jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT space_splits_check CHECK ((last_on >= first_on)),
    CONSTRAINT space_splits_status_check CHECK ((status = ANY (ARRAY['final'::text, 'withdrawn'::text])))
);
ALTER TABLE ONLY public.space_splits FORCE ROW LEVEL SECURITY;
CREATE TABLE public.splits (
    cluster_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    rule text NOT NULL,
    currency text NOT NULL,
    cost_minor bigint NOT NULL,
    excess_max_minor bigint NOT NULL,
    in_core boolean NOT NULL,
    individually_rational boolean NOT NULL,
    pool_digest text NOT NULL,
    unions jsonb NOT NULL,
    seconds double precision NOT NULL,
    rule_applied text NOT NULL,
    verdict text NOT NULL,
    gain_max_minor bigint,
    coalitions integer NOT NULL,
    coalitions_proven integer NOT NULL,
    certificate jsonb,
    CONSTRAINT splits_check CHECK (((coalitions_proven >= 0) AND (coalitions_proven <= coalitions))),
    CONSTRAINT splits_check1 CHECK (((certificate IS NULL) = (gain_max_minor IS NULL))),
    CONSTRAINT splits_coalitions_check CHECK ((coalitions >= 0)),
    CONSTRAINT splits_cost_minor_check CHECK ((cost_minor >= 0)),
    CONSTRAINT splits_verdict_check CHECK ((verdict = ANY (ARRAY['stable'::text, 'unstable'::text, 'open'::text])))
);
ALTER TABLE ONLY public.splits FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sscc_prefixes (
    cluster_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    member_id uuid,
    prefix text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sscc_prefixes_check CHECK ((owner_id = COALESCE(member_id, cluster_id))),
    CONSTRAINT sscc_prefixes_prefix_check CHECK ((prefix ~ '^[0-9]{4,12}$'::text))
);
ALTER TABLE ONLY public.sscc_prefixes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.sscc_units (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    line_no integer NOT NULL,
    unit_no integer NOT NULL,
    member_id uuid NOT NULL,
    sscc text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sscc_units_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT sscc_units_sscc_check CHECK ((sscc ~ '^[0-9]{18}$'::text)),
    CONSTRAINT sscc_units_unit_no_check CHECK ((unit_no > 0))
);
ALTER TABLE ONLY public.sscc_units FORCE ROW LEVEL SECURITY;
CREATE TABLE public.statement_disputes (
    cluster_id uuid NOT NULL,
    dispute_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    member_id uuid NOT NULL,
    reason text NOT NULL,
    amount_minor bigint,
    status text NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    entry_id uuid,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT statement_disputes_answer_check CHECK ((length(answer) <= 1000)),
    CONSTRAINT statement_disputes_check CHECK (((status = 'open'::text) = (decided_at IS NULL))),
    CONSTRAINT statement_disputes_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT statement_disputes_status_check CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'rejected'::text, 'withdrawn'::text])))
);
ALTER TABLE ONLY public.statement_disputes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.statements (
    cluster_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    period_id uuid NOT NULL,
    member_id uuid NOT NULL,
    opening_minor bigint NOT NULL,
    turnover_minor bigint NOT NULL,
    closing_minor bigint NOT NULL,
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    disputable_until timestamp with time zone NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT statements_check CHECK ((closing_minor = (opening_minor + turnover_minor))),
    CONSTRAINT statements_digest_check CHECK ((octet_length(digest) = 32))
);
ALTER TABLE ONLY public.statements FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tariff_versions (
    cluster_id uuid NOT NULL,
    vehicle_type_id uuid NOT NULL,
    version integer NOT NULL,
    setting_id uuid NOT NULL,
    effective_from date NOT NULL,
    fixed_minor bigint NOT NULL,
    km_minor bigint NOT NULL,
    hour_minor bigint NOT NULL,
    stop_minor bigint NOT NULL,
    trip_minor bigint NOT NULL,
    minimum_minor bigint NOT NULL,
    carrier_name text,
    fuel jsonb NOT NULL,
    zones jsonb NOT NULL,
    weight_breaks jsonb NOT NULL,
    note text NOT NULL,
    key_id uuid,
    user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tariff_versions_carrier_name_check CHECK ((carrier_name <> ''::text)),
    CONSTRAINT tariff_versions_fixed_minor_check CHECK ((fixed_minor >= 0)),
    CONSTRAINT tariff_versions_fuel_check CHECK ((jsonb_typeof(fuel) = 'array'::text)),
    CONSTRAINT tariff_versions_hour_minor_check CHECK ((hour_minor >= 0)),
    CONSTRAINT tariff_versions_km_minor_check CHECK ((km_minor >= 0)),
    CONSTRAINT tariff_versions_minimum_minor_check CHECK ((minimum_minor >= 0)),
    CONSTRAINT tariff_versions_note_check CHECK ((length(note) <= 200)),
    CONSTRAINT tariff_versions_stop_minor_check CHECK ((stop_minor >= 0)),
    CONSTRAINT tariff_versions_trip_minor_check CHECK ((trip_minor >= 0)),
    CONSTRAINT tariff_versions_version_check CHECK ((version > 0)),
    CONSTRAINT tariff_versions_weight_breaks_check CHECK ((jsonb_typeof(weight_breaks) = 'array'::text)),
    CONSTRAINT tariff_versions_zones_check CHECK ((jsonb_typeof(zones) = 'array'::text))
);
ALTER TABLE ONLY public.tariff_versions FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tender_offers (
    cluster_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    tender_id uuid NOT NULL,
    carrier_id uuid NOT NULL,
    step_no integer NOT NULL,
    status text NOT NULL,
    price_minor bigint NOT NULL,
    note text,
    content jsonb NOT NULL,
    asked_at timestamp with time zone,
    deadline_at timestamp with time zone,
    answered_at timestamp with time zone,
    answer_minor bigint,
    answer_starts_at timestamp with time zone,
    answer_reason text,
    answer_note text,
    decided_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT tender_offers_answer_minor_check CHECK ((answer_minor >= 0)),
    CONSTRAINT tender_offers_check CHECK ((((status = 'waiting'::text) = (asked_at IS NULL)) OR (status = ANY (ARRAY['withdrawn'::text, 'lost'::text])))),
    CONSTRAINT tender_offers_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT tender_offers_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'open'::text, 'accepted'::text, 'countered'::text, 'declined'::text, 'expired'::text, 'lost'::text, 'awarded'::text, 'withdrawn'::text]))),
    CONSTRAINT tender_offers_step_no_check CHECK ((step_no > 0))
);
ALTER TABLE ONLY public.tender_offers FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tenders (
    cluster_id uuid NOT NULL,
    tender_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    tour_version bigint NOT NULL,
    mode text NOT NULL,
    award_rule text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    price_minor bigint NOT NULL,
    ceiling_minor bigint,
    respond_s integer NOT NULL,
    dispatches boolean NOT NULL,
    note text,
    content jsonb NOT NULL,
    deadline_at timestamp with time zone,
    closed_reason text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT tenders_award_rule_check CHECK ((award_rule = ANY (ARRAY['price'::text, 'score'::text, 'choice'::text]))),
    CONSTRAINT tenders_check CHECK ((ceiling_minor >= price_minor)),
    CONSTRAINT tenders_check1 CHECK (((closed_at IS NULL) = (status = ANY (ARRAY['open'::text, 'deciding'::text])))),
    CONSTRAINT tenders_check2 CHECK (((status = 'open'::text) OR (deadline_at IS NULL))),
    CONSTRAINT tenders_mode_check CHECK ((mode = ANY (ARRAY['direct'::text, 'waterfall'::text, 'broadcast'::text]))),
    CONSTRAINT tenders_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT tenders_respond_s_check CHECK ((respond_s > 0)),
    CONSTRAINT tenders_status_check CHECK ((status = ANY (ARRAY['open'::text, 'deciding'::text, 'awarded'::text, 'exhausted'::text, 'withdrawn'::text])))
);
ALTER TABLE ONLY public.tenders FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tour_stops (
    cluster_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    stop_no integer NOT NULL,
    arrives_at timestamp with time zone NOT NULL,
    departs_at timestamp with time zone NOT NULL,
    arrived_at timestamp with time zone,
    left_at timestamp with time zone,
    CONSTRAINT tour_stops_check CHECK ((departs_at >= arrives_at)),
    CONSTRAINT tour_stops_stop_no_check CHECK ((stop_no > 0))
);
ALTER TABLE ONLY public.tour_stops FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tour_visits (
    cluster_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    stop_no integer NOT NULL,
    visit_no integer NOT NULL,
    shipment_id uuid NOT NULL,
    action text NOT NULL,
    begins_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    outcome text,
    outcome_at timestamp with time zone,
    reason text,
    units_done integer,
    CONSTRAINT tour_visits_action_check CHECK ((action = ANY (ARRAY['pickup'::text, 'delivery'::text]))),
    CONSTRAINT tour_visits_check CHECK ((ends_at >= begins_at)),
    CONSTRAINT tour_visits_check1 CHECK (((outcome IS NULL) = (outcome_at IS NULL))),
    CONSTRAINT tour_visits_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'partly'::text, 'failed'::text, 'moved'::text]))),
    CONSTRAINT tour_visits_units_done_check CHECK ((units_done >= 0)),
    CONSTRAINT tour_visits_visit_no_check CHECK ((visit_no > 0))
);
ALTER TABLE ONLY public.tour_visits FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tours (
    cluster_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    route_no integer NOT NULL,
    pool_window_id uuid NOT NULL,
    vehicle_type_id uuid NOT NULL,
    vehicle_no integer NOT NULL,
    code text NOT NULL,
    vehicle text NOT NULL,
    driver_name text,
    status text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    distance_m bigint NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    cancel_reason text,
    exception text,
    lat double precision,
    lon double precision,
    seen_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    carrier_id uuid,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    agreed_minor bigint,
    tender_offer_id uuid,
    CONSTRAINT tours_agreed_minor_check CHECK ((agreed_minor >= 0)),
    CONSTRAINT tours_check CHECK ((ends_at >= starts_at)),
    CONSTRAINT tours_check1 CHECK (((lat IS NULL) = (lon IS NULL))),
    CONSTRAINT tours_check2 CHECK (((agreed_minor IS NULL) OR (carrier_id IS NOT NULL))),
    CONSTRAINT tours_distance_m_check CHECK ((distance_m >= 0)),
    CONSTRAINT tours_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT tours_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT tours_route_no_check CHECK ((route_no > 0)),
    CONSTRAINT tours_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'dispatched'::text, 'under_way'::text, 'completed'::text, 'cancelled'::text]))),
    CONSTRAINT tours_vehicle_no_check CHECK ((vehicle_no > 0))
);
ALTER TABLE ONLY public.tours FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tracking_events (
    cluster_id uuid NOT NULL,
    event_id uuid NOT NULL,
    tour_id uuid NOT NULL,
    member_id uuid,
    shipment_id uuid,
    event_key text NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    stop_no integer,
    action text,
    reason text,
    units_done integer,
    note text,
    at timestamp with time zone NOT NULL,
    told_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    applied boolean NOT NULL,
    lat double precision,
    lon double precision,
    accuracy_m integer,
    CONSTRAINT tracking_events_accuracy_m_check CHECK ((accuracy_m >= 0)),
    CONSTRAINT tracking_events_action_check CHECK ((action = ANY (ARRAY['pickup'::text, 'delivery'::text]))),
    CONSTRAINT tracking_events_check CHECK (((lat IS NULL) = (lon IS NULL))),
    CONSTRAINT tracking_events_check1 CHECK (((member_id IS NULL) = (shipment_id IS NULL))),
    CONSTRAINT tracking_events_check2 CHECK (((member_id IS NULL) OR (stop_no IS NULL))),
    CONSTRAINT tracking_events_event_key_check CHECK (((length(event_key) >= 1) AND (length(event_key) <= 64))),
    CONSTRAINT tracking_events_kind_check CHECK ((kind = ANY (ARRAY['started'::text, 'completed'::text, 'exception'::text, 'resolved'::text, 'position'::text, 'arrived'::text, 'left'::text, 'loaded'::text, 'done'::text, 'partly'::text, 'failed'::text]))),
    CONSTRAINT tracking_events_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT tracking_events_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT tracking_events_source_check CHECK ((source = ANY (ARRAY['driver'::text, 'coordinator'::text, 'platform'::text, 'carrier'::text]))),
    CONSTRAINT tracking_events_stop_no_check CHECK ((stop_no > 0)),
    CONSTRAINT tracking_events_units_done_check CHECK ((units_done >= 0))
);
ALTER TABLE ONLY public.tracking_events FORCE ROW LEVEL SECURITY;
CREATE TABLE public.tracking_links (
    cluster_id uuid NOT NULL,
    link_id uuid NOT NULL,
    member_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    used_at timestamp with time zone,
    CONSTRAINT tracking_links_hash_check CHECK ((octet_length(hash) = 32))
);
ALTER TABLE ONLY public.tracking_links FORCE ROW LEVEL SECURITY;
CREATE TABLE public.travel_legs (
    cluster_id uuid NOT NULL,
    profile text NOT NULL,
    from_lat_e6 integer NOT NULL,
    from_lon_e6 integer NOT NULL,
    to_lat_e6 integer NOT NULL,
    to_lon_e6 integer NOT NULL,
    distance_m integer NOT NULL,
    duration_s integer NOT NULL,
    source text DEFAULT 'given'::text NOT NULL,
    network text,
    computed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT travel_legs_check CHECK (((source = 'given'::text) = (network IS NULL))),
    CONSTRAINT travel_legs_distance_m_check CHECK ((distance_m >= '-1'::integer)),
    CONSTRAINT travel_legs_duration_s_check CHECK ((duration_s >= '-1'::integer)),
    CONSTRAINT travel_legs_network_check CHECK ((length(network) <= 200)),
    CONSTRAINT travel_legs_source_check CHECK ((source = ANY (ARRAY['given'::text, 'valhalla'::text, 'osrm'::text])))
);
ALTER TABLE ONLY public.travel_legs FORCE ROW LEVEL SECURITY;
CREATE TABLE public.travel_lines (
    cluster_id uuid NOT NULL,
    profile text NOT NULL,
    from_lat_e6 integer NOT NULL,
    from_lon_e6 integer NOT NULL,
    to_lat_e6 integer NOT NULL,
    to_lon_e6 integer NOT NULL,
    line text,
    network text,
    wanted_at timestamp with time zone DEFAULT now() NOT NULL,
    computed_at timestamp with time zone,
    CONSTRAINT travel_lines_check CHECK (((network IS NULL) = (computed_at IS NULL))),
    CONSTRAINT travel_lines_check1 CHECK (((network IS NOT NULL) OR (line IS NULL))),
    CONSTRAINT travel_lines_from_lat_e6_check CHECK (((from_lat_e6 >= '-90000000'::integer) AND (from_lat_e6 <= 90000000))),
    CONSTRAINT travel_lines_from_lon_e6_check CHECK (((from_lon_e6 >= '-180000000'::integer) AND (from_lon_e6 <= 180000000))),
    CONSTRAINT travel_lines_line_check CHECK ((length(line) <= 65536)),
    CONSTRAINT travel_lines_network_check CHECK ((length(network) <= 200)),
    CONSTRAINT travel_lines_profile_check CHECK ((length(profile) <= 200)),
    CONSTRAINT travel_lines_to_lat_e6_check CHECK (((to_lat_e6 >= '-90000000'::integer) AND (to_lat_e6 <= 90000000))),
    CONSTRAINT travel_lines_to_lon_e6_check CHECK (((to_lon_e6 >= '-180000000'::integer) AND (to_lon_e6 <= 180000000)))
);
ALTER TABLE ONLY public.travel_lines FORCE ROW LEVEL SECURITY;
CREATE TABLE public.travel_profiles (
    cluster_id uuid NOT NULL,
    profile text NOT NULL,
    mode text NOT NULL,
    gross_weight_g bigint,
    axle_load_g bigint,
    height_mm integer,
    width_mm integer,
    length_mm integer,
    speed_max_kmh integer,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT travel_profiles_axle_load_g_check CHECK ((axle_load_g > 0)),
    CONSTRAINT travel_profiles_check CHECK (((mode = 'truck'::text) OR ((gross_weight_g IS NULL) AND (axle_load_g IS NULL) AND (length_mm IS NULL)))),
    CONSTRAINT travel_profiles_check1 CHECK (((mode = ANY (ARRAY['van'::text, 'truck'::text])) OR ((height_mm IS NULL) AND (width_mm IS NULL)))),
    CONSTRAINT travel_profiles_gross_weight_g_check CHECK ((gross_weight_g > 0)),
    CONSTRAINT travel_profiles_height_mm_check CHECK ((height_mm > 0)),
    CONSTRAINT travel_profiles_length_mm_check CHECK ((length_mm > 0)),
    CONSTRAINT travel_profiles_mode_check CHECK ((mode = ANY (ARRAY['motorbike'::text, 'van'::text, 'truck'::text, 'bicycle'::text]))),
    CONSTRAINT travel_profiles_speed_max_kmh_check CHECK (((speed_max_kmh >= 10) AND (speed_max_kmh <= 140))),
    CONSTRAINT travel_profiles_width_mm_check CHECK ((width_mm > 0))
);
ALTER TABLE ONLY public.travel_profiles FORCE ROW LEVEL SECURITY;
CREATE TABLE public.un_locodes (
    code text NOT NULL,
    name text NOT NULL,
    name_ascii text NOT NULL,
    subdivision text,
    functions text NOT NULL,
    status text NOT NULL,
    lat double precision,
    lon double precision,
    withdrawn boolean DEFAULT false NOT NULL,
    CONSTRAINT un_locodes_check CHECK (((lat IS NULL) = (lon IS NULL))),
    CONSTRAINT un_locodes_code_check CHECK ((code ~ '^[A-Z]{2}[A-Z2-9]{3}$'::text)),
    CONSTRAINT un_locodes_functions_check CHECK ((length(functions) = 8)),
    CONSTRAINT un_locodes_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT un_locodes_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT un_locodes_subdivision_check CHECK ((subdivision ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'::text))
);
ALTER TABLE ONLY public.un_locodes FORCE ROW LEVEL SECURITY;
CREATE TABLE public.undertaking_parts (
    cluster_id uuid NOT NULL,
    undertaking_id uuid NOT NULL,
    member_id uuid NOT NULL,
    key_parts bigint NOT NULL,
    share_minor bigint NOT NULL,
    answer text DEFAULT 'open'::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT undertaking_parts_answer_check CHECK ((answer = ANY (ARRAY['open'::text, 'agreed'::text, 'refused'::text]))),
    CONSTRAINT undertaking_parts_check CHECK (((answer = 'open'::text) = (answered_at IS NULL))),
    CONSTRAINT undertaking_parts_key_parts_check CHECK ((key_parts >= 0)),
    CONSTRAINT undertaking_parts_note_check CHECK ((length(note) <= 1000)),
    CONSTRAINT undertaking_parts_share_minor_check CHECK ((share_minor >= 0))
);
ALTER TABLE ONLY public.undertaking_parts FORCE ROW LEVEL SECURITY;
CREATE TABLE public.undertakings (
    cluster_id uuid NOT NULL,
    undertaking_id uuid NOT NULL,
    title text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    rule text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    occurred_on date NOT NULL,
    paid_by uuid,
    carrier_id uuid,
    status text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT undertakings_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT undertakings_check CHECK ((num_nonnulls(paid_by, carrier_id) <= 1)),
    CONSTRAINT undertakings_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT undertakings_note_check CHECK ((length(note) <= 1000)),
    CONSTRAINT undertakings_rule_check CHECK ((rule = ANY (ARRAY['equal'::text, 'by_key'::text, 'by_share'::text]))),
    CONSTRAINT undertakings_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'posted'::text, 'refused'::text, 'withdrawn'::text]))),
    CONSTRAINT undertakings_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);
ALTER TABLE ONLY public.undertakings FORCE ROW LEVEL SECURITY;
CREATE TABLE public.unit_contents (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    line_no integer NOT NULL,
    entry_no integer NOT NULL,
    member_id uuid NOT NULL,
    sku text,
    name text NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT unit_contents_entry_no_check CHECK ((entry_no > 0)),
    CONSTRAINT unit_contents_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT unit_contents_quantity_check CHECK ((quantity > 0))
);
ALTER TABLE ONLY public.unit_contents FORCE ROW LEVEL SECURITY;
CREATE TABLE public.user_identities (
    cluster_id uuid NOT NULL,
    user_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL
);
ALTER TABLE ONLY public.user_identities FORCE ROW LEVEL SECURITY;
CREATE TABLE public.user_invitations (
    cluster_id uuid NOT NULL,
    invitation_id uuid NOT NULL,
    digest bytea NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    member_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT user_invitations_check CHECK (((role = ANY (ARRAY['member_user'::text, 'member_admin'::text])) = (member_id IS NOT NULL))),
    CONSTRAINT user_invitations_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT user_invitations_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254)))),
    CONSTRAINT user_invitations_role_check CHECK ((role = ANY (ARRAY['member_user'::text, 'member_admin'::text, 'coordinator'::text, 'warehouse_operator'::text])))
);
ALTER TABLE ONLY public.user_invitations FORCE ROW LEVEL SECURITY;
CREATE TABLE public.user_passkeys (
    cluster_id uuid NOT NULL,
    user_id uuid NOT NULL,
    passkey_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    CONSTRAINT user_passkeys_credential_id_check CHECK (((length(credential_id) >= 1) AND (length(credential_id) <= 1023))),
    CONSTRAINT user_passkeys_sign_count_check CHECK ((sign_count >= 0))
);
ALTER TABLE ONLY public.user_passkeys FORCE ROW LEVEL SECURITY;
CREATE TABLE public.user_passwords (
    cluster_id uuid NOT NULL,
    user_id uuid NOT NULL,
    hash text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.user_passwords FORCE ROW LEVEL SECURITY;
CREATE TABLE public.user_totp (
    cluster_id uuid NOT NULL,
    user_id uuid NOT NULL,
    sealed bytea NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.user_totp FORCE ROW LEVEL SECURITY;
CREATE TABLE public.users (
    cluster_id uuid NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    member_id uuid,
    status text DEFAULT 'active'::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    sessions_since timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_check CHECK (((role = ANY (ARRAY['member_user'::text, 'member_admin'::text])) = (member_id IS NOT NULL))),
    CONSTRAINT users_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254)))),
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['member_user'::text, 'member_admin'::text, 'coordinator'::text, 'warehouse_operator'::text]))),
    CONSTRAINT users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'deactivated'::text]))),
    CONSTRAINT users_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.users FORCE ROW LEVEL SECURITY;
CREATE TABLE public.vehicle_types (
    cluster_id uuid NOT NULL,
    vehicle_type_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    profile text NOT NULL,
    speed_kmh integer NOT NULL,
    circuity_percent integer NOT NULL,
    weight_g bigint NOT NULL,
    volume_cm3 bigint NOT NULL,
    pallet_places integer NOT NULL,
    vehicles integer,
    fixed_minor bigint NOT NULL,
    km_minor bigint NOT NULL,
    hour_minor bigint NOT NULL,
    stop_minor bigint NOT NULL,
    start_site_id uuid NOT NULL,
    end_site_id uuid,
    shift_start time without time zone NOT NULL,
    shift_end time without time zone NOT NULL,
    duration_max_s integer,
    distance_max_m integer,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    hold jsonb,
    carrier_id uuid,
    driver_breaks jsonb,
    CONSTRAINT vehicle_types_check CHECK ((shift_end > shift_start)),
    CONSTRAINT vehicle_types_circuity_percent_check CHECK (((circuity_percent >= 100) AND (circuity_percent <= 1000))),
    CONSTRAINT vehicle_types_distance_max_m_check CHECK ((distance_max_m > 0)),
    CONSTRAINT vehicle_types_driver_breaks_check CHECK ((jsonb_typeof(driver_breaks) = 'object'::text)),
    CONSTRAINT vehicle_types_duration_max_s_check CHECK ((duration_max_s > 0)),
    CONSTRAINT vehicle_types_fixed_minor_check CHECK ((fixed_minor >= 0)),
    CONSTRAINT vehicle_types_hour_minor_check CHECK ((hour_minor >= 0)),
    CONSTRAINT vehicle_types_km_minor_check CHECK ((km_minor >= 0)),
    CONSTRAINT vehicle_types_pallet_places_check CHECK ((pallet_places >= 0)),
    CONSTRAINT vehicle_types_speed_kmh_check CHECK (((speed_kmh >= 1) AND (speed_kmh <= 200))),
    CONSTRAINT vehicle_types_stop_minor_check CHECK ((stop_minor >= 0)),
    CONSTRAINT vehicle_types_vehicles_check CHECK ((vehicles >= 0)),
    CONSTRAINT vehicle_types_volume_cm3_check CHECK ((volume_cm3 > 0)),
    CONSTRAINT vehicle_types_weight_g_check CHECK ((weight_g > 0))
);
ALTER TABLE ONLY public.vehicle_types FORCE ROW LEVEL SECURITY;
CREATE TABLE public.webhook_deliveries (
    cluster_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    member_id uuid,
    resource_id uuid NOT NULL,
    seq bigint NOT NULL,
    event_type text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    sending_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    tried_at timestamp with time zone,
    response_status integer,
    error text,
    duration_ms integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    carrier_id uuid,
    CONSTRAINT webhook_deliveries_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT webhook_deliveries_response_status_check CHECK (((response_status >= 100) AND (response_status <= 999))),
    CONSTRAINT webhook_deliveries_seq_check CHECK ((seq > 0)),
    CONSTRAINT webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text]))),
    CONSTRAINT webhook_deliveries_tries_check CHECK ((tries >= 0))
);
ALTER TABLE ONLY public.webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE TABLE public.webhook_endpoints (
    cluster_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    member_id uuid,
    url text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    event_types text[] NOT NULL,
    ed25519 boolean DEFAULT false NOT NULL,
    public_key text NOT NULL,
    sealed bytea NOT NULL,
    previous_sealed bytea,
    previous_until timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    disabled_at timestamp with time zone,
    disabled_reason text,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    paused_until timestamp with time zone,
    slow boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    carrier_id uuid,
    sandbox boolean DEFAULT false NOT NULL,
    CONSTRAINT webhook_endpoints_check CHECK (((previous_sealed IS NULL) = (previous_until IS NULL))),
    CONSTRAINT webhook_endpoints_check1 CHECK (((disabled_at IS NULL) = (disabled_reason IS NULL))),
    CONSTRAINT webhook_endpoints_check2 CHECK (((member_id IS NULL) OR (carrier_id IS NULL))),
    CONSTRAINT webhook_endpoints_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['owner'::text, 'gone'::text, 'failing'::text, 'left'::text]))),
    CONSTRAINT webhook_endpoints_event_types_check CHECK (((cardinality(event_types) >= 1) AND (cardinality(event_types) <= 50))),
    CONSTRAINT webhook_endpoints_failures_check CHECK ((failures >= 0)),
    CONSTRAINT webhook_endpoints_url_check CHECK (((length(url) >= 8) AND (length(url) <= 2000)))
);
ALTER TABLE ONLY public.webhook_endpoints FORCE ROW LEVEL SECURITY;
CREATE TABLE public.window_schedules (
    cluster_id uuid NOT NULL,
    schedule_id uuid NOT NULL,
    label text NOT NULL,
    cut_off_cron text NOT NULL,
    offset_days integer NOT NULL,
    service_weekdays integer[] NOT NULL,
    holidays text NOT NULL,
    on_holiday text NOT NULL,
    opens_days_before integer NOT NULL,
    opens_clock time without time zone NOT NULL,
    late_policy text NOT NULL,
    late_s integer NOT NULL,
    horizon_days integer NOT NULL,
    valid_from date,
    valid_until date,
    active boolean DEFAULT true NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    looked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT window_schedules_check CHECK ((valid_until >= valid_from)),
    CONSTRAINT window_schedules_check1 CHECK (((late_policy = 'accept'::text) = (late_s > 0))),
    CONSTRAINT window_schedules_holidays_check CHECK ((holidays ~ '^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$'::text)),
    CONSTRAINT window_schedules_horizon_days_check CHECK (((horizon_days >= 1) AND (horizon_days <= 90))),
    CONSTRAINT window_schedules_label_check CHECK ((label <> ''::text)),
    CONSTRAINT window_schedules_late_policy_check CHECK ((late_policy = ANY (ARRAY['refuse'::text, 'next_window'::text, 'accept'::text]))),
    CONSTRAINT window_schedules_late_s_check CHECK (((late_s >= 0) AND (late_s <= 172800))),
    CONSTRAINT window_schedules_offset_days_check CHECK (((offset_days >= 0) AND (offset_days <= 30))),
    CONSTRAINT window_schedules_on_holiday_check CHECK ((on_holiday = ANY (ARRAY['skip'::text, 'next_day'::text, 'serve'::text]))),
    CONSTRAINT window_schedules_opens_days_before_check CHECK (((opens_days_before >= 0) AND (opens_days_before <= 60))),
    CONSTRAINT window_schedules_service_weekdays_check CHECK (((service_weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]) AND ((cardinality(service_weekdays) >= 1) AND (cardinality(service_weekdays) <= 7))))
);
ALTER TABLE ONLY public.window_schedules FORCE ROW LEVEL SECURITY;
ALTER TABLE ONLY public.addresses
    ADD CONSTRAINT addresses_pkey PRIMARY KEY (cluster_id, address_id);
ALTER TABLE ONLY public.admin_units
    ADD CONSTRAINT admin_units_pkey PRIMARY KEY (country_code, edition, kind, code);
ALTER TABLE ONLY public.agreement_acceptances
    ADD CONSTRAINT agreement_acceptances_cluster_id_member_id_agreement_id_key UNIQUE (cluster_id, member_id, agreement_id);
ALTER TABLE ONLY public.agreement_acceptances
    ADD CONSTRAINT agreement_acceptances_pkey PRIMARY KEY (cluster_id, acceptance_id);
ALTER TABLE ONLY public.agreements
    ADD CONSTRAINT agreements_cluster_id_version_key UNIQUE (cluster_id, version);
ALTER TABLE ONLY public.agreements
    ADD CONSTRAINT agreements_pkey PRIMARY KEY (cluster_id, agreement_id);
ALTER TABLE ONLY public.amendments
    ADD CONSTRAINT amendments_pkey PRIMARY KEY (cluster_id, amendment_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (cluster_id, key_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_prefix_key UNIQUE (prefix);
ALTER TABLE ONLY public.application_codes
    ADD CONSTRAINT application_codes_pkey PRIMARY KEY (cluster_id, code_id);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_pkey PRIMARY KEY (cluster_id, application_id);
ALTER TABLE ONLY public.archive_chunks
    ADD CONSTRAINT archive_chunks_pkey PRIMARY KEY (cluster_id, archive_id, chunk_no);
ALTER TABLE ONLY public.archives
    ADD CONSTRAINT archives_pkey PRIMARY KEY (cluster_id, archive_id);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_pkey PRIMARY KEY (cluster_id, plan_id, shipment_id);
ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (cluster_id, entry_id);
ALTER TABLE ONLY public.audit_seals
    ADD CONSTRAINT audit_seals_pkey PRIMARY KEY (cluster_id, seal_no);
ALTER TABLE ONLY public.booking_defaults
    ADD CONSTRAINT booking_defaults_pkey PRIMARY KEY (cluster_id, member_id);
ALTER TABLE ONLY public.booking_rules
    ADD CONSTRAINT booking_rules_pkey PRIMARY KEY (cluster_id);
ALTER TABLE ONLY public.carrier_invoice_audits
    ADD CONSTRAINT carrier_invoice_audits_pkey PRIMARY KEY (cluster_id, invoice_id, audit_no);
ALTER TABLE ONLY public.carrier_invoice_events
    ADD CONSTRAINT carrier_invoice_events_pkey PRIMARY KEY (cluster_id, invoice_id, entry_no);
ALTER TABLE ONLY public.carrier_invoice_lines
    ADD CONSTRAINT carrier_invoice_lines_pkey PRIMARY KEY (cluster_id, invoice_id, line_no);
ALTER TABLE ONLY public.carrier_invoices
    ADD CONSTRAINT carrier_invoices_cluster_id_carrier_id_invoice_id_key UNIQUE (cluster_id, carrier_id, invoice_id);
ALTER TABLE ONLY public.carrier_invoices
    ADD CONSTRAINT carrier_invoices_cluster_id_carrier_id_number_key UNIQUE (cluster_id, carrier_id, number);
ALTER TABLE ONLY public.carrier_invoices
    ADD CONSTRAINT carrier_invoices_pkey PRIMARY KEY (cluster_id, invoice_id);
ALTER TABLE ONLY public.carrier_papers
    ADD CONSTRAINT carrier_papers_pkey PRIMARY KEY (cluster_id, paper_id);
ALTER TABLE ONLY public.carriers
    ADD CONSTRAINT carriers_cluster_id_code_key UNIQUE (cluster_id, code);
ALTER TABLE ONLY public.carriers
    ADD CONSTRAINT carriers_pkey PRIMARY KEY (cluster_id, carrier_id);
ALTER TABLE ONLY public.cartons
    ADD CONSTRAINT cartons_cluster_id_member_id_code_key UNIQUE (cluster_id, member_id, code);
ALTER TABLE ONLY public.cartons
    ADD CONSTRAINT cartons_pkey PRIMARY KEY (cluster_id, carton_id);
ALTER TABLE ONLY public.channel_orders
    ADD CONSTRAINT channel_orders_cluster_id_channel_id_external_id_key UNIQUE (cluster_id, channel_id, external_id);
ALTER TABLE ONLY public.channel_orders
    ADD CONSTRAINT channel_orders_pkey PRIMARY KEY (cluster_id, order_id);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_cluster_id_member_id_code_key UNIQUE (cluster_id, member_id, code);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (cluster_id, channel_id);
ALTER TABLE ONLY public.closed_days
    ADD CONSTRAINT closed_days_pkey PRIMARY KEY (cluster_id, day);
ALTER TABLE ONLY public.cluster_changes
    ADD CONSTRAINT cluster_changes_pkey PRIMARY KEY (cluster_id, version);
ALTER TABLE ONLY public.cluster_settings
    ADD CONSTRAINT cluster_settings_pkey PRIMARY KEY (cluster_id, section, version);
ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_pkey PRIMARY KEY (cluster_id);
ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (cluster_id, consent_id);
ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_pkey PRIMARY KEY (cluster_id, contact_id);
ALTER TABLE ONLY public.day_figures
    ADD CONSTRAINT day_figures_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.driver_links
    ADD CONSTRAINT driver_links_pkey PRIMARY KEY (cluster_id, link_id);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (cluster_id, erasure_id);
ALTER TABLE ONLY public.freight_costs
    ADD CONSTRAINT freight_costs_pkey PRIMARY KEY (cluster_id, invoice_id, tour_id, entry_no);
ALTER TABLE ONLY public.gateway_files
    ADD CONSTRAINT gateway_files_pkey PRIMARY KEY (cluster_id, file_id);
ALTER TABLE ONLY public.gateway_orders
    ADD CONSTRAINT gateway_orders_pkey PRIMARY KEY (cluster_id, order_id);
ALTER TABLE ONLY public.gateways
    ADD CONSTRAINT gateways_pkey PRIMARY KEY (cluster_id, gateway_id);
ALTER TABLE ONLY public.geocoder_turns
    ADD CONSTRAINT geocoder_turns_pkey PRIMARY KEY (provider);
ALTER TABLE ONLY public.geocodes
    ADD CONSTRAINT geocodes_pkey PRIMARY KEY (cluster_id, geocode_id);
ALTER TABLE ONLY public.handling_units
    ADD CONSTRAINT handling_units_pkey PRIMARY KEY (cluster_id, shipment_id, line_no);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (cluster_id, key_id, idem_key);
ALTER TABLE ONLY public.import_lines
    ADD CONSTRAINT import_lines_pkey PRIMARY KEY (cluster_id, import_id, line_no);
ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_pkey PRIMARY KEY (cluster_id, member_id, kind, header_digest);
ALTER TABLE ONLY public.import_pieces
    ADD CONSTRAINT import_pieces_pkey PRIMARY KEY (cluster_id, import_id, piece_no);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (cluster_id, import_id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (cluster_id, invitation_id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (cluster_id, job_id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT ledger_accounts_cluster_id_account_id_currency_holder_id_key UNIQUE (cluster_id, account_id, currency, holder_id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT ledger_accounts_pkey PRIMARY KEY (cluster_id, account_id);
ALTER TABLE ONLY public.ledger_checks
    ADD CONSTRAINT ledger_checks_pkey PRIMARY KEY (cluster_id, check_no);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_entry_id_currency_lines_key UNIQUE (cluster_id, entry_id, currency, lines);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_entry_no_chain_key UNIQUE (cluster_id, entry_no, chain);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_entry_no_key UNIQUE (cluster_id, entry_no);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_reverses_id_key UNIQUE (cluster_id, reverses_id);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_pkey PRIMARY KEY (cluster_id, entry_id);
ALTER TABLE ONLY public.ledger_lines
    ADD CONSTRAINT ledger_lines_cluster_id_line_id_key UNIQUE (cluster_id, line_id);
ALTER TABLE ONLY public.ledger_lines
    ADD CONSTRAINT ledger_lines_pkey PRIMARY KEY (cluster_id, entry_id, line_no);
ALTER TABLE ONLY public.member_figures
    ADD CONSTRAINT member_figures_pkey PRIMARY KEY (cluster_id, plan_id, member_id);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_cluster_id_code_key UNIQUE (cluster_id, code);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (cluster_id, member_id);
ALTER TABLE ONLY public.month_totals
    ADD CONSTRAINT month_totals_pkey PRIMARY KEY (cluster_id, month, member_id);
ALTER TABLE ONLY public.operator_keys
    ADD CONSTRAINT operator_keys_pkey PRIMARY KEY (key_id);
ALTER TABLE ONLY public.operator_keys
    ADD CONSTRAINT operator_keys_prefix_key UNIQUE (prefix);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (cluster_id, resource_id, seq);
ALTER TABLE ONLY public.outside_tariffs
    ADD CONSTRAINT outside_tariffs_pkey PRIMARY KEY (cluster_id, version_id);
ALTER TABLE ONLY public.plan_approvals
    ADD CONSTRAINT plan_approvals_pkey PRIMARY KEY (cluster_id, approval_id);
ALTER TABLE ONLY public.plan_drafts
    ADD CONSTRAINT plan_drafts_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.plan_edits
    ADD CONSTRAINT plan_edits_pkey PRIMARY KEY (cluster_id, plan_id, edit_no);
ALTER TABLE ONLY public.plan_log
    ADD CONSTRAINT plan_log_pkey PRIMARY KEY (cluster_id, entry_id);
ALTER TABLE ONLY public.plan_problems
    ADD CONSTRAINT plan_problems_pkey PRIMARY KEY (cluster_id, problem_sha256);
ALTER TABLE ONLY public.plan_results
    ADD CONSTRAINT plan_results_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.plan_routes
    ADD CONSTRAINT plan_routes_pkey PRIMARY KEY (cluster_id, plan_id, route_no);
ALTER TABLE ONLY public.plan_runs
    ADD CONSTRAINT plan_runs_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.plan_unplanned
    ADD CONSTRAINT plan_unplanned_pkey PRIMARY KEY (cluster_id, plan_id, shipment_id);
ALTER TABLE ONLY public.plan_visits
    ADD CONSTRAINT plan_visits_pkey PRIMARY KEY (cluster_id, plan_id, shipment_id, action);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_cluster_id_pool_window_id_published_no_key UNIQUE (cluster_id, pool_window_id, published_no);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.pool_windows
    ADD CONSTRAINT pool_windows_cluster_id_service_date_label_key UNIQUE (cluster_id, service_date, label);
ALTER TABLE ONLY public.pool_windows
    ADD CONSTRAINT pool_windows_pkey PRIMARY KEY (cluster_id, pool_window_id);
ALTER TABLE ONLY public.postcodes
    ADD CONSTRAINT postcodes_pkey PRIMARY KEY (country_code, postal_code);
ALTER TABLE ONLY public.posting_marks
    ADD CONSTRAINT posting_marks_pkey PRIMARY KEY (cluster_id, pool_window_id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_cluster_id_member_id_sku_key UNIQUE (cluster_id, member_id, sku);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (cluster_id, product_id);
ALTER TABLE ONLY public.proof_contents
    ADD CONSTRAINT proof_contents_pkey PRIMARY KEY (cluster_id, proof_id);
ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT proofs_cluster_id_tour_id_event_key_key UNIQUE (cluster_id, tour_id, event_key);
ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT proofs_pkey PRIMARY KEY (cluster_id, proof_id);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_pkey PRIMARY KEY (cluster_id, quote_id);
ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (cluster_id, user_id, digest);
ALTER TABLE ONLY public.reference_imports
    ADD CONSTRAINT reference_imports_pkey PRIMARY KEY (part);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (cluster_id, session_id);
ALTER TABLE ONLY public.settlement_payments
    ADD CONSTRAINT settlement_payments_cluster_id_period_id_payment_no_key UNIQUE (cluster_id, period_id, payment_no);
ALTER TABLE ONLY public.settlement_payments
    ADD CONSTRAINT settlement_payments_pkey PRIMARY KEY (cluster_id, payment_id);
ALTER TABLE ONLY public.settlement_periods
    ADD CONSTRAINT settlement_periods_cluster_id_after_on_key UNIQUE NULLS NOT DISTINCT (cluster_id, after_on);
ALTER TABLE ONLY public.settlement_periods
    ADD CONSTRAINT settlement_periods_cluster_id_ends_on_key UNIQUE (cluster_id, ends_on);
ALTER TABLE ONLY public.settlement_periods
    ADD CONSTRAINT settlement_periods_pkey PRIMARY KEY (cluster_id, period_id);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (cluster_id, plan_id, member_id);
ALTER TABLE ONLY public.shipment_cancellations
    ADD CONSTRAINT shipment_cancellations_pkey PRIMARY KEY (cluster_id, shipment_id);
ALTER TABLE ONLY public.shipment_contacts
    ADD CONSTRAINT shipment_contacts_pkey PRIMARY KEY (cluster_id, shipment_id, action);
ALTER TABLE ONLY public.shipment_events
    ADD CONSTRAINT shipment_events_pkey PRIMARY KEY (cluster_id, shipment_id, event_no);
ALTER TABLE ONLY public.shipment_stops
    ADD CONSTRAINT shipment_stops_pkey PRIMARY KEY (cluster_id, shipment_id, action);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_cluster_id_member_id_client_ref_key UNIQUE (cluster_id, member_id, client_ref);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_pkey PRIMARY KEY (cluster_id, shipment_id);
ALTER TABLE ONLY public.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_pkey PRIMARY KEY (bucket);
ALTER TABLE ONLY public.sign_in_rules
    ADD CONSTRAINT sign_in_rules_pkey PRIMARY KEY (cluster_id);
ALTER TABLE ONLY public.sign_in_steps
    ADD CONSTRAINT sign_in_steps_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_pkey PRIMARY KEY (cluster_id, site_id);
ALTER TABLE ONLY public.size_evidence
    ADD CONSTRAINT size_evidence_pkey PRIMARY KEY (cluster_id, evidence_id);
ALTER TABLE ONLY public.snapped_points
    ADD CONSTRAINT snapped_points_pkey PRIMARY KEY (cluster_id, snapped_point_id);
ALTER TABLE ONLY public.space_bookings
    ADD CONSTRAINT space_bookings_pkey PRIMARY KEY (cluster_id, booking_id);
ALTER TABLE ONLY public.space_commitments
    ADD CONSTRAINT space_commitments_pkey PRIMARY KEY (cluster_id, offer_id, member_id);
ALTER TABLE ONLY public.space_counts
    ADD CONSTRAINT space_counts_pkey PRIMARY KEY (cluster_id, offer_id, day, member_id);
ALTER TABLE ONLY public.space_days
    ADD CONSTRAINT space_days_pkey PRIMARY KEY (cluster_id, offer_id, day);
ALTER TABLE ONLY public.space_leases
    ADD CONSTRAINT space_leases_pkey PRIMARY KEY (cluster_id, offer_id);
ALTER TABLE ONLY public.space_offers
    ADD CONSTRAINT space_offers_pkey PRIMARY KEY (cluster_id, offer_id);
ALTER TABLE ONLY public.space_replans
    ADD CONSTRAINT space_replans_pkey PRIMARY KEY (cluster_id, replan_id);
ALTER TABLE ONLY public.space_shares
    ADD CONSTRAINT space_shares_pkey PRIMARY KEY (cluster_id, split_id, member_id);
ALTER TABLE ONLY public.space_splits
    ADD CONSTRAINT space_splits_pkey PRIMARY KEY (cluster_id, split_id);
ALTER TABLE ONLY public.splits
    ADD CONSTRAINT splits_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.sscc_prefixes
    ADD CONSTRAINT sscc_prefixes_pkey PRIMARY KEY (cluster_id, owner_id);
ALTER TABLE ONLY public.sscc_units
    ADD CONSTRAINT sscc_units_pkey PRIMARY KEY (cluster_id, shipment_id, line_no, unit_no);
ALTER TABLE ONLY public.statement_disputes
    ADD CONSTRAINT statement_disputes_pkey PRIMARY KEY (cluster_id, dispute_id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_cluster_id_period_id_member_id_key UNIQUE (cluster_id, period_id, member_id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_cluster_id_statement_id_member_id_key UNIQUE (cluster_id, statement_id, member_id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_pkey PRIMARY KEY (cluster_id, statement_id);
ALTER TABLE ONLY public.tariff_versions
    ADD CONSTRAINT tariff_versions_pkey PRIMARY KEY (cluster_id, vehicle_type_id, version);
ALTER TABLE ONLY public.tender_offers
    ADD CONSTRAINT tender_offers_cluster_id_tender_id_carrier_id_key UNIQUE (cluster_id, tender_id, carrier_id);
ALTER TABLE ONLY public.tender_offers
    ADD CONSTRAINT tender_offers_pkey PRIMARY KEY (cluster_id, offer_id);
ALTER TABLE ONLY public.tenders
    ADD CONSTRAINT tenders_pkey PRIMARY KEY (cluster_id, tender_id);
ALTER TABLE ONLY public.tour_stops
    ADD CONSTRAINT tour_stops_pkey PRIMARY KEY (cluster_id, tour_id, stop_no);
ALTER TABLE ONLY public.tour_visits
    ADD CONSTRAINT tour_visits_pkey PRIMARY KEY (cluster_id, tour_id, shipment_id, action);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_pkey PRIMARY KEY (cluster_id, tour_id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT tracking_events_cluster_id_tour_id_event_key_key UNIQUE (cluster_id, tour_id, event_key);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT tracking_events_pkey PRIMARY KEY (cluster_id, event_id);
ALTER TABLE ONLY public.tracking_links
    ADD CONSTRAINT tracking_links_pkey PRIMARY KEY (cluster_id, link_id);
ALTER TABLE ONLY public.travel_legs
    ADD CONSTRAINT travel_legs_pkey PRIMARY KEY (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6);
ALTER TABLE ONLY public.travel_lines
    ADD CONSTRAINT travel_lines_pkey PRIMARY KEY (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6);
ALTER TABLE ONLY public.travel_profiles
    ADD CONSTRAINT travel_profiles_pkey PRIMARY KEY (cluster_id, profile);
ALTER TABLE ONLY public.un_locodes
    ADD CONSTRAINT un_locodes_pkey PRIMARY KEY (code);
ALTER TABLE ONLY public.undertaking_parts
    ADD CONSTRAINT undertaking_parts_pkey PRIMARY KEY (cluster_id, undertaking_id, member_id);
ALTER TABLE ONLY public.undertakings
    ADD CONSTRAINT undertakings_pkey PRIMARY KEY (cluster_id, undertaking_id);
ALTER TABLE ONLY public.unit_contents
    ADD CONSTRAINT unit_contents_pkey PRIMARY KEY (cluster_id, shipment_id, line_no, entry_no);
ALTER TABLE ONLY public.user_identities
    ADD CONSTRAINT user_identities_pkey PRIMARY KEY (cluster_id, user_id, issuer);
ALTER TABLE ONLY public.user_invitations
    ADD CONSTRAINT user_invitations_pkey PRIMARY KEY (cluster_id, invitation_id);
ALTER TABLE ONLY public.user_passkeys
    ADD CONSTRAINT user_passkeys_cluster_id_credential_id_key UNIQUE (cluster_id, credential_id);
ALTER TABLE ONLY public.user_passkeys
    ADD CONSTRAINT user_passkeys_pkey PRIMARY KEY (cluster_id, user_id, passkey_id);
ALTER TABLE ONLY public.user_passwords
    ADD CONSTRAINT user_passwords_pkey PRIMARY KEY (cluster_id, user_id);
ALTER TABLE ONLY public.user_totp
    ADD CONSTRAINT user_totp_pkey PRIMARY KEY (cluster_id, user_id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_cluster_id_member_id_email_key UNIQUE NULLS NOT DISTINCT (cluster_id, member_id, email);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (cluster_id, user_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_code_key UNIQUE (cluster_id, code);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_pkey PRIMARY KEY (cluster_id, vehicle_type_id);
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (cluster_id, endpoint_id, event_id);
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (cluster_id, endpoint_id);
ALTER TABLE ONLY public.window_schedules
    ADD CONSTRAINT window_schedules_cluster_id_label_key UNIQUE (cluster_id, label);
ALTER TABLE ONLY public.window_schedules
    ADD CONSTRAINT window_schedules_pkey PRIMARY KEY (cluster_id, schedule_id);
CREATE UNIQUE INDEX addresses_code ON public.addresses USING btree (cluster_id, member_id, code) WHERE (code IS NOT NULL);
CREATE INDEX addresses_member ON public.addresses USING btree (cluster_id, member_id, address_id);
CREATE INDEX amendments_carrier ON public.amendments USING btree (cluster_id, carrier_id, amendment_id);
CREATE INDEX amendments_due ON public.amendments USING btree (deadline_at) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX amendments_held ON public.amendments USING btree (cluster_id, tour_id, plan_id) WHERE (status = ANY (ARRAY['open'::text, 'accepted'::text, 'imposed'::text]));
CREATE INDEX amendments_plan ON public.amendments USING btree (cluster_id, plan_id);
CREATE INDEX api_keys_prior_prefix ON public.api_keys USING btree (prior_prefix) WHERE (prior_prefix IS NOT NULL);
CREATE INDEX applications_recent ON public.applications USING btree (cluster_id, created_at);
CREATE INDEX archives_member ON public.archives USING btree (cluster_id, member_id, archive_id);
CREATE UNIQUE INDEX assignments_one_active ON public.assignments USING btree (cluster_id, shipment_id) WHERE active;
CREATE INDEX audit_log_sealed ON public.audit_log USING btree (cluster_id, seal_no, entry_id);
CREATE INDEX audit_log_unsealed ON public.audit_log USING btree (cluster_id, entry_id) WHERE (seal_no IS NULL);
CREATE INDEX carrier_invoice_lines_tour ON public.carrier_invoice_lines USING btree (cluster_id, tour_id, invoice_id);
CREATE INDEX carrier_invoices_corrects ON public.carrier_invoices USING btree (cluster_id, corrects_id) WHERE (corrects_id IS NOT NULL);
CREATE INDEX carrier_papers_carrier ON public.carrier_papers USING btree (cluster_id, carrier_id, paper_id);
CREATE INDEX cartons_member ON public.cartons USING btree (cluster_id, member_id, carton_id);
CREATE INDEX channel_orders_channel ON public.channel_orders USING btree (cluster_id, channel_id, order_id);
CREATE INDEX channel_orders_shipment ON public.channel_orders USING btree (cluster_id, shipment_id);
CREATE INDEX channel_orders_to_tell ON public.channel_orders USING btree (cluster_id, channel_id, shipment_id) WHERE (told_stage < 3);
CREATE INDEX channel_orders_work ON public.channel_orders USING btree (cluster_id, channel_id) WHERE (pending OR to_fetch);
CREATE INDEX channels_by_id ON public.channels USING btree (channel_id);
CREATE INDEX channels_due ON public.channels USING btree (due_at) WHERE active;
CREATE INDEX cluster_settings_on ON public.cluster_settings USING btree (cluster_id, section, effective_from DESC, version DESC);
CREATE UNIQUE INDEX consents_one ON public.consents USING btree (cluster_id, member_id, purpose, partner_id) NULLS NOT DISTINCT WHERE (revoked_at IS NULL);
CREATE INDEX contacts_application ON public.contacts USING btree (cluster_id, application_id);
CREATE INDEX contacts_member ON public.contacts USING btree (cluster_id, member_id);
CREATE INDEX day_figures_day ON public.day_figures USING btree (cluster_id, service_date);
CREATE INDEX driver_links_hash ON public.driver_links USING btree (hash);
CREATE INDEX driver_links_tour ON public.driver_links USING btree (cluster_id, tour_id, link_id);
CREATE INDEX erasures_member ON public.erasures USING btree (cluster_id, member_id, erasure_id);
CREATE INDEX freight_costs_tour ON public.freight_costs USING btree (cluster_id, tour_id);
CREATE INDEX gateway_files_gateway ON public.gateway_files USING btree (cluster_id, gateway_id, file_id);
CREATE UNIQUE INDEX gateway_files_once ON public.gateway_files USING btree (cluster_id, gateway_id, direction, name, digest);
CREATE INDEX gateway_orders_due ON public.gateway_orders USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX gateway_orders_external ON public.gateway_orders USING btree (cluster_id, gateway_id, external_id);
CREATE INDEX gateway_orders_gateway ON public.gateway_orders USING btree (cluster_id, gateway_id, order_id);
CREATE INDEX gateway_orders_of_shipment ON public.gateway_orders USING btree (cluster_id, shipment_id, order_id);
CREATE UNIQUE INDEX gateway_orders_shipment ON public.gateway_orders USING btree (cluster_id, shipment_id) WHERE (state = ANY (ARRAY['placing'::text, 'placed'::text, 'unclear'::text, 'cancelling'::text]));
CREATE INDEX gateways_by_id ON public.gateways USING btree (gateway_id);
CREATE UNIQUE INDEX gateways_code ON public.gateways USING btree (cluster_id, member_id, code) NULLS NOT DISTINCT WHERE (removed_at IS NULL);
CREATE INDEX gateways_due ON public.gateways USING btree (due_at) WHERE (active AND (carrier_id IS NOT NULL) AND (removed_at IS NULL));
CREATE UNIQUE INDEX geocodes_query ON public.geocodes USING btree (cluster_id, member_id, query_digest) NULLS NOT DISTINCT;
CREATE INDEX idempotency_age ON public.idempotency USING btree (created_at);
CREATE INDEX import_lines_faulty ON public.import_lines USING btree (cluster_id, import_id, line_no) WHERE (state = 'faulty'::text);
CREATE INDEX imports_member ON public.imports USING btree (cluster_id, member_id, import_id);
CREATE INDEX jobs_due ON public.jobs USING btree (run_at) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE UNIQUE INDEX jobs_one_active ON public.jobs USING btree (cluster_id, dedupe_key) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX ledger_accounts_carrier ON public.ledger_accounts USING btree (cluster_id, carrier_id) WHERE (carrier_id IS NOT NULL);
CREATE INDEX ledger_accounts_member ON public.ledger_accounts USING btree (cluster_id, member_id) WHERE (member_id IS NOT NULL);
CREATE INDEX ledger_entries_source ON public.ledger_entries USING btree (cluster_id, source_id, kind);
CREATE INDEX ledger_lines_account ON public.ledger_lines USING btree (cluster_id, account_id, booked_on) INCLUDE (amount_minor);
CREATE INDEX ledger_lines_account_id ON public.ledger_lines USING btree (cluster_id, account_id, line_id);
CREATE INDEX ledger_lines_carrier ON public.ledger_lines USING btree (cluster_id, carrier_id, line_id) WHERE (carrier_id IS NOT NULL);
CREATE INDEX ledger_lines_member ON public.ledger_lines USING btree (cluster_id, member_id, line_id) WHERE (member_id IS NOT NULL);
CREATE INDEX ledger_lines_source ON public.ledger_lines USING btree (cluster_id, source_id, kind);
CREATE INDEX member_figures_day ON public.member_figures USING btree (cluster_id, member_id, service_date);
CREATE INDEX outbox_by_event ON public.outbox USING btree (cluster_id, event_id);
CREATE INDEX outbox_feed ON public.outbox USING btree (cluster_id, "position") WHERE (audience <> 'nobody'::text);
CREATE INDEX outbox_feed_of_carrier ON public.outbox USING btree (cluster_id, carrier_id, "position") WHERE (audience = 'carrier'::text);
CREATE INDEX outbox_feed_of_member ON public.outbox USING btree (cluster_id, member_id, "position") WHERE (audience <> 'nobody'::text);
CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at) WHERE (dispatched_at IS NULL);
CREATE UNIQUE INDEX outside_tariffs_version ON public.outside_tariffs USING btree (cluster_id, member_id, code, valid_from) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX plan_approvals_one_each ON public.plan_approvals USING btree (cluster_id, plan_id, COALESCE(key_id, user_id));
CREATE INDEX plan_log_plan ON public.plan_log USING btree (cluster_id, plan_id);
CREATE INDEX plan_log_window ON public.plan_log USING btree (cluster_id, pool_window_id, entry_id);
CREATE INDEX plan_visits_route ON public.plan_visits USING btree (cluster_id, plan_id, route_no, stop_no, visit_no);
CREATE UNIQUE INDEX plans_one_published ON public.plans USING btree (cluster_id, pool_window_id) WHERE (status = 'published'::text);
CREATE INDEX pool_windows_untold ON public.pool_windows USING btree (opens_at) WHERE (told < 3);
CREATE INDEX products_member ON public.products USING btree (cluster_id, member_id, product_id);
CREATE INDEX proofs_shipment ON public.proofs USING btree (cluster_id, shipment_id, proof_id);
CREATE INDEX quotes_asked ON public.quotes USING btree (cluster_id, member_id, created_at);
CREATE INDEX sessions_digest ON public.sessions USING btree (digest);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_user ON public.sessions USING btree (cluster_id, user_id);
CREATE INDEX shipments_member ON public.shipments USING btree (cluster_id, member_id, shipment_id);
CREATE INDEX shipments_pool ON public.shipments USING btree (cluster_id, pool_window_id, shipment_id);
CREATE INDEX shipments_state ON public.shipments USING btree (cluster_id, status, shipment_id) WHERE (status <> ALL (ARRAY['delivered'::text, 'cancelled'::text]));
CREATE INDEX shipments_state_of_member ON public.shipments USING btree (cluster_id, member_id, status, shipment_id) WHERE (status <> ALL (ARRAY['delivered'::text, 'cancelled'::text]));
CREATE INDEX sign_in_attempts_age ON public.sign_in_attempts USING btree (began_at);
CREATE INDEX sign_in_steps_expiry ON public.sign_in_steps USING btree (expires_at);
CREATE UNIQUE INDEX sites_code ON public.sites USING btree (cluster_id, member_id, code) NULLS NOT DISTINCT;
CREATE INDEX size_evidence_member ON public.size_evidence USING btree (cluster_id, member_id, evidence_id);
CREATE UNIQUE INDEX snapped_points_point ON public.snapped_points USING btree (cluster_id, member_id, profile, lat_e6, lon_e6) NULLS NOT DISTINCT;
CREATE INDEX space_bookings_of_member ON public.space_bookings USING btree (cluster_id, member_id, booking_id);
CREATE INDEX space_bookings_of_offer ON public.space_bookings USING btree (cluster_id, offer_id, first_on) WHERE (offer_id IS NOT NULL);
CREATE INDEX space_bookings_waiting ON public.space_bookings USING btree (cluster_id, booking_id) WHERE (status = 'waiting'::text);
CREATE INDEX space_shares_of_member ON public.space_shares USING btree (cluster_id, member_id, split_id);
CREATE INDEX space_splits_of_offer ON public.space_splits USING btree (cluster_id, offer_id, first_on);
CREATE UNIQUE INDEX sscc_units_code ON public.sscc_units USING btree (cluster_id, sscc);
CREATE UNIQUE INDEX statement_disputes_one_open ON public.statement_disputes USING btree (cluster_id, statement_id) WHERE (status = 'open'::text);
CREATE INDEX tariff_versions_on ON public.tariff_versions USING btree (cluster_id, vehicle_type_id, effective_from DESC, version DESC);
CREATE UNIQUE INDEX tender_offers_awarded ON public.tender_offers USING btree (cluster_id, tender_id) WHERE (status = 'awarded'::text);
CREATE INDEX tender_offers_carrier ON public.tender_offers USING btree (cluster_id, carrier_id, offer_id);
CREATE INDEX tenders_due ON public.tenders USING btree (deadline_at) WHERE (status = 'open'::text);
CREATE INDEX tenders_of_tour ON public.tenders USING btree (cluster_id, tour_id, tender_id);
CREATE UNIQUE INDEX tenders_tour ON public.tenders USING btree (cluster_id, tour_id) WHERE (status = ANY (ARRAY['open'::text, 'deciding'::text]));
CREATE INDEX tour_visits_shipment ON public.tour_visits USING btree (cluster_id, shipment_id);
CREATE INDEX tours_carrier ON public.tours USING btree (cluster_id, carrier_id, tour_id) WHERE (carrier_id IS NOT NULL);
CREATE INDEX tours_carrier_code ON public.tours USING btree (cluster_id, carrier_id, code) WHERE (carrier_id IS NOT NULL);
CREATE INDEX tours_plan ON public.tours USING btree (cluster_id, plan_id, route_no);
CREATE UNIQUE INDEX tours_vehicle ON public.tours USING btree (cluster_id, pool_window_id, vehicle_type_id, vehicle_no) WHERE (status = ANY (ARRAY['planned'::text, 'dispatched'::text, 'under_way'::text]));
CREATE INDEX tours_window ON public.tours USING btree (cluster_id, pool_window_id, tour_id);
CREATE INDEX tracking_events_heard ON public.tracking_events USING btree (cluster_id, tour_id, received_at);
CREATE INDEX tracking_events_shipment ON public.tracking_events USING btree (cluster_id, shipment_id, event_id) WHERE (shipment_id IS NOT NULL);
CREATE INDEX tracking_events_tour ON public.tracking_events USING btree (cluster_id, tour_id, event_id);
CREATE INDEX tracking_links_hash ON public.tracking_links USING btree (hash);
CREATE INDEX tracking_links_shipment ON public.tracking_links USING btree (cluster_id, shipment_id, link_id);
CREATE INDEX user_invitations_digest ON public.user_invitations USING btree (digest);
CREATE INDEX users_email ON public.users USING btree (email);
CREATE INDEX vehicle_types_carrier ON public.vehicle_types USING btree (cluster_id, carrier_id) WHERE (carrier_id IS NOT NULL);
CREATE INDEX webhook_deliveries_age ON public.webhook_deliveries USING btree (created_at);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (cluster_id, endpoint_id, due_at) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_deliveries_event ON public.webhook_deliveries USING btree (cluster_id, resource_id, seq);
CREATE INDEX webhook_deliveries_line ON public.webhook_deliveries USING btree (cluster_id, endpoint_id, resource_id, seq) WHERE (state = 'waiting'::text);
CREATE INDEX webhook_deliveries_sending ON public.webhook_deliveries USING btree (cluster_id, endpoint_id) WHERE (sending_until IS NOT NULL);
CREATE INDEX webhook_endpoints_carrier ON public.webhook_endpoints USING btree (cluster_id, carrier_id, endpoint_id) WHERE (carrier_id IS NOT NULL);
CREATE INDEX webhook_endpoints_owner ON public.webhook_endpoints USING btree (cluster_id, member_id, endpoint_id);
CREATE TRIGGER amendments_move BEFORE UPDATE ON public.amendments FOR EACH ROW EXECUTE FUNCTION public.amendments_move();
CREATE TRIGGER carrier_invoices_move BEFORE UPDATE ON public.carrier_invoices FOR EACH ROW EXECUTE FUNCTION public.carrier_invoices_move();
CREATE TRIGGER ledger_accounts_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_accounts FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_written_once();
CREATE TRIGGER ledger_entries_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_written_once();
CREATE TRIGGER ledger_entries_open AFTER INSERT ON public.ledger_entries REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_entries_open();
CREATE TRIGGER ledger_lines_balance AFTER INSERT ON public.ledger_lines REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_lines_balance();
CREATE TRIGGER ledger_lines_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_lines FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_written_once();
CREATE TRIGGER pool_windows_guard BEFORE UPDATE ON public.pool_windows FOR EACH ROW EXECUTE FUNCTION public.pool_windows_guard();
CREATE TRIGGER settlement_periods_move BEFORE UPDATE ON public.settlement_periods FOR EACH ROW EXECUTE FUNCTION public.settlement_periods_move();
CREATE TRIGGER shipments_begin AFTER INSERT ON public.shipments REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION public.shipments_begin();
CREATE TRIGGER shipments_move BEFORE UPDATE ON public.shipments FOR EACH ROW EXECUTE FUNCTION public.shipments_move();
CREATE TRIGGER shipments_note AFTER UPDATE ON public.shipments REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION public.shipments_note();
CREATE TRIGGER statements_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.statements FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_written_once();
CREATE TRIGGER tender_offers_move BEFORE UPDATE ON public.tender_offers FOR EACH ROW EXECUTE FUNCTION public.tender_offers_move();
CREATE TRIGGER tenders_move BEFORE UPDATE ON public.tenders FOR EACH ROW EXECUTE FUNCTION public.tenders_move();
CREATE TRIGGER tours_move BEFORE UPDATE ON public.tours FOR EACH ROW EXECUTE FUNCTION public.tours_move();
ALTER TABLE ONLY public.addresses
    ADD CONSTRAINT addresses_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.addresses
    ADD CONSTRAINT addresses_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.agreement_acceptances
    ADD CONSTRAINT agreement_acceptances_cluster_id_agreement_id_fkey FOREIGN KEY (cluster_id, agreement_id) REFERENCES public.agreements(cluster_id, agreement_id);
ALTER TABLE ONLY public.agreement_acceptances
    ADD CONSTRAINT agreement_acceptances_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.agreements
    ADD CONSTRAINT agreements_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.amendments
    ADD CONSTRAINT amendments_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.amendments
    ADD CONSTRAINT amendments_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.amendments
    ADD CONSTRAINT amendments_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.application_codes
    ADD CONSTRAINT application_codes_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_cluster_id_agreement_id_fkey FOREIGN KEY (cluster_id, agreement_id) REFERENCES public.agreements(cluster_id, agreement_id);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_cluster_id_became_fkey FOREIGN KEY (cluster_id, became) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.applications
    ADD CONSTRAINT applications_cluster_id_invitation_id_fkey FOREIGN KEY (cluster_id, invitation_id) REFERENCES public.invitations(cluster_id, invitation_id);
ALTER TABLE ONLY public.archive_chunks
    ADD CONSTRAINT archive_chunks_cluster_id_archive_id_fkey FOREIGN KEY (cluster_id, archive_id) REFERENCES public.archives(cluster_id, archive_id);
ALTER TABLE ONLY public.archives
    ADD CONSTRAINT archives_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_cluster_id_plan_id_route_no_fkey FOREIGN KEY (cluster_id, plan_id, route_no) REFERENCES public.plan_routes(cluster_id, plan_id, route_no);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.audit_seals
    ADD CONSTRAINT audit_seals_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.booking_defaults
    ADD CONSTRAINT booking_defaults_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.booking_rules
    ADD CONSTRAINT booking_rules_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.carrier_invoice_audits
    ADD CONSTRAINT carrier_invoice_audits_cluster_id_invoice_id_fkey FOREIGN KEY (cluster_id, invoice_id) REFERENCES public.carrier_invoices(cluster_id, invoice_id);
ALTER TABLE ONLY public.carrier_invoice_events
    ADD CONSTRAINT carrier_invoice_events_cluster_id_carrier_id_invoice_id_fkey FOREIGN KEY (cluster_id, carrier_id, invoice_id) REFERENCES public.carrier_invoices(cluster_id, carrier_id, invoice_id);
ALTER TABLE ONLY public.carrier_invoice_lines
    ADD CONSTRAINT carrier_invoice_lines_cluster_id_carrier_id_invoice_id_fkey FOREIGN KEY (cluster_id, carrier_id, invoice_id) REFERENCES public.carrier_invoices(cluster_id, carrier_id, invoice_id);
ALTER TABLE ONLY public.carrier_invoice_lines
    ADD CONSTRAINT carrier_invoice_lines_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.carrier_invoices
    ADD CONSTRAINT carrier_invoices_cluster_id_carrier_id_corrects_id_fkey FOREIGN KEY (cluster_id, carrier_id, corrects_id) REFERENCES public.carrier_invoices(cluster_id, carrier_id, invoice_id);
ALTER TABLE ONLY public.carrier_invoices
    ADD CONSTRAINT carrier_invoices_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.carrier_papers
    ADD CONSTRAINT carrier_papers_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.carriers
    ADD CONSTRAINT carriers_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.cartons
    ADD CONSTRAINT cartons_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.channel_orders
    ADD CONSTRAINT channel_orders_cluster_id_channel_id_fkey FOREIGN KEY (cluster_id, channel_id) REFERENCES public.channels(cluster_id, channel_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.channel_orders
    ADD CONSTRAINT channel_orders_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.closed_days
    ADD CONSTRAINT closed_days_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.cluster_changes
    ADD CONSTRAINT cluster_changes_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.cluster_settings
    ADD CONSTRAINT cluster_settings_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_cluster_id_partner_id_fkey FOREIGN KEY (cluster_id, partner_id) REFERENCES public.members(cluster_id, member_id) NOT VALID;
ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_cluster_id_application_id_fkey FOREIGN KEY (cluster_id, application_id) REFERENCES public.applications(cluster_id, application_id);
ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.day_figures
    ADD CONSTRAINT day_figures_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.day_figures
    ADD CONSTRAINT day_figures_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.driver_links
    ADD CONSTRAINT driver_links_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.freight_costs
    ADD CONSTRAINT freight_costs_cluster_id_invoice_id_fkey FOREIGN KEY (cluster_id, invoice_id) REFERENCES public.carrier_invoices(cluster_id, invoice_id);
ALTER TABLE ONLY public.freight_costs
    ADD CONSTRAINT freight_costs_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.gateway_files
    ADD CONSTRAINT gateway_files_cluster_id_gateway_id_fkey FOREIGN KEY (cluster_id, gateway_id) REFERENCES public.gateways(cluster_id, gateway_id);
ALTER TABLE ONLY public.gateway_orders
    ADD CONSTRAINT gateway_orders_cluster_id_gateway_id_fkey FOREIGN KEY (cluster_id, gateway_id) REFERENCES public.gateways(cluster_id, gateway_id);
ALTER TABLE ONLY public.gateway_orders
    ADD CONSTRAINT gateway_orders_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.gateways
    ADD CONSTRAINT gateways_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.gateways
    ADD CONSTRAINT gateways_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.gateways
    ADD CONSTRAINT gateways_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.geocodes
    ADD CONSTRAINT geocodes_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.geocodes
    ADD CONSTRAINT geocodes_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.handling_units
    ADD CONSTRAINT handling_units_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.import_lines
    ADD CONSTRAINT import_lines_cluster_id_import_id_fkey FOREIGN KEY (cluster_id, import_id) REFERENCES public.imports(cluster_id, import_id);
ALTER TABLE ONLY public.import_mappings
    ADD CONSTRAINT import_mappings_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.import_pieces
    ADD CONSTRAINT import_pieces_cluster_id_import_id_fkey FOREIGN KEY (cluster_id, import_id) REFERENCES public.imports(cluster_id, import_id);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT ledger_accounts_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT ledger_accounts_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT ledger_accounts_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT ledger_accounts_cluster_id_site_id_fkey FOREIGN KEY (cluster_id, site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE ONLY public.ledger_checks
    ADD CONSTRAINT ledger_checks_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_entry_id_lines_fkey FOREIGN KEY (cluster_id, entry_id, lines) REFERENCES public.ledger_lines(cluster_id, entry_id, line_no) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_prior_no_before_fkey FOREIGN KEY (cluster_id, prior_no, before) REFERENCES public.ledger_entries(cluster_id, entry_no, chain);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_cluster_id_reverses_id_fkey FOREIGN KEY (cluster_id, reverses_id) REFERENCES public.ledger_entries(cluster_id, entry_id);
ALTER TABLE ONLY public.ledger_lines
    ADD CONSTRAINT ledger_lines_cluster_id_account_id_currency_holder_id_fkey FOREIGN KEY (cluster_id, account_id, currency, holder_id) REFERENCES public.ledger_accounts(cluster_id, account_id, currency, holder_id);
ALTER TABLE ONLY public.ledger_lines
    ADD CONSTRAINT ledger_lines_cluster_id_entry_id_currency_of_lines_fkey FOREIGN KEY (cluster_id, entry_id, currency, of_lines) REFERENCES public.ledger_entries(cluster_id, entry_id, currency, lines);
ALTER TABLE ONLY public.member_figures
    ADD CONSTRAINT member_figures_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.member_figures
    ADD CONSTRAINT member_figures_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.day_figures(cluster_id, plan_id);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.month_totals
    ADD CONSTRAINT month_totals_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.outside_tariffs
    ADD CONSTRAINT outside_tariffs_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.plan_approvals
    ADD CONSTRAINT plan_approvals_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_drafts
    ADD CONSTRAINT plan_drafts_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_drafts
    ADD CONSTRAINT plan_drafts_cluster_id_problem_sha256_fkey FOREIGN KEY (cluster_id, problem_sha256) REFERENCES public.plan_problems(cluster_id, problem_sha256);
ALTER TABLE ONLY public.plan_edits
    ADD CONSTRAINT plan_edits_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plan_drafts(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_edits
    ADD CONSTRAINT plan_edits_cluster_id_plan_id_parent_no_fkey FOREIGN KEY (cluster_id, plan_id, parent_no) REFERENCES public.plan_edits(cluster_id, plan_id, edit_no);
ALTER TABLE ONLY public.plan_log
    ADD CONSTRAINT plan_log_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_log
    ADD CONSTRAINT plan_log_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.plan_problems
    ADD CONSTRAINT plan_problems_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.plan_results
    ADD CONSTRAINT plan_results_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_routes
    ADD CONSTRAINT plan_routes_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_routes
    ADD CONSTRAINT plan_routes_cluster_id_vehicle_type_id_fkey FOREIGN KEY (cluster_id, vehicle_type_id) REFERENCES public.vehicle_types(cluster_id, vehicle_type_id);
ALTER TABLE ONLY public.plan_runs
    ADD CONSTRAINT plan_runs_cluster_id_base_plan_id_fkey FOREIGN KEY (cluster_id, base_plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_runs
    ADD CONSTRAINT plan_runs_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_runs
    ADD CONSTRAINT plan_runs_cluster_id_problem_sha256_fkey FOREIGN KEY (cluster_id, problem_sha256) REFERENCES public.plan_problems(cluster_id, problem_sha256);
ALTER TABLE ONLY public.plan_unplanned
    ADD CONSTRAINT plan_unplanned_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_unplanned
    ADD CONSTRAINT plan_unplanned_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.plan_visits
    ADD CONSTRAINT plan_visits_cluster_id_plan_id_route_no_fkey FOREIGN KEY (cluster_id, plan_id, route_no) REFERENCES public.plan_routes(cluster_id, plan_id, route_no);
ALTER TABLE ONLY public.plan_visits
    ADD CONSTRAINT plan_visits_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.pool_windows
    ADD CONSTRAINT pool_windows_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.pool_windows
    ADD CONSTRAINT pool_windows_cluster_id_schedule_id_fkey FOREIGN KEY (cluster_id, schedule_id) REFERENCES public.window_schedules(cluster_id, schedule_id);
ALTER TABLE ONLY public.posting_marks
    ADD CONSTRAINT posting_marks_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.posting_marks
    ADD CONSTRAINT posting_marks_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.proof_contents
    ADD CONSTRAINT proof_contents_cluster_id_proof_id_fkey FOREIGN KEY (cluster_id, proof_id) REFERENCES public.proofs(cluster_id, proof_id);
ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT proofs_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT proofs_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT proofs_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT quotes_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_cluster_id_user_id_fkey FOREIGN KEY (cluster_id, user_id) REFERENCES public.users(cluster_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_cluster_id_user_id_fkey FOREIGN KEY (cluster_id, user_id) REFERENCES public.users(cluster_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.settlement_payments
    ADD CONSTRAINT settlement_payments_cluster_id_from_carrier_fkey FOREIGN KEY (cluster_id, from_carrier) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.settlement_payments
    ADD CONSTRAINT settlement_payments_cluster_id_from_member_fkey FOREIGN KEY (cluster_id, from_member) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.settlement_payments
    ADD CONSTRAINT settlement_payments_cluster_id_period_id_fkey FOREIGN KEY (cluster_id, period_id) REFERENCES public.settlement_periods(cluster_id, period_id);
ALTER TABLE ONLY public.settlement_payments
    ADD CONSTRAINT settlement_payments_cluster_id_to_carrier_fkey FOREIGN KEY (cluster_id, to_carrier) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.settlement_payments
    ADD CONSTRAINT settlement_payments_cluster_id_to_member_fkey FOREIGN KEY (cluster_id, to_member) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.settlement_periods
    ADD CONSTRAINT settlement_periods_cluster_id_after_on_fkey FOREIGN KEY (cluster_id, after_on) REFERENCES public.settlement_periods(cluster_id, ends_on);
ALTER TABLE ONLY public.settlement_periods
    ADD CONSTRAINT settlement_periods_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.shipment_cancellations
    ADD CONSTRAINT shipment_cancellations_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.shipment_cancellations
    ADD CONSTRAINT shipment_cancellations_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.shipment_contacts
    ADD CONSTRAINT shipment_contacts_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.shipment_events
    ADD CONSTRAINT shipment_events_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.shipment_stops
    ADD CONSTRAINT shipment_stops_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.shipment_stops
    ADD CONSTRAINT shipment_stops_cluster_id_site_id_fkey FOREIGN KEY (cluster_id, site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_cluster_id_hub_site_id_fkey FOREIGN KEY (cluster_id, hub_site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.sign_in_rules
    ADD CONSTRAINT sign_in_rules_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.size_evidence
    ADD CONSTRAINT size_evidence_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.snapped_points
    ADD CONSTRAINT snapped_points_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.snapped_points
    ADD CONSTRAINT snapped_points_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.space_bookings
    ADD CONSTRAINT space_bookings_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.space_bookings
    ADD CONSTRAINT space_bookings_cluster_id_offer_id_fkey FOREIGN KEY (cluster_id, offer_id) REFERENCES public.space_offers(cluster_id, offer_id);
ALTER TABLE ONLY public.space_bookings
    ADD CONSTRAINT space_bookings_cluster_id_wanted_offer_fkey FOREIGN KEY (cluster_id, wanted_offer) REFERENCES public.space_offers(cluster_id, offer_id);
ALTER TABLE ONLY public.space_commitments
    ADD CONSTRAINT space_commitments_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.space_commitments
    ADD CONSTRAINT space_commitments_cluster_id_offer_id_fkey FOREIGN KEY (cluster_id, offer_id) REFERENCES public.space_leases(cluster_id, offer_id);
ALTER TABLE ONLY public.space_counts
    ADD CONSTRAINT space_counts_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.space_counts
    ADD CONSTRAINT space_counts_cluster_id_offer_id_fkey FOREIGN KEY (cluster_id, offer_id) REFERENCES public.space_offers(cluster_id, offer_id);
ALTER TABLE ONLY public.space_days
    ADD CONSTRAINT space_days_cluster_id_offer_id_fkey FOREIGN KEY (cluster_id, offer_id) REFERENCES public.space_offers(cluster_id, offer_id);
ALTER TABLE ONLY public.space_leases
    ADD CONSTRAINT space_leases_cluster_id_offer_id_fkey FOREIGN KEY (cluster_id, offer_id) REFERENCES public.space_offers(cluster_id, offer_id);
ALTER TABLE ONLY public.space_offers
    ADD CONSTRAINT space_offers_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.space_offers
    ADD CONSTRAINT space_offers_cluster_id_owner_id_fkey FOREIGN KEY (cluster_id, owner_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.space_offers
    ADD CONSTRAINT space_offers_cluster_id_site_id_fkey FOREIGN KEY (cluster_id, site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE ONLY public.space_replans
    ADD CONSTRAINT space_replans_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.space_shares
    ADD CONSTRAINT space_shares_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.space_shares
    ADD CONSTRAINT space_shares_cluster_id_split_id_fkey FOREIGN KEY (cluster_id, split_id) REFERENCES public.space_splits(cluster_id, split_id);
ALTER TABLE ONLY public.space_splits
    ADD CONSTRAINT space_splits_cluster_id_offer_id_fkey FOREIGN KEY (cluster_id, offer_id) REFERENCES public.space_leases(cluster_id, offer_id);
ALTER TABLE ONLY public.splits
    ADD CONSTRAINT splits_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.sscc_prefixes
    ADD CONSTRAINT sscc_prefixes_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.sscc_prefixes
    ADD CONSTRAINT sscc_prefixes_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.sscc_units
    ADD CONSTRAINT sscc_units_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.sscc_units
    ADD CONSTRAINT sscc_units_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.statement_disputes
    ADD CONSTRAINT statement_disputes_cluster_id_entry_id_fkey FOREIGN KEY (cluster_id, entry_id) REFERENCES public.ledger_entries(cluster_id, entry_id);
ALTER TABLE ONLY public.statement_disputes
    ADD CONSTRAINT statement_disputes_cluster_id_statement_id_member_id_fkey FOREIGN KEY (cluster_id, statement_id, member_id) REFERENCES public.statements(cluster_id, statement_id, member_id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_cluster_id_period_id_fkey FOREIGN KEY (cluster_id, period_id) REFERENCES public.settlement_periods(cluster_id, period_id);
ALTER TABLE ONLY public.tariff_versions
    ADD CONSTRAINT tariff_versions_cluster_id_vehicle_type_id_fkey FOREIGN KEY (cluster_id, vehicle_type_id) REFERENCES public.vehicle_types(cluster_id, vehicle_type_id);
ALTER TABLE ONLY public.tender_offers
    ADD CONSTRAINT tender_offers_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.tender_offers
    ADD CONSTRAINT tender_offers_cluster_id_tender_id_fkey FOREIGN KEY (cluster_id, tender_id) REFERENCES public.tenders(cluster_id, tender_id);
ALTER TABLE ONLY public.tenders
    ADD CONSTRAINT tenders_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.tenders
    ADD CONSTRAINT tenders_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.tour_stops
    ADD CONSTRAINT tour_stops_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.tour_visits
    ADD CONSTRAINT tour_visits_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.tour_visits
    ADD CONSTRAINT tour_visits_cluster_id_tour_id_stop_no_fkey FOREIGN KEY (cluster_id, tour_id, stop_no) REFERENCES public.tour_stops(cluster_id, tour_id, stop_no);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_cluster_id_plan_id_route_no_fkey FOREIGN KEY (cluster_id, plan_id, route_no) REFERENCES public.plan_routes(cluster_id, plan_id, route_no);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_cluster_id_pool_window_id_fkey FOREIGN KEY (cluster_id, pool_window_id) REFERENCES public.pool_windows(cluster_id, pool_window_id);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_cluster_id_tender_offer_id_fkey FOREIGN KEY (cluster_id, tender_offer_id) REFERENCES public.tender_offers(cluster_id, offer_id);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_cluster_id_vehicle_type_id_fkey FOREIGN KEY (cluster_id, vehicle_type_id) REFERENCES public.vehicle_types(cluster_id, vehicle_type_id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT tracking_events_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT tracking_events_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT tracking_events_cluster_id_tour_id_fkey FOREIGN KEY (cluster_id, tour_id) REFERENCES public.tours(cluster_id, tour_id);
ALTER TABLE ONLY public.tracking_links
    ADD CONSTRAINT tracking_links_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.tracking_links
    ADD CONSTRAINT tracking_links_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.travel_legs
    ADD CONSTRAINT travel_legs_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.travel_lines
    ADD CONSTRAINT travel_lines_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.travel_profiles
    ADD CONSTRAINT travel_profiles_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.undertaking_parts
    ADD CONSTRAINT undertaking_parts_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.undertaking_parts
    ADD CONSTRAINT undertaking_parts_cluster_id_undertaking_id_fkey FOREIGN KEY (cluster_id, undertaking_id) REFERENCES public.undertakings(cluster_id, undertaking_id);
ALTER TABLE ONLY public.undertakings
    ADD CONSTRAINT undertakings_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.undertakings
    ADD CONSTRAINT undertakings_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.undertakings
    ADD CONSTRAINT undertakings_cluster_id_paid_by_fkey FOREIGN KEY (cluster_id, paid_by) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.unit_contents
    ADD CONSTRAINT unit_contents_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.user_identities
    ADD CONSTRAINT user_identities_cluster_id_user_id_fkey FOREIGN KEY (cluster_id, user_id) REFERENCES public.users(cluster_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.user_invitations
    ADD CONSTRAINT user_invitations_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.user_invitations
    ADD CONSTRAINT user_invitations_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.user_passkeys
    ADD CONSTRAINT user_passkeys_cluster_id_user_id_fkey FOREIGN KEY (cluster_id, user_id) REFERENCES public.users(cluster_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.user_passwords
    ADD CONSTRAINT user_passwords_cluster_id_user_id_fkey FOREIGN KEY (cluster_id, user_id) REFERENCES public.users(cluster_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.user_totp
    ADD CONSTRAINT user_totp_cluster_id_user_id_fkey FOREIGN KEY (cluster_id, user_id) REFERENCES public.users(cluster_id, user_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_end_site_id_fkey FOREIGN KEY (cluster_id, end_site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_start_site_id_fkey FOREIGN KEY (cluster_id, start_site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_cluster_id_endpoint_id_fkey FOREIGN KEY (cluster_id, endpoint_id) REFERENCES public.webhook_endpoints(cluster_id, endpoint_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_cluster_id_resource_id_seq_fkey FOREIGN KEY (cluster_id, resource_id, seq) REFERENCES public.outbox(cluster_id, resource_id, seq) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_cluster_id_carrier_id_fkey FOREIGN KEY (cluster_id, carrier_id) REFERENCES public.carriers(cluster_id, carrier_id);
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.window_schedules
    ADD CONSTRAINT window_schedules_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE public.addresses ENABLE ROW LEVEL SECURITY;
CREATE POLICY addresses_own ON public.addresses USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text)))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
ALTER TABLE public.admin_units ENABLE ROW LEVEL SECURITY;
CREATE POLICY admin_units_add ON public.admin_units FOR INSERT WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY admin_units_read ON public.admin_units FOR SELECT USING (((( SELECT public.app_cluster() AS app_cluster) IS NOT NULL) OR (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY admin_units_renew ON public.admin_units FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
ALTER TABLE public.agreement_acceptances ENABLE ROW LEVEL SECURITY;
CREATE POLICY agreement_acceptances_own ON public.agreement_acceptances USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.agreements ENABLE ROW LEVEL SECURITY;
CREATE POLICY agreements_publish ON public.agreements FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY agreements_read ON public.agreements FOR SELECT USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
ALTER TABLE public.amendments ENABLE ROW LEVEL SECURITY;
CREATE POLICY amendments_due ON public.amendments FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY amendments_neutral ON public.amendments USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY amendments_own ON public.amendments FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_keys_issue ON public.api_keys FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY api_keys_read ON public.api_keys FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'authenticator'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member)))))));
CREATE POLICY api_keys_revoke ON public.api_keys FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY api_keys_used ON public.api_keys FOR UPDATE USING ((( SELECT public.app_role() AS app_role) = 'system'::text)) WITH CHECK ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY api_keys_used_read ON public.api_keys FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
ALTER TABLE public.application_codes ENABLE ROW LEVEL SECURITY;
CREATE POLICY application_codes_neutral ON public.application_codes USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.applications ENABLE ROW LEVEL SECURITY;
CREATE POLICY applications_neutral ON public.applications USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.archive_chunks ENABLE ROW LEVEL SECURITY;
CREATE POLICY archive_chunks_drop ON public.archive_chunks FOR DELETE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY archive_chunks_make ON public.archive_chunks FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY archive_chunks_read ON public.archive_chunks FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))));
ALTER TABLE public.archives ENABLE ROW LEVEL SECURITY;
CREATE POLICY archives_ask ON public.archives FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY archives_make ON public.archives FOR UPDATE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY archives_read ON public.archives FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))));
ALTER TABLE public.assignments ENABLE ROW LEVEL SECURITY;
CREATE POLICY assignments_neutral ON public.assignments USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_log_read ON public.audit_log FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (actor_member = ( SELECT public.app_member() AS app_member)))))));
CREATE POLICY audit_log_seal ON public.audit_log FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text) AND (seal_no IS NULL))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (seal_no IS NOT NULL)));
CREATE POLICY audit_log_write ON public.audit_log FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (role = ( SELECT public.app_role() AS app_role)) AND (seal_no IS NULL) AND (NOT (actor_member IS DISTINCT FROM ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.audit_seals ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_seals_add ON public.audit_seals FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY audit_seals_read ON public.audit_seals FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.booking_defaults ENABLE ROW LEVEL SECURITY;
CREATE POLICY booking_defaults_own ON public.booking_defaults USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text)))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text))));
ALTER TABLE public.booking_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY booking_rules_change ON public.booking_rules FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY booking_rules_read ON public.booking_rules FOR SELECT USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
CREATE POLICY booking_rules_set ON public.booking_rules FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.carrier_invoice_audits ENABLE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoice_audits_neutral ON public.carrier_invoice_audits USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.carrier_invoice_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoice_events_neutral ON public.carrier_invoice_events USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY carrier_invoice_events_self ON public.carrier_invoice_events FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
ALTER TABLE public.carrier_invoice_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoice_lines_neutral ON public.carrier_invoice_lines USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY carrier_invoice_lines_self ON public.carrier_invoice_lines FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY carrier_invoice_lines_send ON public.carrier_invoice_lines FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
ALTER TABLE public.carrier_invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoices_neutral ON public.carrier_invoices USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY carrier_invoices_self ON public.carrier_invoices FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY carrier_invoices_send ON public.carrier_invoices FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier)) AND (status = 'received'::text)));
ALTER TABLE public.carrier_papers ENABLE ROW LEVEL SECURITY;
CREATE POLICY carrier_papers_neutral ON public.carrier_papers USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY carrier_papers_self ON public.carrier_papers FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
ALTER TABLE public.carriers ENABLE ROW LEVEL SECURITY;
CREATE POLICY carriers_neutral ON public.carriers USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY carriers_self ON public.carriers FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
ALTER TABLE public.cartons ENABLE ROW LEVEL SECURITY;
CREATE POLICY cartons_own ON public.cartons USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.channel_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY channel_orders_housekeeping ON public.channel_orders FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY channel_orders_housekeeping_read ON public.channel_orders FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY channel_orders_own ON public.channel_orders USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.channels ENABLE ROW LEVEL SECURITY;
CREATE POLICY channels_of_all ON public.channels FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY channels_of_all_read ON public.channels FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY channels_own ON public.channels USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.closed_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY closed_days_add ON public.closed_days FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY closed_days_change ON public.closed_days FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY closed_days_drop ON public.closed_days FOR DELETE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY closed_days_read ON public.closed_days FOR SELECT USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
ALTER TABLE public.cluster_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY cluster_changes_add ON public.cluster_changes FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY cluster_changes_read ON public.cluster_changes FOR SELECT USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
ALTER TABLE public.cluster_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY cluster_settings_add ON public.cluster_settings FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY cluster_settings_read ON public.cluster_settings FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (section <> ALL (ARRAY['planning'::text, 'freight'::text])))));
ALTER TABLE public.clusters ENABLE ROW LEVEL SECURITY;
CREATE POLICY clusters_found ON public.clusters FOR INSERT WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (cluster_id = ( SELECT public.app_cluster() AS app_cluster))));
CREATE POLICY clusters_own ON public.clusters FOR SELECT USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
CREATE POLICY clusters_settle ON public.clusters FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'coordinator'::text))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'coordinator'::text)));
ALTER TABLE public.consents ENABLE ROW LEVEL SECURITY;
CREATE POLICY consents_give ON public.consents FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
CREATE POLICY consents_read ON public.consents FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY consents_revoke ON public.consents FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member)))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
ALTER TABLE public.contacts ENABLE ROW LEVEL SECURITY;
CREATE POLICY contacts_own ON public.contacts USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.day_figures ENABLE ROW LEVEL SECURITY;
CREATE POLICY day_figures_neutral ON public.day_figures USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.driver_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY driver_links_change ON public.driver_links FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY driver_links_make ON public.driver_links FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY driver_links_read ON public.driver_links FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'authenticator'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))));
ALTER TABLE public.erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY erasures_ask ON public.erasures FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY erasures_do ON public.erasures FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY erasures_read ON public.erasures FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.freight_costs ENABLE ROW LEVEL SECURITY;
CREATE POLICY freight_costs_neutral ON public.freight_costs USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.gateway_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY gateway_files_neutral ON public.gateway_files USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.gateway_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY gateway_orders_of_all ON public.gateway_orders FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY gateway_orders_of_all_read ON public.gateway_orders FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY gateway_orders_own ON public.gateway_orders USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)) OR ((member_id IS NULL) AND ( SELECT public.app_neutral() AS app_neutral))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)) OR ((member_id IS NULL) AND ( SELECT public.app_neutral() AS app_neutral)))));
ALTER TABLE public.gateways ENABLE ROW LEVEL SECURITY;
CREATE POLICY gateways_of_all ON public.gateways FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY gateways_of_all_read ON public.gateways FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY gateways_own ON public.gateways USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)) OR ((member_id IS NULL) AND ( SELECT public.app_neutral() AS app_neutral))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)) OR ((member_id IS NULL) AND ( SELECT public.app_neutral() AS app_neutral)))));
ALTER TABLE public.geocoder_turns ENABLE ROW LEVEL SECURITY;
CREATE POLICY geocoder_turns_system ON public.geocoder_turns USING ((( SELECT public.app_role() AS app_role) = 'system'::text)) WITH CHECK ((( SELECT public.app_role() AS app_role) = 'system'::text));
ALTER TABLE public.geocodes ENABLE ROW LEVEL SECURITY;
CREATE POLICY geocodes_own ON public.geocodes USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((NOT (member_id IS DISTINCT FROM ( SELECT public.app_member() AS app_member))) OR (( SELECT public.app_role() AS app_role) = 'system'::text)))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (NOT (member_id IS DISTINCT FROM ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.handling_units ENABLE ROW LEVEL SECURITY;
CREATE POLICY handling_units_own ON public.handling_units USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_housekeeping ON public.idempotency FOR DELETE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY idempotency_housekeeping_read ON public.idempotency FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY idempotency_own ON public.idempotency USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (key_id = ( SELECT (NULLIF(current_setting('app.key'::text, true), ''::text))::uuid AS "nullif")))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (key_id = ( SELECT (NULLIF(current_setting('app.key'::text, true), ''::text))::uuid AS "nullif"))));
ALTER TABLE public.import_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_lines_housekeeping ON public.import_lines FOR DELETE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY import_lines_housekeeping_read ON public.import_lines FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY import_lines_own ON public.import_lines USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.import_mappings ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_mappings_own ON public.import_mappings USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.import_pieces ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_pieces_housekeeping ON public.import_pieces FOR DELETE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY import_pieces_housekeeping_read ON public.import_pieces FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY import_pieces_own ON public.import_pieces USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY imports_housekeeping_read ON public.imports FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY imports_own ON public.imports USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY invitations_neutral ON public.invitations USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY jobs_neutral ON public.jobs USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((( SELECT public.app_role() AS app_role) = 'coordinator'::text) AND (cluster_id = ( SELECT public.app_cluster() AS app_cluster))))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((( SELECT public.app_role() AS app_role) = 'coordinator'::text) AND (cluster_id = ( SELECT public.app_cluster() AS app_cluster)))));
ALTER TABLE public.ledger_accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY ledger_accounts_carrier ON public.ledger_accounts FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY ledger_accounts_member ON public.ledger_accounts FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
CREATE POLICY ledger_accounts_neutral ON public.ledger_accounts USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.ledger_checks ENABLE ROW LEVEL SECURITY;
CREATE POLICY ledger_checks_neutral ON public.ledger_checks USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.ledger_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY ledger_entries_neutral ON public.ledger_entries USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY ledger_entries_platform ON public.ledger_entries FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
ALTER TABLE public.ledger_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY ledger_lines_carrier ON public.ledger_lines FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY ledger_lines_member ON public.ledger_lines FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
CREATE POLICY ledger_lines_neutral ON public.ledger_lines USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.member_figures ENABLE ROW LEVEL SECURITY;
CREATE POLICY member_figures_add ON public.member_figures FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY member_figures_change ON public.member_figures FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY member_figures_own ON public.member_figures FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;
CREATE POLICY members_admit ON public.members FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY members_change ON public.members FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY members_read ON public.members FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.month_totals ENABLE ROW LEVEL SECURITY;
CREATE POLICY month_totals_add ON public.month_totals FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY month_totals_own ON public.month_totals FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.operator_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY operator_keys_issue ON public.operator_keys FOR INSERT WITH CHECK ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY operator_keys_read ON public.operator_keys FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'authenticator'::text));
ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY outbox_carrier ON public.outbox FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY outbox_carrier_write ON public.outbox FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier)) AND (audience = 'nobody'::text)));
CREATE POLICY outbox_everybody ON public.outbox FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (audience = 'everybody'::text) AND (( SELECT public.app_member() AS app_member) IS NOT NULL)));
CREATE POLICY outbox_housekeeping ON public.outbox FOR DELETE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY outbox_read ON public.outbox FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY outbox_relay ON public.outbox FOR UPDATE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY outbox_write ON public.outbox FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((member_id = ( SELECT public.app_member() AS app_member)) AND (audience <> 'everybody'::text)))));
ALTER TABLE public.outside_tariffs ENABLE ROW LEVEL SECURITY;
CREATE POLICY outside_tariffs_own ON public.outside_tariffs USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text)))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text))));
ALTER TABLE public.plan_approvals ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_approvals_neutral ON public.plan_approvals USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_drafts_neutral ON public.plan_drafts USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_edits ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_edits_neutral ON public.plan_edits USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_log_neutral ON public.plan_log USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_problems ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_problems_neutral ON public.plan_problems USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_results ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_results_neutral ON public.plan_results USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_routes ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_routes_neutral ON public.plan_routes USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_runs_neutral ON public.plan_runs USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_unplanned ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_unplanned_own ON public.plan_unplanned FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((member_id = ( SELECT public.app_member() AS app_member)) AND (EXISTS ( SELECT
   FROM public.plans
  WHERE ((plans.cluster_id = plan_unplanned.cluster_id) AND (plans.plan_id = plan_unplanned.plan_id))))))));
CREATE POLICY plan_unplanned_write ON public.plan_unplanned FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_visits_own ON public.plan_visits FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((member_id = ( SELECT public.app_member() AS app_member)) AND (EXISTS ( SELECT
   FROM public.plans
  WHERE ((plans.cluster_id = plan_visits.cluster_id) AND (plans.plan_id = plan_visits.plan_id))))))));
CREATE POLICY plan_visits_write ON public.plan_visits FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plans ENABLE ROW LEVEL SECURITY;
CREATE POLICY plans_move ON public.plans FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY plans_read ON public.plans FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_member() AS app_member) IS NOT NULL) AND (status = ANY (ARRAY['published'::text, 'superseded'::text]))))));
CREATE POLICY plans_write ON public.plans FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.pool_windows ENABLE ROW LEVEL SECURITY;
CREATE POLICY pool_windows_drop ON public.pool_windows FOR DELETE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY pool_windows_open ON public.pool_windows FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY pool_windows_read ON public.pool_windows FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR (cluster_id = ( SELECT public.app_cluster() AS app_cluster))));
CREATE POLICY pool_windows_version ON public.pool_windows FOR UPDATE USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
ALTER TABLE public.postcodes ENABLE ROW LEVEL SECURITY;
CREATE POLICY postcodes_add ON public.postcodes FOR INSERT WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY postcodes_read ON public.postcodes FOR SELECT USING (((( SELECT public.app_cluster() AS app_cluster) IS NOT NULL) OR (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY postcodes_renew ON public.postcodes FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
ALTER TABLE public.posting_marks ENABLE ROW LEVEL SECURITY;
CREATE POLICY posting_marks_neutral ON public.posting_marks USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.products ENABLE ROW LEVEL SECURITY;
CREATE POLICY products_own ON public.products USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.proof_contents ENABLE ROW LEVEL SECURITY;
CREATE POLICY proof_contents_add ON public.proof_contents FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY proof_contents_erase ON public.proof_contents FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY proof_contents_read ON public.proof_contents FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.proofs ENABLE ROW LEVEL SECURITY;
CREATE POLICY proofs_add ON public.proofs FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY proofs_erase ON public.proofs FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY proofs_read ON public.proofs FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.quotes ENABLE ROW LEVEL SECURITY;
CREATE POLICY quotes_ask ON public.quotes FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
CREATE POLICY quotes_forget ON public.quotes FOR DELETE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (created_at < (now() - '90 days'::interval))));
CREATE POLICY quotes_forget_see ON public.quotes FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY quotes_own ON public.quotes FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
ALTER TABLE public.recovery_codes ENABLE ROW LEVEL SECURITY;
CREATE POLICY recovery_codes_own ON public.recovery_codes USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (user_id = ( SELECT public.app_user() AS app_user)))));
ALTER TABLE public.reference_imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY reference_imports_add ON public.reference_imports FOR INSERT WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY reference_imports_read ON public.reference_imports FOR SELECT USING (((( SELECT public.app_cluster() AS app_cluster) IS NOT NULL) OR (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY reference_imports_renew ON public.reference_imports FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sessions_find ON public.sessions FOR SELECT USING ((( SELECT public.app_role() AS app_role) = ANY (ARRAY['authenticator'::text, 'system'::text])));
CREATE POLICY sessions_housekeeping ON public.sessions FOR DELETE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY sessions_own ON public.sessions USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (user_id = ( SELECT public.app_user() AS app_user)))));
CREATE POLICY sessions_seen ON public.sessions FOR UPDATE USING ((( SELECT public.app_role() AS app_role) = 'authenticator'::text));
ALTER TABLE public.settlement_payments ENABLE ROW LEVEL SECURITY;
CREATE POLICY settlement_payments_neutral ON public.settlement_payments USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY settlement_payments_own ON public.settlement_payments FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (((( SELECT public.app_member() AS app_member) = from_member) OR (( SELECT public.app_member() AS app_member) = to_member)) OR ((( SELECT public.app_carrier() AS app_carrier) = from_carrier) OR (( SELECT public.app_carrier() AS app_carrier) = to_carrier)))));
ALTER TABLE public.settlement_periods ENABLE ROW LEVEL SECURITY;
CREATE POLICY settlement_periods_neutral ON public.settlement_periods USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.shares ENABLE ROW LEVEL SECURITY;
CREATE POLICY shares_own ON public.shares FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((member_id = ( SELECT public.app_member() AS app_member)) AND (EXISTS ( SELECT
   FROM public.plans
  WHERE ((plans.cluster_id = shares.cluster_id) AND (plans.plan_id = shares.plan_id))))))));
CREATE POLICY shares_write ON public.shares FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.shipment_cancellations ENABLE ROW LEVEL SECURITY;
CREATE POLICY shipment_cancellations_add ON public.shipment_cancellations FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (actor_role = ( SELECT public.app_role() AS app_role)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY shipment_cancellations_read ON public.shipment_cancellations FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.shipment_contacts ENABLE ROW LEVEL SECURITY;
CREATE POLICY shipment_contacts_erase ON public.shipment_contacts FOR DELETE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text))));
CREATE POLICY shipment_contacts_read ON public.shipment_contacts FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text) OR ((( SELECT public.app_role() AS app_role) = 'coordinator'::text) AND (EXISTS ( SELECT
   FROM public.shipments moved
  WHERE ((moved.cluster_id = shipment_contacts.cluster_id) AND (moved.shipment_id = shipment_contacts.shipment_id) AND (moved.status <> ALL (ARRAY['draft'::text, 'quoted'::text, 'booked'::text, 'pooled'::text, 'cancelled'::text])))))))));
CREATE POLICY shipment_contacts_write ON public.shipment_contacts FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((member_id = ( SELECT public.app_member() AS app_member)) OR (( SELECT public.app_role() AS app_role) = 'system'::text))));
ALTER TABLE public.shipment_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY shipment_events_add ON public.shipment_events FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY shipment_events_erase ON public.shipment_events FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY shipment_events_read ON public.shipment_events FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.shipment_stops ENABLE ROW LEVEL SECURITY;
CREATE POLICY shipment_stops_own ON public.shipment_stops USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.shipments ENABLE ROW LEVEL SECURITY;
CREATE POLICY shipments_book ON public.shipments AS RESTRICTIVE FOR INSERT WITH CHECK (( SELECT public.app_member_active() AS app_member_active));
CREATE POLICY shipments_own ON public.shipments USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.sign_in_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in_attempts_count ON public.sign_in_attempts USING ((( SELECT public.app_role() AS app_role) = 'authenticator'::text)) WITH CHECK ((( SELECT public.app_role() AS app_role) = 'authenticator'::text));
CREATE POLICY sign_in_attempts_housekeeping ON public.sign_in_attempts FOR DELETE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY sign_in_attempts_housekeeping_read ON public.sign_in_attempts FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
ALTER TABLE public.sign_in_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in_rules_change ON public.sign_in_rules FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY sign_in_rules_read ON public.sign_in_rules FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'authenticator'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))));
CREATE POLICY sign_in_rules_set ON public.sign_in_rules FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.sign_in_steps ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in_steps_housekeeping ON public.sign_in_steps FOR DELETE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY sign_in_steps_housekeeping_read ON public.sign_in_steps FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY sign_in_steps_take ON public.sign_in_steps USING ((( SELECT public.app_role() AS app_role) = 'authenticator'::text)) WITH CHECK ((( SELECT public.app_role() AS app_role) = 'authenticator'::text));
ALTER TABLE public.sites ENABLE ROW LEVEL SECURITY;
CREATE POLICY sites_change ON public.sites FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY sites_read ON public.sites FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id IS NULL) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY sites_write ON public.sites FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.size_evidence ENABLE ROW LEVEL SECURITY;
CREATE POLICY size_evidence_read ON public.size_evidence FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY size_evidence_review ON public.size_evidence FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY size_evidence_submit ON public.size_evidence FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((member_id = ( SELECT public.app_member() AS app_member)) AND (status = 'submitted'::text)))));
ALTER TABLE public.snapped_points ENABLE ROW LEVEL SECURITY;
CREATE POLICY snapped_points_again ON public.snapped_points FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY snapped_points_read ON public.snapped_points FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id IS NULL) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY snapped_points_write ON public.snapped_points FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.space_bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_bookings_host ON public.space_bookings FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (EXISTS ( SELECT
   FROM public.space_offers offer
  WHERE ((offer.cluster_id = space_bookings.cluster_id) AND (offer.offer_id = space_bookings.offer_id) AND (offer.owner_id = ( SELECT public.app_member() AS app_member)))))));
CREATE POLICY space_bookings_neutral ON public.space_bookings USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY space_bookings_own ON public.space_bookings FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
ALTER TABLE public.space_commitments ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_commitments_neutral ON public.space_commitments USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY space_commitments_own ON public.space_commitments FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
ALTER TABLE public.space_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_counts_neutral ON public.space_counts USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY space_counts_own ON public.space_counts FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
ALTER TABLE public.space_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_days_neutral ON public.space_days USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY space_days_read ON public.space_days FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_member() AS app_member) IS NOT NULL)));
ALTER TABLE public.space_leases ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_leases_neutral ON public.space_leases USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.space_offers ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_offers_neutral ON public.space_offers USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY space_offers_read ON public.space_offers FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_member() AS app_member) IS NOT NULL)));
ALTER TABLE public.space_replans ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_replans_neutral ON public.space_replans USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.space_shares ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_shares_neutral ON public.space_shares USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY space_shares_own ON public.space_shares FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
ALTER TABLE public.space_splits ENABLE ROW LEVEL SECURITY;
CREATE POLICY space_splits_neutral ON public.space_splits USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.splits ENABLE ROW LEVEL SECURITY;
CREATE POLICY splits_neutral ON public.splits USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.sscc_prefixes ENABLE ROW LEVEL SECURITY;
CREATE POLICY sscc_prefixes_change ON public.sscc_prefixes FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY sscc_prefixes_read ON public.sscc_prefixes FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_member() AS app_member) IS NOT NULL) AND ((member_id IS NULL) OR (member_id = ( SELECT public.app_member() AS app_member)))))));
CREATE POLICY sscc_prefixes_set ON public.sscc_prefixes FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.sscc_units ENABLE ROW LEVEL SECURITY;
CREATE POLICY sscc_units_own ON public.sscc_units USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.statement_disputes ENABLE ROW LEVEL SECURITY;
CREATE POLICY statement_disputes_decide ON public.statement_disputes FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((member_id = ( SELECT public.app_member() AS app_member)) AND (status = 'open'::text))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (status = 'withdrawn'::text))));
CREATE POLICY statement_disputes_open ON public.statement_disputes FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member)) AND (status = ANY (ARRAY['open'::text, 'withdrawn'::text]))));
CREATE POLICY statement_disputes_read ON public.statement_disputes FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY statements_issue ON public.statements FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY statements_read ON public.statements FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.tariff_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tariff_versions_neutral ON public.tariff_versions USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.tender_offers ENABLE ROW LEVEL SECURITY;
CREATE POLICY tender_offers_neutral ON public.tender_offers USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY tender_offers_own ON public.tender_offers FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier)) AND (asked_at IS NOT NULL)));
ALTER TABLE public.tenders ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenders_due ON public.tenders FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY tenders_neutral ON public.tenders USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.tour_stops ENABLE ROW LEVEL SECURITY;
CREATE POLICY tour_stops_neutral ON public.tour_stops USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.tour_visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY tour_visits_neutral ON public.tour_visits USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.tours ENABLE ROW LEVEL SECURITY;
CREATE POLICY tours_carrier ON public.tours FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier)) AND (status <> 'planned'::text)));
CREATE POLICY tours_neutral ON public.tours USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.tracking_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tracking_events_add ON public.tracking_events FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY tracking_events_erase ON public.tracking_events FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY tracking_events_read ON public.tracking_events FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.tracking_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY tracking_links_change ON public.tracking_links FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY tracking_links_make ON public.tracking_links FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY tracking_links_read ON public.tracking_links FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'authenticator'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))));
ALTER TABLE public.travel_legs ENABLE ROW LEVEL SECURITY;
CREATE POLICY travel_legs_neutral ON public.travel_legs USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.travel_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY travel_lines_neutral ON public.travel_lines USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.travel_profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY travel_profiles_neutral ON public.travel_profiles USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.un_locodes ENABLE ROW LEVEL SECURITY;
CREATE POLICY un_locodes_add ON public.un_locodes FOR INSERT WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
CREATE POLICY un_locodes_read ON public.un_locodes FOR SELECT USING (((( SELECT public.app_cluster() AS app_cluster) IS NOT NULL) OR (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY un_locodes_renew ON public.un_locodes FOR UPDATE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (( SELECT public.app_cluster() AS app_cluster) IS NULL)));
ALTER TABLE public.undertaking_parts ENABLE ROW LEVEL SECURITY;
CREATE POLICY undertaking_parts_answer ON public.undertaking_parts FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (member_id = ( SELECT public.app_member() AS app_member))));
CREATE POLICY undertaking_parts_ask ON public.undertaking_parts FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY undertaking_parts_read ON public.undertaking_parts FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.undertakings ENABLE ROW LEVEL SECURITY;
CREATE POLICY undertakings_neutral ON public.undertakings USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY undertakings_own ON public.undertakings FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (EXISTS ( SELECT
   FROM public.undertaking_parts part
  WHERE ((part.cluster_id = undertakings.cluster_id) AND (part.undertaking_id = undertakings.undertaking_id) AND (part.member_id = ( SELECT public.app_member() AS app_member)))))));
ALTER TABLE public.unit_contents ENABLE ROW LEVEL SECURITY;
CREATE POLICY unit_contents_own ON public.unit_contents USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.user_identities ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_identities_find ON public.user_identities FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'authenticator'::text));
CREATE POLICY user_identities_own ON public.user_identities USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
ALTER TABLE public.user_invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_invitations_end ON public.user_invitations FOR DELETE USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member)))))));
CREATE POLICY user_invitations_issue ON public.user_invitations FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY user_invitations_read ON public.user_invitations FOR SELECT USING (((( SELECT public.app_role() AS app_role) = ANY (ARRAY['authenticator'::text, 'system'::text])) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member)))))));
ALTER TABLE public.user_passkeys ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_passkeys_own ON public.user_passkeys USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (user_id = ( SELECT public.app_user() AS app_user)))));
ALTER TABLE public.user_passwords ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_passwords_change ON public.user_passwords FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY user_passwords_read ON public.user_passwords FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'authenticator'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text))));
CREATE POLICY user_passwords_set ON public.user_passwords FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
ALTER TABLE public.user_totp ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_totp_own ON public.user_totp USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ((( SELECT public.app_role() AS app_role) = 'system'::text) OR (user_id = ( SELECT public.app_user() AS app_user)))));
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY users_change ON public.users FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY users_erase ON public.users FOR DELETE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY users_join ON public.users FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY users_read ON public.users FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'authenticator'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (user_id = ( SELECT public.app_user() AS app_user)) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member)))))));
ALTER TABLE public.vehicle_types ENABLE ROW LEVEL SECURITY;
CREATE POLICY vehicle_types_carrier ON public.vehicle_types FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY vehicle_types_neutral ON public.vehicle_types USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_deliveries_carrier ON public.webhook_deliveries USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier)))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY webhook_deliveries_own ON public.webhook_deliveries USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))));
ALTER TABLE public.webhook_endpoints ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_endpoints_carrier ON public.webhook_endpoints USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier)))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (carrier_id = ( SELECT public.app_carrier() AS app_carrier))));
CREATE POLICY webhook_endpoints_own ON public.webhook_endpoints USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))));
ALTER TABLE public.window_schedules ENABLE ROW LEVEL SECURITY;
CREATE POLICY window_schedules_add ON public.window_schedules FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY window_schedules_change ON public.window_schedules FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY window_schedules_read ON public.window_schedules FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR (cluster_id = ( SELECT public.app_cluster() AS app_cluster))));
GRANT USAGE ON SCHEMA public TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.addresses TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.admin_units TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.agreement_acceptances TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.agreements TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.amendments TO cluster_app;
GRANT UPDATE(status) ON TABLE public.amendments TO cluster_app;
GRANT UPDATE(answered_at) ON TABLE public.amendments TO cluster_app;
GRANT UPDATE(answer_reason) ON TABLE public.amendments TO cluster_app;
GRANT UPDATE(answer_note) ON TABLE public.amendments TO cluster_app;
GRANT UPDATE(urgent_reason) ON TABLE public.amendments TO cluster_app;
GRANT UPDATE(decided_at) ON TABLE public.amendments TO cluster_app;
GRANT UPDATE(applied_at) ON TABLE public.amendments TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.api_keys TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.application_codes TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.applications TO cluster_app;
GRANT UPDATE(status) ON TABLE public.applications TO cluster_app;
GRANT UPDATE(decided_at) ON TABLE public.applications TO cluster_app;
GRANT UPDATE(reason) ON TABLE public.applications TO cluster_app;
GRANT UPDATE(became) ON TABLE public.applications TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.archive_chunks TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.archives TO cluster_app;
GRANT UPDATE(status) ON TABLE public.archives TO cluster_app;
GRANT UPDATE(ready_at) ON TABLE public.archives TO cluster_app;
GRANT UPDATE(expires_at) ON TABLE public.archives TO cluster_app;
GRANT UPDATE(bytes) ON TABLE public.archives TO cluster_app;
GRANT UPDATE(sha256) ON TABLE public.archives TO cluster_app;
GRANT UPDATE(rows_held) ON TABLE public.archives TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.assignments TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.audit_log TO cluster_app;
GRANT UPDATE(seal_no) ON TABLE public.audit_log TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.audit_seals TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.booking_defaults TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.booking_rules TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.carrier_invoice_audits TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.carrier_invoice_events TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.carrier_invoice_lines TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.carrier_invoices TO cluster_app;
GRANT UPDATE(status) ON TABLE public.carrier_invoices TO cluster_app;
GRANT UPDATE(accepted_minor) ON TABLE public.carrier_invoices TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.carrier_papers TO cluster_app;
GRANT UPDATE(withdrawn_at) ON TABLE public.carrier_papers TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.carriers TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.cartons TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.channel_orders TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.channels TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.closed_days TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.cluster_changes TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.cluster_settings TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(name) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(sharing_rule) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(version) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(updated_at) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(privacy_min_members) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(size_standard) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(applications_open) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(agreement_required) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(admit_countries) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(admit_size_classes) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(evidence_required) ON TABLE public.clusters TO cluster_app;
GRANT UPDATE(four_eyes) ON TABLE public.clusters TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.consents TO cluster_app;
GRANT UPDATE(revoked_at) ON TABLE public.consents TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.contacts TO cluster_app;
GRANT UPDATE(member_id) ON TABLE public.contacts TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.day_figures TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.driver_links TO cluster_app;
GRANT UPDATE(revoked_at) ON TABLE public.driver_links TO cluster_app;
GRANT UPDATE(used_at) ON TABLE public.driver_links TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.erasures TO cluster_app;
GRANT UPDATE(status) ON TABLE public.erasures TO cluster_app;
GRANT UPDATE(finished_at) ON TABLE public.erasures TO cluster_app;
GRANT UPDATE(erased) ON TABLE public.erasures TO cluster_app;
GRANT UPDATE(kept) ON TABLE public.erasures TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.freight_costs TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.gateway_files TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.gateway_orders TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.gateways TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.geocoder_turns TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.geocodes TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.handling_units TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_lines TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.import_mappings TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.import_pieces TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.imports TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.invitations TO cluster_app;
GRANT UPDATE(used_at) ON TABLE public.invitations TO cluster_app;
GRANT UPDATE(revoked_at) ON TABLE public.invitations TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.jobs TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.ledger_accounts TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.ledger_checks TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.ledger_entries TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.ledger_lines TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.member_figures TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.members TO cluster_app;
GRANT UPDATE(name) ON TABLE public.members TO cluster_app;
GRANT UPDATE(version) ON TABLE public.members TO cluster_app;
GRANT UPDATE(status) ON TABLE public.members TO cluster_app;
GRANT UPDATE(status_since) ON TABLE public.members TO cluster_app;
GRANT UPDATE(status_reason) ON TABLE public.members TO cluster_app;
GRANT UPDATE(pooled_shipments) ON TABLE public.members TO cluster_app;
GRANT UPDATE(leaving_on) ON TABLE public.members TO cluster_app;
GRANT UPDATE(legal_form) ON TABLE public.members TO cluster_app;
GRANT UPDATE(country_code) ON TABLE public.members TO cluster_app;
GRANT UPDATE(tax_id) ON TABLE public.members TO cluster_app;
GRANT UPDATE(tax_id_check) ON TABLE public.members TO cluster_app;
GRANT UPDATE(gln) ON TABLE public.members TO cluster_app;
GRANT UPDATE(lei) ON TABLE public.members TO cluster_app;
GRANT UPDATE(size_class) ON TABLE public.members TO cluster_app;
GRANT UPDATE(size_valid_until) ON TABLE public.members TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.month_totals TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.operator_keys TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO cluster_app;
GRANT USAGE ON SEQUENCE public.outbox_positions TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.outside_tariffs TO cluster_app;
GRANT UPDATE(withdrawn_at) ON TABLE public.outside_tariffs TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_approvals TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_drafts TO cluster_app;
GRANT UPDATE(head) ON TABLE public.plan_drafts TO cluster_app;
GRANT UPDATE(edits) ON TABLE public.plan_drafts TO cluster_app;
GRANT UPDATE(version) ON TABLE public.plan_drafts TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_edits TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_log TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_problems TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_results TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_routes TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.plan_runs TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_unplanned TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_visits TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.plans TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(opens_at) ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(cut_off_at) ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(version) ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(late_policy) ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(late_until_at) ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(told) ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(by_hand) ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(day_version) ON TABLE public.pool_windows TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.postcodes TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.posting_marks TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.products TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.proof_contents TO cluster_app;
GRANT UPDATE(content) ON TABLE public.proof_contents TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.proofs TO cluster_app;
GRANT UPDATE(signer_name) ON TABLE public.proofs TO cluster_app;
GRANT UPDATE(erased_at) ON TABLE public.proofs TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.quotes TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.recovery_codes TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reference_imports TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.sessions TO cluster_app;
GRANT UPDATE(digest) ON TABLE public.sessions TO cluster_app;
GRANT UPDATE(second) ON TABLE public.sessions TO cluster_app;
GRANT UPDATE(proven_at) ON TABLE public.sessions TO cluster_app;
GRANT UPDATE(seen_at) ON TABLE public.sessions TO cluster_app;
GRANT UPDATE(agent) ON TABLE public.sessions TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.settlement_payments TO cluster_app;
GRANT UPDATE(paid_on) ON TABLE public.settlement_payments TO cluster_app;
GRANT UPDATE(version) ON TABLE public.settlement_payments TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(status) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(proposed_key_id) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(proposed_user_id) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(proposed_no) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(closed_key_id) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(closed_user_id) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(closed_at) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(chain) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(netting) ON TABLE public.settlement_periods TO cluster_app;
GRANT UPDATE(version) ON TABLE public.settlement_periods TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.shares TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.shipment_cancellations TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.shipment_contacts TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.shipment_events TO cluster_app;
GRANT UPDATE(reason) ON TABLE public.shipment_events TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.shipment_stops TO cluster_app;
GRANT UPDATE(name) ON TABLE public.shipment_stops TO cluster_app;
GRANT UPDATE(address_line1) ON TABLE public.shipment_stops TO cluster_app;
GRANT UPDATE(lat) ON TABLE public.shipment_stops TO cluster_app;
GRANT UPDATE(lon) ON TABLE public.shipment_stops TO cluster_app;
GRANT UPDATE(address_line2) ON TABLE public.shipment_stops TO cluster_app;
GRANT UPDATE(instructions) ON TABLE public.shipment_stops TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.shipments TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_attempts TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.sign_in_rules TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.sign_in_steps TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.sites TO cluster_app;
GRANT UPDATE(code) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(name) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(address_line1) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(country_code) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(province_code) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(ward_code) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(lat) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(lon) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(opens_at) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(closes_at) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(address_line2) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(locality) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(postal_code) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(subdivision) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(legacy) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(location_precision) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(gln) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(un_locode) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(time_zone) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(hours) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(docks) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(active) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(version) ON TABLE public.sites TO cluster_app;
GRANT UPDATE(updated_at) ON TABLE public.sites TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.size_evidence TO cluster_app;
GRANT UPDATE(status) ON TABLE public.size_evidence TO cluster_app;
GRANT UPDATE(reason) ON TABLE public.size_evidence TO cluster_app;
GRANT UPDATE(reviewed_at) ON TABLE public.size_evidence TO cluster_app;
GRANT UPDATE(valid_until) ON TABLE public.size_evidence TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.snapped_points TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_bookings TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_commitments TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_counts TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_days TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_leases TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_offers TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_replans TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_shares TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.space_splits TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.splits TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.sscc_prefixes TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.sscc_units TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.statement_disputes TO cluster_app;
GRANT UPDATE(status) ON TABLE public.statement_disputes TO cluster_app;
GRANT UPDATE(answer) ON TABLE public.statement_disputes TO cluster_app;
GRANT UPDATE(entry_id) ON TABLE public.statement_disputes TO cluster_app;
GRANT UPDATE(version) ON TABLE public.statement_disputes TO cluster_app;
GRANT UPDATE(decided_at) ON TABLE public.statement_disputes TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.statements TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.tariff_versions TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tender_offers TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tenders TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tour_stops TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tour_visits TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tours TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.tracking_events TO cluster_app;
GRANT UPDATE(note) ON TABLE public.tracking_events TO cluster_app;
GRANT UPDATE(lat) ON TABLE public.tracking_events TO cluster_app;
GRANT UPDATE(lon) ON TABLE public.tracking_events TO cluster_app;
GRANT UPDATE(accuracy_m) ON TABLE public.tracking_events TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.tracking_links TO cluster_app;
GRANT UPDATE(revoked_at) ON TABLE public.tracking_links TO cluster_app;
GRANT UPDATE(used_at) ON TABLE public.tracking_links TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.travel_legs TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.travel_lines TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.travel_profiles TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.un_locodes TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.undertaking_parts TO cluster_app;
GRANT UPDATE(answer) ON TABLE public.undertaking_parts TO cluster_app;
GRANT UPDATE(note) ON TABLE public.undertaking_parts TO cluster_app;
GRANT UPDATE(answered_at) ON TABLE public.undertaking_parts TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.undertakings TO cluster_app;
GRANT UPDATE(status) ON TABLE public.undertakings TO cluster_app;
GRANT UPDATE(version) ON TABLE public.undertakings TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.unit_contents TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.user_identities TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.user_invitations TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.user_passkeys TO cluster_app;
GRANT UPDATE(sign_count) ON TABLE public.user_passkeys TO cluster_app;
GRANT UPDATE(last_used_at) ON TABLE public.user_passkeys TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.user_passwords TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_totp TO cluster_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.users TO cluster_app;
GRANT UPDATE(name) ON TABLE public.users TO cluster_app;
GRANT UPDATE(role) ON TABLE public.users TO cluster_app;
GRANT UPDATE(status) ON TABLE public.users TO cluster_app;
GRANT UPDATE(version) ON TABLE public.users TO cluster_app;
GRANT UPDATE(sessions_since) ON TABLE public.users TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.vehicle_types TO cluster_app;
GRANT UPDATE(carrier_id) ON TABLE public.vehicle_types TO cluster_app;
GRANT UPDATE(driver_breaks) ON TABLE public.vehicle_types TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoints TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.window_schedules TO cluster_app;
