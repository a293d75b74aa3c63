//! Every action of a person, through `dispatch` and nothing else, with networks made of memory and a clock that the
//! test moves. What the real servers do is in the other tests.

mod accidents;
mod amending;
mod attend;
mod bad_input;
mod by_hand;
mod choosing;
mod clock;
mod confirmed;
mod connecting;
mod costs;
mod doubt;
mod edits;
mod endings;
mod evidence;
mod handing;
mod journal;
mod library;
mod line;
mod moved;
mod originals;
mod pages;
mod parts;
mod plans;
mod publish;
mod queue;
mod released;
mod status;
mod strangers;
mod taken_back;
mod typing;
mod verdicts;
mod waiting;
