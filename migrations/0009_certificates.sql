-- Any rule that needs no terms beside the day itself.
ALTER TABLE clusters DROP CONSTRAINT clusters_sharing_rule_check;
ALTER TABLE clusters ADD CONSTRAINT clusters_sharing_rule_check CHECK (sharing_rule IN (
    'nucleolus', 'per_capita_nucleolus', 'proportional_nucleolus', 'equal_profit', 'shapley', 'tau', 'acam',
    'proportional', 'weight', 'volume', 'tonne_km', 'pallet_km', 'orders'));
ALTER TABLE plan_runs DROP CONSTRAINT plan_runs_players_max_check;
ALTER TABLE plan_runs ADD CONSTRAINT plan_runs_players_max_check CHECK (players_max BETWEEN 1 AND 12);

-- What is proven. Splits of before have no certificate; of them nothing is proven, and the rule was always followed.
ALTER TABLE splits
    ADD COLUMN rule_applied      text,
    ADD COLUMN verdict           text    NOT NULL DEFAULT 'open' CHECK (verdict IN ('stable', 'unstable', 'open')),
    ADD COLUMN gain_max_minor    bigint,
    ADD COLUMN coalitions        integer NOT NULL DEFAULT 0 CHECK (coalitions >= 0),
    ADD COLUMN coalitions_proven integer NOT NULL DEFAULT 0 CHECK (coalitions_proven BETWEEN 0 AND coalitions),
    ADD COLUMN certificate       jsonb,
    ADD CHECK ((certificate IS NULL) = (gain_max_minor IS NULL));
ALTER TABLE splits
    ALTER COLUMN verdict DROP DEFAULT,
    ALTER COLUMN coalitions DROP DEFAULT,
    ALTER COLUMN coalitions_proven DROP DEFAULT;
-- Row-level security holds for the owner too, and would hide every row from these two changes.
ALTER TABLE splits NO FORCE ROW LEVEL SECURITY;
UPDATE splits SET rule_applied = rule;
ALTER TABLE splits ALTER COLUMN rule_applied SET NOT NULL;
ALTER TABLE splits FORCE ROW LEVEL SECURITY;

ALTER TABLE shares
    ADD COLUMN rule_applied text,
    ADD COLUMN low_minor    bigint,
    ADD COLUMN high_minor   bigint,
    ADD CHECK (low_minor <= share_minor AND share_minor <= high_minor);
ALTER TABLE shares NO FORCE ROW LEVEL SECURITY;
UPDATE shares SET rule_applied = rule;
ALTER TABLE shares ALTER COLUMN rule_applied SET NOT NULL;
ALTER TABLE shares FORCE ROW LEVEL SECURITY;
