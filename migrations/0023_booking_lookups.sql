-- Whether a member may book now, for everybody who asks about it beside other things.
-- The agreement that counts is the newest one in force; it must be accepted once its grace is over.
CREATE FUNCTION member_standing(of_cluster uuid, of_member uuid)
    RETURNS TABLE (status text, active boolean, agreed boolean) LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT held.status,
           held.status = 'active' OR (held.status = 'leaving' AND held.leaving_on >= current_date),
           NOT owner.agreement_required OR NOT coalesce(
               (SELECT agreement.effective_from + make_interval(days => agreement.grace_days) < now()
                       AND NOT EXISTS (SELECT FROM agreement_acceptances AS accepted
                                        WHERE accepted.cluster_id = of_cluster AND accepted.member_id = of_member
                                          AND accepted.agreement_id = agreement.agreement_id)
                  FROM agreements AS agreement
                 WHERE agreement.cluster_id = of_cluster AND agreement.effective_from <= now()
                 ORDER BY agreement.version DESC LIMIT 1), false)
      FROM members AS held JOIN clusters AS owner ON owner.cluster_id = held.cluster_id
     WHERE held.cluster_id = of_cluster AND held.member_id = of_member
    $$;

-- A coordinator's and a member's lists by state: what is rare is found without a walk through all that is not.
CREATE INDEX shipments_state ON shipments (cluster_id, status, shipment_id)
    WHERE status NOT IN ('delivered', 'cancelled');
CREATE INDEX shipments_state_of_member ON shipments (cluster_id, member_id, status, shipment_id)
    WHERE status NOT IN ('delivered', 'cancelled');
