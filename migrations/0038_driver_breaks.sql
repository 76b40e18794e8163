-- When drivers of a type's vehicles rest; null: as the cluster has settled it.
ALTER TABLE vehicle_types ADD COLUMN driver_breaks jsonb CHECK (jsonb_typeof(driver_breaks) = 'object');
GRANT UPDATE (driver_breaks) ON vehicle_types TO cluster_app;

-- When the driver of a route rests, in order: {begins_at, ends_at}. Plans from before had no breaks.
ALTER TABLE plan_routes ADD COLUMN breaks jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(breaks) = 'array');
