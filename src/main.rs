//! The program `thidua`: reads the command line and calls the server.

fn main() {}
