"""From cells to bookings, products and cartons: what columns mean, what cells say. Pure: no database, no clock."""
