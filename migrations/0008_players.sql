-- How many players the cost game may have; with more members, small ones are united.
ALTER TABLE plan_runs ADD COLUMN players_max integer NOT NULL DEFAULT 8 CHECK (players_max BETWEEN 1 AND 10);
