"""Documents that leave the office, each made from the same result as the pages."""
