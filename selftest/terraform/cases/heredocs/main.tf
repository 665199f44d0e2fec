variable "x" {
  default = "ex"
}
locals {
  plain = <<EOT
line one
  indented ${var.x}
$${not} %%{not}

"quotes" \n backslash
EOT
  flush = <<-EOT
    first
      second
	tab
    ${var.x} third

    last
  EOT
  flush_start = <<-EOT
      ${var.x}
    b
  EOT
  flush_zero = <<-EOT
    a
${var.x}
    b
  EOT
  directive = <<-EOT
    %{ if var.x == "ex" }
    yes
    %{ else }
    no
    %{ endif }
    %{ for i in [1, 2] ~}
    item ${i}
    %{ endfor ~}
    end
  EOT
  trims = <<-EOT
    a
    %{~ if true ~}
    b
    %{~ endif ~}
    c
  EOT
  nested = <<-EOT
    ${join(",", [for s in ["a", "b"] : "<${s}>"])}
    ${jsonencode({
      a = "b"
    })}
  EOT
  empty = <<EOT
EOT
  spaces = <<-EOT
    only
    EOT
  in_call = upper(<<-EOT
    shout
  EOT
  )
  in_list = [<<-A
    one
  A
  , <<-B
    two
  B
  ]
  map = {
    k = <<-EOT
      value
    EOT
    l = 2
  }
  blank_first = <<-EOT

      x

    y
  EOT
}
resource "terraform_data" "all" {
  input = {
    plain       = local.plain
    flush       = local.flush
    flush_start = local.flush_start
    flush_zero  = local.flush_zero
    directive   = local.directive
    trims       = local.trims
    nested      = local.nested
    empty       = local.empty
    spaces      = local.spaces
    in_call     = local.in_call
    in_list     = local.in_list
    map         = local.map
    blank_first = local.blank_first
  }
}
locals {
  x_blank = var.x
  blanks = <<-EOT
    a
  
        
	
            
    b ${local.x_blank}
    
  EOT
  blanks_first = <<-EOT
      
    	a
  EOT
  blanks_end = <<-EOT
    a
      %{ if true }
        
      b%{ endif }
	  
  EOT
  other_spaces = <<-EOT
     a
     b
  EOT
}
resource "terraform_data" "blanks" {
  input = [local.blanks, local.blanks_first, local.blanks_end, local.other_spaces]
}
