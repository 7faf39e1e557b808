"""The rules of the loyalty house in plain Python: no ORM, no database, doctested."""
