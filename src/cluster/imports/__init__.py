"""Files of bookings: read, judged line by line, booked."""
