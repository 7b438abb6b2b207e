# Packages for distributions.
