"""What HTTP carries: forms and XML for the API, JSON for the control paths."""
