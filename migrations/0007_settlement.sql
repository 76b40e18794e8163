-- What is proven about a plan's split; the coordinator's eyes only.
CREATE TABLE splits (
    cluster_id       uuid    NOT NULL,
    plan_id          uuid    NOT NULL,
    rule             text    NOT NULL,
    currency         text    NOT NULL,
    cost_minor       bigint  NOT NULL CHECK (cost_minor >= 0),
    excess_max_minor bigint  NOT NULL,
    in_core          boolean NOT NULL,
    individually_rational boolean NOT NULL,
    pool_digest      text    NOT NULL,
    unions           jsonb   NOT NULL,
    seconds          double precision NOT NULL,
    PRIMARY KEY (cluster_id, plan_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans
);
ALTER TABLE splits ENABLE ROW LEVEL SECURITY;
ALTER TABLE splits FORCE ROW LEVEL SECURITY;
CREATE POLICY splits_neutral ON splits
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON splits TO cluster_app;

CREATE TABLE shares (
    cluster_id        uuid   NOT NULL,
    plan_id           uuid   NOT NULL,
    member_id         uuid   NOT NULL,
    rule              text   NOT NULL,
    currency          text   NOT NULL,
    stand_alone_minor bigint NOT NULL,
    share_minor       bigint NOT NULL,
    saving_minor      bigint NOT NULL,
    incremental_minor bigint NOT NULL,
    PRIMARY KEY (cluster_id, plan_id, member_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK (saving_minor = stand_alone_minor - share_minor)
);
ALTER TABLE shares ENABLE ROW LEVEL SECURITY;
ALTER TABLE shares FORCE ROW LEVEL SECURITY;
CREATE POLICY shares_own ON shares FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY shares_write ON shares FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON shares TO cluster_app;
