replicated = true
