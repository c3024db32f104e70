"""What PostgreSQL lets each door do, as data, and the one function that applies it (ADR 0014)."""
