-- The inside of a vehicle, as carriers/models.py describes it; NULL: its loads are weight, volume and pallet places alone.
ALTER TABLE vehicle_types ADD COLUMN hold jsonb;

-- How units stand. The defaults are what was silently so before, and what writers of before the change go on to mean.
ALTER TABLE handling_units
    ADD COLUMN rotations     text   NOT NULL DEFAULT 'upright' CHECK (rotations IN ('upright', 'any_way')),
    ADD COLUMN on_top        text   NOT NULL DEFAULT 'anything' CHECK (on_top IN ('anything', 'fragile', 'nothing')),
    ADD COLUMN bearing_max_g bigint CHECK (bearing_max_g >= 0);

-- Where every unit stands, in the order of loading. Routes are the coordinator's alone, and so are these.
ALTER TABLE plan_routes ADD COLUMN placements jsonb NOT NULL DEFAULT '[]';
