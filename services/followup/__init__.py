"""followup: visits the customer after the answer, reopens or closes."""
