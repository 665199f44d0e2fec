#!/bin/bash
%{ if length(cluster) > 0 ~}
/etc/eks/bootstrap.sh ${cluster} %{ for k, v in labels }--label ${k}=${v} %{ endfor }${extra}
%{ else ~}
none
%{ endif ~}
