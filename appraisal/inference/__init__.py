"""Which incident falls under which clause, decided by durable_rules behind one guarded module."""
