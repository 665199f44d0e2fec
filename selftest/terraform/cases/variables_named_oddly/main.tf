variable "provisioner" { default = 1 }
variable "dynamic" { default = 1 }
variable "variable" { default = 1 }
