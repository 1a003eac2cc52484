"""Serve a library to programs: one service behind the HTTP endpoints and the MCP tools."""
