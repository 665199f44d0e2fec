resource "terraform_data" "a" {
  connection {
    type                = "winrm"
    user                = "x"
    password            = "x"
    host                = "x"
    port                = "1"
    timeout             = "1m"
    script_path         = "x"
    target_platform     = "x"
    private_key         = "x"
    certificate         = "x"
    host_key            = "x"
    agent               = true
    agent_identity      = "x"
    proxy_scheme        = "x"
    proxy_host          = "x"
    proxy_port          = 1
    proxy_user_name     = "x"
    proxy_user_password = "x"
    bastion_host        = "x"
    bastion_host_key    = "x"
    bastion_port        = 1
    bastion_user        = "x"
    bastion_password    = "x"
    bastion_private_key = "x"
    bastion_certificate = "x"
    https               = true
    insecure            = true
    use_ntlm            = true
    cacert              = "x"
  }
  provisioner "local-exec" {
    command     = "x"
    interpreter = ["x"]
    working_dir = "x"
    environment = {}
    quiet       = true
    when        = create
    on_failure  = fail
  }
  provisioner "remote-exec" {
    scripts = ["x"]
  }
  provisioner "file" {
    source      = "x"
    destination = "y"
  }
}
