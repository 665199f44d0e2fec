# What a template does not choose may fail: the next one of the last, a part of null, what is no text.
variable "none" {
  default = null
}

variable "empty" {
  default = []
}

locals {
  names = ["a", "b"]
}

resource "terraform_data" "later" {}

output "texts" {
  value = [
    "%{for i, name in local.names}${name}%{if i + 1 < length(local.names)}, ${local.names[i + 1]}%{else}.%{endif}%{endfor}",
    "%{if var.none != null}${var.none}%{else}none%{endif}",
    "%{if var.none == null}none%{else}${var.none}%{endif}",
    "%{if length(var.empty) > 0}${var.empty[0]}${var.empty}%{endif}",
    "%{if false}%{if true}${tonumber("x")}%{endif}%{else}%{if true}in%{else}${local.names[9]}%{endif}%{endif}",
    "%{if "true"}yes%{endif}",
    "%{if false}${terraform_data.later.id}%{else}known%{endif}",
    try("%{if true}${local.names[5]}%{endif}", "failed"),
    <<-EOT
    %{~if var.none != null~}
      ${var.none}
    %{~else~}
      nothing
    %{~endif~}
    EOT
  ]
}

output "later" {
  value = [
    "%{if true}${terraform_data.later.id}%{else}known%{endif}",
    "%{if terraform_data.later.id == "x"}a%{else}${local.names[5]}%{endif}",
  ]
}

output "file" {
  value = templatefile("list.tftpl", { names = local.names, none = null, object = { a = null } })
}
