-- Files of bookings and their faults.
SELECT 1;
