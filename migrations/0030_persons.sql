-- Who has held a key: the person, or the key, that issued it or gave it a new secret, and whoever held that one before.
-- What needs two people takes all keys that one person has held for that person. Keys issued earlier are traced back by
-- the audit log.
ALTER TABLE api_keys ADD COLUMN held_by uuid[] NOT NULL DEFAULT '{}';
-- For this one change the owner of the tables sees all rows.
ALTER TABLE audit_log NO FORCE ROW LEVEL SECURITY;
ALTER TABLE api_keys NO FORCE ROW LEVEL SECURITY;
WITH RECURSIVE giving AS (
    SELECT DISTINCT cluster_id, subject_id AS key_id, coalesce(user_id, key_id) AS giver
      FROM audit_log WHERE action IN ('key.issued', 'key.rotated') AND coalesce(user_id, key_id) IS NOT NULL
), held AS (
    SELECT cluster_id, key_id, giver FROM giving
    UNION
    SELECT held.cluster_id, held.key_id, giving.giver
      FROM held JOIN giving ON giving.cluster_id = held.cluster_id AND giving.key_id = held.giver
)
UPDATE api_keys AS k SET held_by = h.givers
  FROM (SELECT cluster_id, key_id, array_agg(giver) AS givers FROM held GROUP BY cluster_id, key_id) AS h
 WHERE k.cluster_id = h.cluster_id AND k.key_id = h.key_id;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;

-- What a session was begun with, coarsely ("Firefox, Windows"), so that its person recognises it. No address is kept.
ALTER TABLE sessions ADD COLUMN agent text NOT NULL DEFAULT '' CHECK (length(agent) <= 60);
GRANT UPDATE (agent) ON sessions TO cluster_app;

-- A consent names a member of the cluster, or all. Consents to nobody that were given earlier stay, and tell nobody
-- anything.
ALTER TABLE consents ADD FOREIGN KEY (cluster_id, partner_id) REFERENCES members (cluster_id, member_id) NOT VALID;
