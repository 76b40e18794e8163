"""The API reference: the OpenAPI document, made complete, and pages of it for people."""
