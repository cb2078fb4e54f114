"""The words of every refusal, and its HTTP status. No other place has either."""
