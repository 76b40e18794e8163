-- Recurring pool windows and holidays.
SELECT 1;
