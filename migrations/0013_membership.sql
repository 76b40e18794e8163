-- How firms join and leave: invitations, applications, agreements, evidence of size.
SELECT 1;
