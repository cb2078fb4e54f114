"""The fictional border province of `bid demo`: its children, its officers, and what they do through the API."""
