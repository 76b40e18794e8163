-- Prices told before booking.
SELECT 1;
