a = "5"
l = "low"
from_auto = "weak"
from_json = "weak"
undeclared = 1
