-- Sales channels and the orders that came from them.
SELECT 1;
