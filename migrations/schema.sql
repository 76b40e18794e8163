CREATE FUNCTION public.app_cluster() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.cluster', true), '')::uuid $$;
CREATE FUNCTION public.app_member() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.member', true), '')::uuid $$;
CREATE FUNCTION public.app_neutral() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('app.role', true) IN ('coordinator', 'system'), false) $$;
CREATE FUNCTION public.app_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.role', true), '') $$;
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
    CONSTRAINT api_keys_check CHECK (((role = ANY (ARRAY['member_user'::text, 'member_admin'::text])) = (member_id IS NOT NULL))),
    CONSTRAINT api_keys_role_check CHECK ((role = ANY (ARRAY['member_user'::text, 'member_admin'::text, 'coordinator'::text, 'warehouse_operator'::text, 'carrier_key'::text])))
);
ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;
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
CREATE TABLE public.clusters (
    cluster_id uuid NOT NULL,
    name text NOT NULL,
    country_code text NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    sharing_rule text DEFAULT 'nucleolus'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT clusters_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT clusters_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT clusters_sharing_rule_check CHECK ((sharing_rule = ANY (ARRAY['nucleolus'::text, 'per_capita_nucleolus'::text, 'proportional_nucleolus'::text, 'equal_profit'::text, 'shapley'::text, 'tau'::text, 'acam'::text, 'proportional'::text, 'weight'::text, 'volume'::text, 'tonne_km'::text, 'pallet_km'::text, 'orders'::text])))
);
ALTER TABLE ONLY public.clusters FORCE ROW LEVEL SECURITY;
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
    CONSTRAINT handling_units_bearing_max_g_check CHECK ((bearing_max_g >= 0)),
    CONSTRAINT handling_units_height_mm_check CHECK ((height_mm > 0)),
    CONSTRAINT handling_units_kind_check CHECK ((kind = ANY (ARRAY['box'::text, 'pallet'::text, 'rack'::text, 'tube'::text, 'bag'::text]))),
    CONSTRAINT handling_units_length_mm_check CHECK ((length_mm > 0)),
    CONSTRAINT handling_units_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT handling_units_on_top_check CHECK ((on_top = ANY (ARRAY['anything'::text, 'fragile'::text, 'nothing'::text]))),
    CONSTRAINT handling_units_rotations_check CHECK ((rotations = ANY (ARRAY['upright'::text, 'any_way'::text]))),
    CONSTRAINT handling_units_sscc_check CHECK ((sscc ~ '^[0-9]{18}$'::text)),
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
CREATE TABLE public.members (
    cluster_id uuid NOT NULL,
    member_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.members FORCE ROW LEVEL SECURITY;
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
    CONSTRAINT outbox_seq_check CHECK ((seq > 0))
);
ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;
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
    problem_sha256 bytea NOT NULL,
    problem bytea NOT NULL,
    answer bytea NOT NULL,
    CONSTRAINT plan_results_check CHECK (((bound_minor >= 0) AND (bound_minor <= cost_minor))),
    CONSTRAINT plan_results_cost_minor_check CHECK ((cost_minor >= 0)),
    CONSTRAINT plan_results_gap_check CHECK (((gap >= (0)::double precision) AND (gap <= (1)::double precision)))
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
    CONSTRAINT plan_runs_players_max_check CHECK (((players_max >= 1) AND (players_max <= 12))),
    CONSTRAINT plan_runs_seconds_check CHECK (((seconds >= 1) AND (seconds <= 86400)))
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
    version integer NOT NULL,
    status text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT plans_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'solving'::text, 'solved'::text, 'failed'::text, 'aborted'::text, 'superseded'::text]))),
    CONSTRAINT plans_version_check CHECK ((version > 0))
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
    CONSTRAINT pool_windows_check CHECK ((cut_off_at > opens_at))
);
ALTER TABLE ONLY public.pool_windows FORCE ROW LEVEL SECURITY;
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
    CONSTRAINT shipment_stops_action_check CHECK ((action = ANY (ARRAY['pickup'::text, 'delivery'::text]))),
    CONSTRAINT shipment_stops_check CHECK (((window_start IS NULL) = (window_end IS NULL))),
    CONSTRAINT shipment_stops_check1 CHECK ((window_start < window_end)),
    CONSTRAINT shipment_stops_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT shipment_stops_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT shipment_stops_service_s_check CHECK (((service_s >= 0) AND (service_s <= 86400)))
);
ALTER TABLE ONLY public.shipment_stops FORCE ROW LEVEL SECURITY;
CREATE TABLE public.shipments (
    cluster_id uuid NOT NULL,
    shipment_id uuid NOT NULL,
    member_id uuid NOT NULL,
    pool_window_id uuid NOT NULL,
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
    CONSTRAINT shipments_outside_minor_check CHECK ((outside_minor >= 0)),
    CONSTRAINT shipments_pallet_places_check CHECK ((pallet_places >= 0)),
    CONSTRAINT shipments_service_check CHECK ((service = ANY (ARRAY['delivery'::text, 'collection'::text, 'transport'::text]))),
    CONSTRAINT shipments_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'pooled'::text, 'planned'::text, 'cancelled'::text]))),
    CONSTRAINT shipments_volume_cm3_check CHECK ((volume_cm3 >= 0)),
    CONSTRAINT shipments_weight_g_check CHECK ((weight_g >= 0))
);
ALTER TABLE ONLY public.shipments FORCE ROW LEVEL SECURITY;
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
    CONSTRAINT sites_check CHECK (((opens_at IS NULL) = (closes_at IS NULL))),
    CONSTRAINT sites_check1 CHECK ((opens_at < closes_at)),
    CONSTRAINT sites_country_code_check CHECK ((country_code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT sites_kind_check CHECK ((kind = ANY (ARRAY['hub'::text, 'warehouse'::text, 'workshop'::text, 'shop'::text, 'pickup_point'::text]))),
    CONSTRAINT sites_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT sites_lon_check CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision)))
);
ALTER TABLE ONLY public.sites FORCE ROW LEVEL SECURITY;
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
CREATE TABLE public.travel_legs (
    cluster_id uuid NOT NULL,
    profile text NOT NULL,
    from_lat_e6 integer NOT NULL,
    from_lon_e6 integer NOT NULL,
    to_lat_e6 integer NOT NULL,
    to_lon_e6 integer NOT NULL,
    distance_m integer NOT NULL,
    duration_s integer NOT NULL,
    CONSTRAINT travel_legs_distance_m_check CHECK ((distance_m >= '-1'::integer)),
    CONSTRAINT travel_legs_duration_s_check CHECK ((duration_s >= '-1'::integer))
);
ALTER TABLE ONLY public.travel_legs FORCE ROW LEVEL SECURITY;
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
    CONSTRAINT vehicle_types_check CHECK ((shift_end > shift_start)),
    CONSTRAINT vehicle_types_circuity_percent_check CHECK (((circuity_percent >= 100) AND (circuity_percent <= 1000))),
    CONSTRAINT vehicle_types_distance_max_m_check CHECK ((distance_max_m > 0)),
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
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (cluster_id, key_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_prefix_key UNIQUE (prefix);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_pkey PRIMARY KEY (cluster_id, plan_id, shipment_id);
ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (cluster_id, entry_id);
ALTER TABLE ONLY public.audit_seals
    ADD CONSTRAINT audit_seals_pkey PRIMARY KEY (cluster_id, seal_no);
ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_pkey PRIMARY KEY (cluster_id);
ALTER TABLE ONLY public.handling_units
    ADD CONSTRAINT handling_units_pkey PRIMARY KEY (cluster_id, shipment_id, line_no);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (cluster_id, key_id, idem_key);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (cluster_id, job_id);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_cluster_id_code_key UNIQUE (cluster_id, code);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (cluster_id, member_id);
ALTER TABLE ONLY public.operator_keys
    ADD CONSTRAINT operator_keys_pkey PRIMARY KEY (key_id);
ALTER TABLE ONLY public.operator_keys
    ADD CONSTRAINT operator_keys_prefix_key UNIQUE (prefix);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (cluster_id, resource_id, seq);
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
    ADD CONSTRAINT plans_cluster_id_pool_window_id_version_key UNIQUE (cluster_id, pool_window_id, version);
ALTER TABLE ONLY public.plans
    ADD CONSTRAINT plans_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.pool_windows
    ADD CONSTRAINT pool_windows_cluster_id_service_date_key UNIQUE (cluster_id, service_date);
ALTER TABLE ONLY public.pool_windows
    ADD CONSTRAINT pool_windows_pkey PRIMARY KEY (cluster_id, pool_window_id);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_pkey PRIMARY KEY (cluster_id, plan_id, member_id);
ALTER TABLE ONLY public.shipment_stops
    ADD CONSTRAINT shipment_stops_pkey PRIMARY KEY (cluster_id, shipment_id, action);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_cluster_id_member_id_client_ref_key UNIQUE (cluster_id, member_id, client_ref);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_pkey PRIMARY KEY (cluster_id, shipment_id);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_pkey PRIMARY KEY (cluster_id, site_id);
ALTER TABLE ONLY public.splits
    ADD CONSTRAINT splits_pkey PRIMARY KEY (cluster_id, plan_id);
ALTER TABLE ONLY public.travel_legs
    ADD CONSTRAINT travel_legs_pkey PRIMARY KEY (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_code_key UNIQUE (cluster_id, code);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_pkey PRIMARY KEY (cluster_id, vehicle_type_id);
CREATE UNIQUE INDEX assignments_one_active ON public.assignments USING btree (cluster_id, shipment_id) WHERE active;
CREATE INDEX audit_log_sealed ON public.audit_log USING btree (cluster_id, seal_no, entry_id);
CREATE INDEX audit_log_unsealed ON public.audit_log USING btree (cluster_id, entry_id) WHERE (seal_no IS NULL);
CREATE INDEX idempotency_age ON public.idempotency USING btree (created_at);
CREATE INDEX jobs_due ON public.jobs USING btree (run_at) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE UNIQUE INDEX jobs_one_active ON public.jobs USING btree (cluster_id, dedupe_key) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at) WHERE (dispatched_at IS NULL);
CREATE INDEX plan_visits_route ON public.plan_visits USING btree (cluster_id, plan_id, route_no, stop_no, visit_no);
CREATE UNIQUE INDEX plans_one_current ON public.plans USING btree (cluster_id, pool_window_id) WHERE (status = 'solved'::text);
CREATE INDEX shipments_member ON public.shipments USING btree (cluster_id, member_id, shipment_id);
CREATE INDEX shipments_pool ON public.shipments USING btree (cluster_id, pool_window_id, shipment_id);
CREATE UNIQUE INDEX sites_code ON public.sites USING btree (cluster_id, member_id, code) NULLS NOT DISTINCT;
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_cluster_id_plan_id_route_no_fkey FOREIGN KEY (cluster_id, plan_id, route_no) REFERENCES public.plan_routes(cluster_id, plan_id, route_no);
ALTER TABLE ONLY public.assignments
    ADD CONSTRAINT assignments_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.handling_units
    ADD CONSTRAINT handling_units_cluster_id_shipment_id_fkey FOREIGN KEY (cluster_id, shipment_id) REFERENCES public.shipments(cluster_id, shipment_id);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.plan_results
    ADD CONSTRAINT plan_results_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_routes
    ADD CONSTRAINT plan_routes_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.plan_routes
    ADD CONSTRAINT plan_routes_cluster_id_vehicle_type_id_fkey FOREIGN KEY (cluster_id, vehicle_type_id) REFERENCES public.vehicle_types(cluster_id, vehicle_type_id);
ALTER TABLE ONLY public.plan_runs
    ADD CONSTRAINT plan_runs_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
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
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.shares
    ADD CONSTRAINT shares_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
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
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_cluster_id_member_id_fkey FOREIGN KEY (cluster_id, member_id) REFERENCES public.members(cluster_id, member_id);
ALTER TABLE ONLY public.splits
    ADD CONSTRAINT splits_cluster_id_plan_id_fkey FOREIGN KEY (cluster_id, plan_id) REFERENCES public.plans(cluster_id, plan_id);
ALTER TABLE ONLY public.travel_legs
    ADD CONSTRAINT travel_legs_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_end_site_id_fkey FOREIGN KEY (cluster_id, end_site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES public.clusters(cluster_id);
ALTER TABLE ONLY public.vehicle_types
    ADD CONSTRAINT vehicle_types_cluster_id_start_site_id_fkey FOREIGN KEY (cluster_id, start_site_id) REFERENCES public.sites(cluster_id, site_id);
ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_keys_issue ON public.api_keys FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY api_keys_read ON public.api_keys FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'authenticator'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member)))))));
CREATE POLICY api_keys_revoke ON public.api_keys FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (member_id = ( SELECT public.app_member() AS app_member))))));
ALTER TABLE public.assignments ENABLE ROW LEVEL SECURITY;
CREATE POLICY assignments_neutral ON public.assignments USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_log_read ON public.audit_log FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_role() AS app_role) = 'member_admin'::text) AND (actor_member = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY audit_log_seal ON public.audit_log FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text) AND (seal_no IS NULL))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (seal_no IS NOT NULL)));
CREATE POLICY audit_log_write ON public.audit_log FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (role = ( SELECT public.app_role() AS app_role)) AND (seal_no IS NULL) AND (NOT (actor_member IS DISTINCT FROM ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.audit_seals ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_seals_add ON public.audit_seals FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_role() AS app_role) = 'system'::text)));
CREATE POLICY audit_seals_read ON public.audit_seals FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.clusters ENABLE ROW LEVEL SECURITY;
CREATE POLICY clusters_found ON public.clusters FOR INSERT WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) AND (cluster_id = ( SELECT public.app_cluster() AS app_cluster))));
CREATE POLICY clusters_own ON public.clusters FOR SELECT USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
ALTER TABLE public.handling_units ENABLE ROW LEVEL SECURITY;
CREATE POLICY handling_units_own ON public.handling_units USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_housekeeping ON public.idempotency FOR DELETE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY idempotency_housekeeping_read ON public.idempotency FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY idempotency_own ON public.idempotency USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (key_id = ( SELECT (NULLIF(current_setting('app.key'::text, true), ''::text))::uuid AS "nullif")))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (key_id = ( SELECT (NULLIF(current_setting('app.key'::text, true), ''::text))::uuid AS "nullif"))));
ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY jobs_neutral ON public.jobs USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((( SELECT public.app_role() AS app_role) = 'coordinator'::text) AND (cluster_id = ( SELECT public.app_cluster() AS app_cluster))))) WITH CHECK (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((( SELECT public.app_role() AS app_role) = 'coordinator'::text) AND (cluster_id = ( SELECT public.app_cluster() AS app_cluster)))));
ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;
CREATE POLICY members_admit ON public.members FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY members_read ON public.members FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.operator_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY operator_keys_issue ON public.operator_keys FOR INSERT WITH CHECK ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY operator_keys_read ON public.operator_keys FOR SELECT USING ((( SELECT public.app_role() AS app_role) = 'authenticator'::text));
ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY outbox_read ON public.outbox FOR SELECT USING (((( SELECT public.app_role() AS app_role) = 'system'::text) OR ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))));
CREATE POLICY outbox_relay ON public.outbox FOR UPDATE USING ((( SELECT public.app_role() AS app_role) = 'system'::text));
CREATE POLICY outbox_write ON public.outbox FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.plan_results ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_results_neutral ON public.plan_results USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_routes ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_routes_neutral ON public.plan_routes USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_runs_neutral ON public.plan_runs USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_unplanned ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_unplanned_own ON public.plan_unplanned FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY plan_unplanned_write ON public.plan_unplanned FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plan_visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_visits_own ON public.plan_visits FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY plan_visits_write ON public.plan_visits FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.plans ENABLE ROW LEVEL SECURITY;
CREATE POLICY plans_move ON public.plans FOR UPDATE USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY plans_read ON public.plans FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR ((( SELECT public.app_member() AS app_member) IS NOT NULL) AND (status = 'solved'::text)))));
CREATE POLICY plans_write ON public.plans FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.pool_windows ENABLE ROW LEVEL SECURITY;
CREATE POLICY pool_windows_open ON public.pool_windows FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
CREATE POLICY pool_windows_read ON public.pool_windows FOR SELECT USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
CREATE POLICY pool_windows_version ON public.pool_windows FOR UPDATE USING ((cluster_id = ( SELECT public.app_cluster() AS app_cluster)));
ALTER TABLE public.shares ENABLE ROW LEVEL SECURITY;
CREATE POLICY shares_own ON public.shares FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY shares_write ON public.shares FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.shipment_stops ENABLE ROW LEVEL SECURITY;
CREATE POLICY shipment_stops_own ON public.shipment_stops USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.shipments ENABLE ROW LEVEL SECURITY;
CREATE POLICY shipments_own ON public.shipments USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member))))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.sites ENABLE ROW LEVEL SECURITY;
CREATE POLICY sites_read ON public.sites FOR SELECT USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id IS NULL) OR (member_id = ( SELECT public.app_member() AS app_member)))));
CREATE POLICY sites_write ON public.sites FOR INSERT WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND (( SELECT public.app_neutral() AS app_neutral) OR (member_id = ( SELECT public.app_member() AS app_member)))));
ALTER TABLE public.splits ENABLE ROW LEVEL SECURITY;
CREATE POLICY splits_neutral ON public.splits USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.travel_legs ENABLE ROW LEVEL SECURITY;
CREATE POLICY travel_legs_neutral ON public.travel_legs USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
ALTER TABLE public.vehicle_types ENABLE ROW LEVEL SECURITY;
CREATE POLICY vehicle_types_neutral ON public.vehicle_types USING (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral))) WITH CHECK (((cluster_id = ( SELECT public.app_cluster() AS app_cluster)) AND ( SELECT public.app_neutral() AS app_neutral)));
GRANT USAGE ON SCHEMA public TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.api_keys TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.assignments TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.audit_log TO cluster_app;
GRANT UPDATE(seal_no) ON TABLE public.audit_log TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.audit_seals TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.clusters TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.handling_units TO cluster_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.jobs TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.members TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.operator_keys TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.outbox TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_results TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_routes TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.plan_runs TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_unplanned TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.plan_visits TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.plans TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.pool_windows TO cluster_app;
GRANT UPDATE(version) ON TABLE public.pool_windows TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.shares TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.shipment_stops TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.shipments TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.sites TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.splits TO cluster_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.travel_legs TO cluster_app;
GRANT SELECT,INSERT ON TABLE public.vehicle_types TO cluster_app;
