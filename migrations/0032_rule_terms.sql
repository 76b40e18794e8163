-- Rules that take terms beside the day: what members weigh, who has joined beforehand.
ALTER TABLE clusters DROP CONSTRAINT clusters_sharing_rule_check;
ALTER TABLE clusters ADD CONSTRAINT clusters_sharing_rule_check CHECK (sharing_rule IN (
    'nucleolus', 'per_capita_nucleolus', 'proportional_nucleolus', 'equal_profit', 'shapley', 'weighted_shapley', 'owen',
    'tau', 'acam', 'proportional', 'weight', 'volume', 'tonne_km', 'pallet_km', 'orders'));
ALTER TABLE plan_runs ADD COLUMN terms jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(terms) = 'object');
