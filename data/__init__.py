"""The record and its edges: schema, store, queries, importers, exporters, demo, command line."""
