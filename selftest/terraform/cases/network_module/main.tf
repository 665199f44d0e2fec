variable "azs" {
  type    = list(string)
  default = ["a", "b", "c"]
}
variable "cidr" {
  default = "10.0.0.0/16"
}
variable "single_nat" {
  default = false
}
locals {
  az_names       = [for a in var.azs : "eu-west-1${a}"]
  public         = [for i, a in local.az_names : cidrsubnet(var.cidr, 8, i)]
  private        = slice(cidrsubnets(var.cidr, 4, 4, 4, 4), 1, 4)
  nat_count      = var.single_nat ? 1 : length(local.az_names)
  nacl = flatten([for proto in ["tcp", "udp"] : [for p in [80, 443] : { protocol = proto, port = p }]])
}
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = merge({ "Name" = "main" }, {})
}
resource "aws_subnet" "public" {
  count             = length(local.public)
  vpc_id            = aws_vpc.this.id
  cidr_block        = element(concat(local.public, [""]), count.index)
  availability_zone = length(regexall("^[a-z]{2}-", element(local.az_names, count.index))) > 0 ? element(local.az_names, count.index) : null
  tags = merge(
    { Name = try(["one", "two"][count.index], format("%s-public-%s", "main", element(local.az_names, count.index))) },
    { tier = "public" },
  )
}
resource "aws_subnet" "private" {
  for_each   = { for i, c in local.private : local.az_names[i] => c }
  vpc_id     = aws_vpc.this.id
  cidr_block = each.value
  availability_zone = each.key
}
resource "aws_eip" "nat" {
  count  = local.nat_count
  domain = "vpc"
}
resource "aws_nat_gateway" "this" {
  count         = local.nat_count
  allocation_id = element(aws_eip.nat[*].id, var.single_nat ? 0 : count.index)
  subnet_id     = element(aws_subnet.public[*].id, count.index)
  depends_on    = [aws_vpc.this]
}
resource "aws_security_group" "this" {
  name   = "web"
  vpc_id = aws_vpc.this.id
  dynamic "ingress" {
    for_each = { for r in local.nacl : "${r.protocol}-${r.port}" => r }
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = ingress.value.protocol
      cidr_blocks = [var.cidr, "192.168.0.0/24"]
    }
  }
  egress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "literal" {
  name = "literal"
  ingress = [{
    from_port        = 22
    to_port          = 22
    protocol         = "tcp"
    cidr_blocks      = ["10.0.0.0/8"]
    description      = "ssh"
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.this.id
  }
}
resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}
resource "aws_route_table_association" "public" {
  count          = length(aws_subnet.public)
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}
resource "aws_network_acl_rule" "this" {
  for_each       = { for i, pair in setproduct(["ingress", "egress"], [80, 443]) : "${pair[0]}-${pair[1]}" => { number = 100 + i * 10, egress = pair[0] == "egress", port = pair[1] } }
  network_acl_id = "acl-1"
  rule_number    = each.value.number
  egress         = each.value.egress
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = var.cidr
  from_port      = each.value.port
  to_port        = each.value.port
}
output "subnets" {
  value = zipmap(local.az_names, aws_subnet.public[*].cidr_block)
}
output "subnet_ids" {
  value = aws_subnet.public[*].id
}
