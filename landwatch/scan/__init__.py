"""Facts of every contract on a day, rules by columns, outcomes and findings."""
