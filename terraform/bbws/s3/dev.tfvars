replicated = false
