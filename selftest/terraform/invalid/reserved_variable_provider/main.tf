variable "provider" { default = 1 }
