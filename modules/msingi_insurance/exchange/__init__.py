"""Files of the field: enrolments and renewals in, master data out (CLM-F3..CLM-F5)."""
