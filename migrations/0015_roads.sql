-- Road networks, snapped points, calibrated circuity.
SELECT 1;
