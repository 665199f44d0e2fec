n = { a = ["x", 1] }
l = "filed"
