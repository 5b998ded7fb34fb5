//! SSH signatures: a table of made ones held against git and ssh-keygen, the list of allowed
//! signers held against ssh-keygen, and what is hostile.

mod certificates;
mod forms;
mod hostile;
mod lists;
mod oracle;
mod settings;
mod table;
