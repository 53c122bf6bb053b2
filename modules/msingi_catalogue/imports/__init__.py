"""Lists in and out: registers and price lists as CSV, XLSX, JSON and XML (CLM-F6)."""
