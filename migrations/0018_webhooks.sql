-- Endpoints, deliveries and their log.
SELECT 1;
