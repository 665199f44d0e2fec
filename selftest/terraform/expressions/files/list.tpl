%{ for item in items ~}
server ${item}:${port}
%{ endfor ~}
end
