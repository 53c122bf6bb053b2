"""Files of the field: enrolments and renewals in, master data and extracts out (CLM-F3..CLM-F7)."""
