from_auto = "a"
l = "auto"
