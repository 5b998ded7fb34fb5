//! What a project is, each fact with its origin.
