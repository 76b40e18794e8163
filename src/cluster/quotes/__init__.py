"""What a shipment will cost, told before it is booked."""
