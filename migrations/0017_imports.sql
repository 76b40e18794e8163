-- Files of bookings, products and cartons: the file in pieces until it is read, its lines with what is wrong in each, and
-- how a member's columns are to be understood. A member's own business and its customers' data: not even the coordinator
-- reads them. What is booked from them it sees as bookings.
CREATE TABLE imports (
    cluster_id     uuid        NOT NULL,
    import_id      uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('shipments', 'products', 'cartons')),
    status         text        NOT NULL
                   CHECK (status IN ('uploaded', 'read', 'mapping_needed', 'checked', 'booking', 'booked', 'partly_booked',
                                     'failed', 'discarded')),
    filename       text        NOT NULL CHECK (length(filename) BETWEEN 1 AND 200),
    format         text        NOT NULL CHECK (format IN ('csv', 'xlsx')),
    size_bytes     bigint      NOT NULL CHECK (size_bytes >= 0),
    digest         bytea       NOT NULL CHECK (length(digest) = 32),
    options        jsonb       NOT NULL DEFAULT '{}',
    reading        jsonb,
    header_digest  bytea       CHECK (length(header_digest) = 32),
    mapping        jsonb,
    book           text        CHECK (book IN ('all_or_nothing', 'good_lines')),
    lines          integer     NOT NULL DEFAULT 0 CHECK (lines BETWEEN 0 AND 100000),
    -- How far checking and booking have come: the last line of each that is committed.
    checked_to     integer     NOT NULL DEFAULT 0 CHECK (checked_to >= 0),
    booked_to      integer     NOT NULL DEFAULT 0 CHECK (booked_to >= 0),
    error_code     text,
    error_detail   text,
    key_id         uuid,
    user_id        uuid,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, import_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE INDEX imports_member ON imports (cluster_id, member_id, import_id);
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE imports FORCE ROW LEVEL SECURITY;
CREATE POLICY imports_own ON imports
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE ON imports TO cluster_app;

CREATE TABLE import_pieces (
    cluster_id uuid    NOT NULL,
    import_id  uuid    NOT NULL,
    piece_no   integer NOT NULL CHECK (piece_no > 0),
    member_id  uuid    NOT NULL,
    content    bytea   NOT NULL,
    PRIMARY KEY (cluster_id, import_id, piece_no),
    FOREIGN KEY (cluster_id, import_id) REFERENCES imports
);
ALTER TABLE import_pieces ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_pieces FORCE ROW LEVEL SECURITY;
CREATE POLICY import_pieces_own ON import_pieces
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, DELETE ON import_pieces TO cluster_app;

-- cells and becomes are JSON as text: a cell may hold what jsonb refuses, and neither is ever looked into here.
CREATE TABLE import_lines (
    cluster_id  uuid    NOT NULL,
    import_id   uuid    NOT NULL,
    line_no     integer NOT NULL CHECK (line_no > 0),
    member_id   uuid    NOT NULL,
    cells       text    NOT NULL,
    state       text    NOT NULL DEFAULT 'read' CHECK (state IN ('read', 'skipped', 'good', 'faulty', 'booked')),
    -- What the lines of one shipment become together stands in the first of them.
    first_line  integer CHECK (first_line > 0),
    becomes     text,
    faults      jsonb,
    shipment_id uuid,
    PRIMARY KEY (cluster_id, import_id, line_no),
    FOREIGN KEY (cluster_id, import_id) REFERENCES imports
);
CREATE INDEX import_lines_faulty ON import_lines (cluster_id, import_id, line_no) WHERE state = 'faulty';
ALTER TABLE import_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY import_lines_own ON import_lines
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_lines TO cluster_app;

-- How a member's columns were understood before, by the digest of a file's header.
CREATE TABLE import_mappings (
    cluster_id    uuid        NOT NULL,
    member_id     uuid        NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('shipments', 'products', 'cartons')),
    header_digest bytea       NOT NULL CHECK (length(header_digest) = 32),
    mapping       jsonb       NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, member_id, kind, header_digest),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
ALTER TABLE import_mappings ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_mappings FORCE ROW LEVEL SECURITY;
CREATE POLICY import_mappings_own ON import_mappings
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE ON import_mappings TO cluster_app;

-- What a member sells, as handling units or cartons need to know it.
CREATE TABLE products (
    cluster_id        uuid        NOT NULL,
    product_id        uuid        NOT NULL,
    member_id         uuid        NOT NULL,
    sku               text        NOT NULL CHECK (length(sku) BETWEEN 1 AND 100),
    name              text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    weight_g          bigint      NOT NULL CHECK (weight_g BETWEEN 1 AND 100000000),
    length_mm         integer     NOT NULL CHECK (length_mm BETWEEN 1 AND 30000),
    width_mm          integer     NOT NULL CHECK (width_mm BETWEEN 1 AND 30000),
    height_mm         integer     NOT NULL CHECK (height_mm BETWEEN 1 AND 30000),
    rotations         text        NOT NULL DEFAULT 'any_way' CHECK (rotations IN ('upright', 'any_way')),
    on_top            text        NOT NULL DEFAULT 'anything' CHECK (on_top IN ('anything', 'fragile', 'nothing')),
    bearing_max_g     bigint      CHECK (bearing_max_g >= 0),
    hs_code           text        CHECK (hs_code ~ '^[0-9]{6,10}$'),
    temperature_class text        NOT NULL DEFAULT 'ambient'
                      CHECK (temperature_class IN ('ambient', 'controlled', 'chilled', 'frozen')),
    dangerous         boolean     NOT NULL DEFAULT false,
    version           bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    retired_at        timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, product_id),
    UNIQUE (cluster_id, member_id, sku),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE INDEX products_member ON products (cluster_id, member_id, product_id);
ALTER TABLE products ENABLE ROW LEVEL SECURITY;
ALTER TABLE products FORCE ROW LEVEL SECURITY;
CREATE POLICY products_own ON products
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE ON products TO cluster_app;

-- The boxes that a member packs into; without any, the usual sizes are taken.
CREATE TABLE cartons (
    cluster_id      uuid        NOT NULL,
    carton_id       uuid        NOT NULL,
    member_id       uuid        NOT NULL,
    code            text        NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    inner_length_mm integer     NOT NULL CHECK (inner_length_mm BETWEEN 1 AND 5000),
    inner_width_mm  integer     NOT NULL CHECK (inner_width_mm BETWEEN 1 AND 5000),
    inner_height_mm integer     NOT NULL CHECK (inner_height_mm BETWEEN 1 AND 5000),
    wall_mm         integer     NOT NULL DEFAULT 0 CHECK (wall_mm BETWEEN 0 AND 100),
    tare_g          bigint      NOT NULL DEFAULT 0 CHECK (tare_g BETWEEN 0 AND 1000000),
    weight_max_g    bigint      CHECK (weight_max_g BETWEEN 1 AND 100000000),
    bearing_max_g   bigint      CHECK (bearing_max_g >= 0),
    cost_minor      bigint      NOT NULL DEFAULT 0 CHECK (cost_minor BETWEEN 0 AND 1000000000),
    version         bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    retired_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, carton_id),
    UNIQUE (cluster_id, member_id, code),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE INDEX cartons_member ON cartons (cluster_id, member_id, carton_id);
ALTER TABLE cartons ENABLE ROW LEVEL SECURITY;
ALTER TABLE cartons FORCE ROW LEVEL SECURITY;
CREATE POLICY cartons_own ON cartons
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE ON cartons TO cluster_app;

-- What is in which handling unit, where units were made of items.
CREATE TABLE unit_contents (
    cluster_id  uuid    NOT NULL,
    shipment_id uuid    NOT NULL,
    line_no     integer NOT NULL CHECK (line_no > 0),
    entry_no    integer NOT NULL CHECK (entry_no > 0),
    member_id   uuid    NOT NULL,
    sku         text,
    name        text    NOT NULL,
    quantity    integer NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (cluster_id, shipment_id, line_no, entry_no),
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
ALTER TABLE unit_contents ENABLE ROW LEVEL SECURITY;
ALTER TABLE unit_contents FORCE ROW LEVEL SECURITY;
CREATE POLICY unit_contents_own ON unit_contents
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON unit_contents TO cluster_app;

-- The platform's housekeeping lets lines and files go that have been over for a while.
CREATE POLICY imports_housekeeping_read ON imports FOR SELECT
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY import_pieces_housekeeping_read ON import_pieces FOR SELECT
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY import_lines_housekeeping_read ON import_lines FOR SELECT
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY import_pieces_housekeeping ON import_pieces FOR DELETE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY import_lines_housekeeping ON import_lines FOR DELETE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
