//! Pure drafts of pull requests.
