account_id   = "100000000001"
alerts_email = "data-lake-alerts@example.com"
