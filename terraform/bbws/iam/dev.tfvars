# Nothing differs between the environments but what the account and the name say.
