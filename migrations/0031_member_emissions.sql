-- Each member's part of a plan's emissions in grams, by member identifier; null where emissions are not known. It is the
-- coordinator's, as the plan's result is: what a member is told of it is decided where figures are added up.
ALTER TABLE plan_results ADD COLUMN emissions_by_member jsonb CHECK (jsonb_typeof(emissions_by_member) = 'object');
