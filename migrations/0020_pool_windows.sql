-- Recurring pool windows: a schedule says when they close, which day they serve, and what becomes of late orders.
CREATE TABLE window_schedules (
    cluster_id         uuid        NOT NULL REFERENCES clusters,
    schedule_id        uuid        NOT NULL,
    label              text        NOT NULL CHECK (label <> ''),
    cut_off_cron       text        NOT NULL,
    offset_days integer     NOT NULL CHECK (offset_days BETWEEN 0 AND 30),
    service_weekdays   integer[]   NOT NULL CHECK (service_weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]
                                                   AND cardinality(service_weekdays) BETWEEN 1 AND 7),
    holidays           text        NOT NULL CHECK (holidays ~ '^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$'),
    on_holiday         text        NOT NULL CHECK (on_holiday IN ('skip', 'next_day', 'serve')),
    opens_days_before  integer     NOT NULL CHECK (opens_days_before BETWEEN 0 AND 60),
    opens_clock        time        NOT NULL,
    late_policy        text        NOT NULL CHECK (late_policy IN ('refuse', 'next_window', 'accept')),
    late_s             integer     NOT NULL CHECK (late_s BETWEEN 0 AND 172800),
    horizon_days       integer     NOT NULL CHECK (horizon_days BETWEEN 1 AND 90),
    valid_from         date,
    valid_until        date        CHECK (valid_until >= valid_from),
    active             boolean     NOT NULL DEFAULT true,
    version            bigint      NOT NULL DEFAULT 1,
    -- Windows are made up to here; the worker looks again an hour after it last looked.
    looked_at          timestamptz,
    created_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, schedule_id),
    UNIQUE (cluster_id, label),
    CHECK ((late_policy = 'accept') = (late_s > 0))
);
ALTER TABLE window_schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE window_schedules FORCE ROW LEVEL SECURITY;
CREATE POLICY window_schedules_read ON window_schedules FOR SELECT
    USING ((SELECT app_role()) = 'system' OR cluster_id = (SELECT app_cluster()));
CREATE POLICY window_schedules_add ON window_schedules FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY window_schedules_change ON window_schedules FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON window_schedules TO cluster_app;

-- Days on which this cluster does not serve, or serves although its calendar has a holiday.
CREATE TABLE closed_days (
    cluster_id uuid    NOT NULL REFERENCES clusters,
    day        date    NOT NULL,
    name       text    NOT NULL,
    closed     boolean NOT NULL,
    PRIMARY KEY (cluster_id, day)
);
ALTER TABLE closed_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE closed_days FORCE ROW LEVEL SECURITY;
CREATE POLICY closed_days_read ON closed_days FOR SELECT
    USING (cluster_id = (SELECT app_cluster()));
CREATE POLICY closed_days_add ON closed_days FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY closed_days_change ON closed_days FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY closed_days_drop ON closed_days FOR DELETE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE, DELETE ON closed_days TO cluster_app;

ALTER TABLE pool_windows
    ADD COLUMN label         text NOT NULL DEFAULT '',
    ADD COLUMN schedule_id   uuid,
    ADD COLUMN late_policy   text NOT NULL DEFAULT 'refuse' CHECK (late_policy IN ('refuse', 'next_window', 'accept')),
    ADD COLUMN late_until_at timestamptz,
    -- Which of its events have been told: 0 none, 1 opened, 2 closing soon, 3 closed.
    ADD COLUMN told          integer NOT NULL DEFAULT 0 CHECK (told BETWEEN 0 AND 3),
    -- Changed by the coordinator, so that its schedule lets it be.
    ADD COLUMN by_hand       boolean NOT NULL DEFAULT false,
    ADD CHECK ((late_policy = 'accept') = (late_until_at IS NOT NULL)),
    ADD CHECK (late_until_at > cut_off_at),
    ADD FOREIGN KEY (cluster_id, schedule_id) REFERENCES window_schedules;
ALTER TABLE pool_windows DROP CONSTRAINT pool_windows_cluster_id_service_date_key;
ALTER TABLE pool_windows ADD UNIQUE (cluster_id, service_date, label);
CREATE INDEX pool_windows_untold ON pool_windows (opens_at) WHERE told < 3;
GRANT UPDATE (opens_at, cut_off_at, late_policy, late_until_at, told, by_hand) ON pool_windows TO cluster_app;
GRANT DELETE ON pool_windows TO cluster_app;
CREATE POLICY pool_windows_drop ON pool_windows FOR DELETE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
DROP POLICY pool_windows_read ON pool_windows;
CREATE POLICY pool_windows_read ON pool_windows FOR SELECT
    USING ((SELECT app_role()) = 'system' OR cluster_id = (SELECT app_cluster()));

-- Members move the version when they change what is planned, and nothing else of a window.
CREATE FUNCTION pool_windows_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT app_neutral() AND (NEW.opens_at, NEW.cut_off_at, NEW.late_policy, NEW.late_until_at, NEW.told)
                             IS DISTINCT FROM
                             (OLD.opens_at, OLD.cut_off_at, OLD.late_policy, OLD.late_until_at, OLD.told) THEN
        RAISE EXCEPTION 'only the neutral side changes a pool window' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pool_windows_guard BEFORE UPDATE ON pool_windows FOR EACH ROW EXECUTE FUNCTION pool_windows_guard();
