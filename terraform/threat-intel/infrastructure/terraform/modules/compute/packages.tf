locals {
  sources = "${path.module}/../../../../lambda_functions"

  # The hashes are of sources, not of packages: a plan knows them before there is a package, and they are the same on
  # every machine.
  package_hash = base64sha256(join("", [
    for file in sort(fileset(local.sources, "*.py")) : "${file} ${filesha256("${local.sources}/${file}")}\n"
  ]))
  layer_hash = base64sha256(join("", concat(
    [filesha256("${local.sources}/requirements.txt")],
    [
      for file in sort(fileset(local.sources, "layer/python/**/*.py")) :
      "${file} ${filesha256("${local.sources}/${file}")}\n"
    ],
  )))
}

# One package for the four functions. Byte code and Git data stay out wherever they lie.
resource "terraform_data" "package" {
  triggers_replace = local.package_hash

  provisioner "local-exec" {
    working_dir = local.sources
    command     = "rm -f lambda_deployment.zip && zip -qrX lambda_deployment.zip . -i '*.py' -x 'layer/*' 'build/*' '*__pycache__/*' '*.pyc' '*.git/*'"
  }
}

# Lambda unpacks a layer into /opt and looks for packages in /opt/python: python/ is the top folder of the archive.
# Wheels for the functions' own runtime and processor, whatever machine this is.
resource "terraform_data" "layer" {
  triggers_replace = local.layer_hash

  provisioner "local-exec" {
    working_dir = local.sources
    command     = <<-EOT
      set -e
      rm -rf build layer.zip
      mkdir -p build
      cp -R layer/python build/python
      pip install --quiet --no-compile --only-binary=:all: --implementation cp --python-version 3.13 --platform manylinux2014_aarch64 --platform manylinux_2_28_aarch64 --target build/python --requirement requirements.txt
      cd build
      zip -qrX ../layer.zip python -x '*__pycache__/*' '*.pyc' '*.git/*'
    EOT
  }
}

resource "aws_lambda_layer_version" "dependencies" {
  layer_name               = "threat-intel-dependencies-${var.environment}"
  description              = "What the functions import: see lambda_functions/requirements.txt and layer/."
  filename                 = "${local.sources}/layer.zip"
  source_code_hash         = local.layer_hash
  compatible_runtimes      = ["python3.13"]
  compatible_architectures = ["arm64"]

  depends_on = [terraform_data.layer]
}
