-- Address book, administrative units, geocoding, opening hours and docks.
SELECT 1;
