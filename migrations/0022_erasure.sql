-- Consignees of past shipments become pseudonyms, and their places are known to a kilometre.
GRANT UPDATE (name, address_line1, address_line2, lat, lon, instructions) ON shipment_stops TO cluster_app;
