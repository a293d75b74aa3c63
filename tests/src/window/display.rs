//! What a person's hand does to the frame of a window, in the words of X11: no driver reaches beyond the page.

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window};
use x11rb::rust_connection::RustConnection;

/// The windows with this title that can be seen.
pub(super) fn windows(title: &str) -> Vec<Window> {
    let (display, screen) = x11rb::connect(None).expect("the display answers");
    let mut open = vec![display.setup().roots[screen].root];
    let mut found = Vec::new();
    while let Some(window) = open.pop() {
        // A window may go between the list and the question.
        if let Ok(Ok(tree)) = display.query_tree(window).map(|asked| asked.reply()) {
            open.extend(tree.children);
        }
        if is_called(&display, window, title) && is_seen(&display, window) {
            found.push(window);
        }
    }
    found
}

fn is_called(display: &RustConnection, window: Window, title: &str) -> bool {
    let asked = display.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64);
    asked.ok().and_then(|asked| asked.reply().ok()).is_some_and(|name| name.value == title.as_bytes())
}

fn is_seen(display: &RustConnection, window: Window) -> bool {
    let asked = display.get_window_attributes(window);
    asked.ok().and_then(|asked| asked.reply().ok()).is_some_and(|about| about.map_state == MapState::VIEWABLE)
}

/// Sends what the closing button of a frame sends.
pub(super) fn ask_to_close(title: &str) {
    let (display, _) = x11rb::connect(None).expect("the display answers");
    let atom = |name: &[u8]| {
        let asked = display.intern_atom(false, name).expect("the display takes questions");
        asked.reply().expect("the display answers").atom
    };
    let (protocols, delete) = (atom(b"WM_PROTOCOLS"), atom(b"WM_DELETE_WINDOW"));
    for window in windows(title) {
        let message = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        let sent = display.send_event(false, window, EventMask::NO_EVENT, message);
        sent.expect("the display takes messages").check().expect("the window takes the message");
    }
}
