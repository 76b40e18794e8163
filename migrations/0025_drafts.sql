-- Plans that are edited by hand.
CREATE TABLE plan_drafts (
    cluster_id     uuid        NOT NULL,
    plan_id        uuid        NOT NULL,
    -- The edit that the draft stands at; undoing and redoing move it.
    head           integer     NOT NULL DEFAULT 0 CHECK (head >= 0),
    -- Edits ever made; none is ever deleted.
    edits          integer     NOT NULL DEFAULT 0 CHECK (edits >= 0),
    -- Goes up with every change, for ETags.
    version        bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    problem_sha256 bytea       NOT NULL,
    day_version    bigint,
    PRIMARY KEY (cluster_id, plan_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans,
    FOREIGN KEY (cluster_id, problem_sha256) REFERENCES plan_problems,
    CHECK (head <= edits)
);
ALTER TABLE plan_drafts ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_drafts FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_drafts_neutral ON plan_drafts
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_drafts TO cluster_app;
GRANT UPDATE (head, edits, version) ON plan_drafts TO cluster_app;

-- What was done to a draft, and how it stood then: edit 0 is where it began. An edit made after undoing others stands
-- beside them: ``parent_no`` says which one it follows.
CREATE TABLE plan_edits (
    cluster_id  uuid        NOT NULL,
    plan_id     uuid        NOT NULL,
    edit_no     integer     NOT NULL CHECK (edit_no >= 0),
    edit_id     uuid        NOT NULL,
    parent_no   integer     CHECK (parent_no >= 0 AND parent_no < edit_no),
    kind        text        NOT NULL
                CHECK (kind IN ('start', 'move', 'move_visit', 'plan', 'unplan', 'reorder', 'reverse', 'split', 'merge',
                                'swap_vehicles', 'change_vehicle', 'cancel', 'lock', 'unlock')),
    body        jsonb       NOT NULL DEFAULT '{}',
    state       bytea       NOT NULL,
    figures     jsonb       NOT NULL,
    key_id      uuid,
    user_id     uuid,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, plan_id, edit_no),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plan_drafts,
    FOREIGN KEY (cluster_id, plan_id, parent_no) REFERENCES plan_edits (cluster_id, plan_id, edit_no),
    CHECK ((edit_no = 0) = (parent_no IS NULL) AND (edit_no = 0) = (kind = 'start'))
);
ALTER TABLE plan_edits ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_edits FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_edits_neutral ON plan_edits
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_edits TO cluster_app;
