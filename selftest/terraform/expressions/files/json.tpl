${jsonencode(a)}
