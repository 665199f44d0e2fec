start
  %{~ for item in items ~}
  - ${item}

  %{~ endfor ~}

  end
%{ if true ~}
   x
%{ else ~}
   y
%{ endif ~}
