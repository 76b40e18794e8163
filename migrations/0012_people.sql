-- Users, passwords, second factors, passkeys, sessions, and what keys may do.
SELECT 1;
