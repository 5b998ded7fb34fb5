//! Bare connections, through the user's own proxy. Sends nothing of the user's.

/// Makes connections: the live one uses sockets, a recorded machine has none.
pub trait Connector: Send + Sync {}
