-- What a shipment says of itself, its states, and its outside option.
SELECT 1;
