"""Pages of the registration desk, the nursing desk and the chart."""
