//! How a picture is laid on its rectangle: the eight turns and mirrorings that cameras, containers and people ask for,
//! added up to one. It moves no pixel itself: it names the filter and the places.

use griot_domain::asset::Focus;

/// Mirrored left to right or not, and then turned clockwise by quarters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Turn {
    flip: bool,
    /// 0..=3.
    quarters: u8,
}

/// A part of a picture, each number a share of 0..=1 of its side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Part {
    /// All of it.
    pub(crate) const WHOLE: Self = Self { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
}

impl Turn {
    /// Left as it is stored.
    pub(crate) const NONE: Self = Self { flip: false, quarters: 0 };

    /// Quarter turns clockwise, then mirrored left to right: what a person asks for.
    pub(crate) fn asked(quarters: u8, flip: bool) -> Self {
        Self { flip: false, quarters: quarters % 4 }.then(Self { flip, quarters: 0 })
    }

    /// Quarter turns clockwise.
    pub(crate) fn quarters(quarters: u8) -> Self {
        Self { flip: false, quarters: quarters % 4 }
    }

    /// The turn of a transformation that sends (x, y), with y downwards, to (a x + c y, b x + d y). Slanted ones, which
    /// no camera writes, become the nearest upright one.
    pub(crate) fn of_matrix([a, b, c, d]: [i32; 4]) -> Self {
        let size = |n: i32| i64::from(n).abs();
        if size(a) + size(d) == 0 && size(b) + size(c) == 0 {
            return Self::NONE;
        }
        let (flip, quarters) = if size(a) + size(d) >= size(b) + size(c) {
            match (a < 0, d < 0) {
                (false, false) => (false, 0),
                (true, true) => (false, 2),
                (true, false) => (true, 0),
                (false, true) => (true, 2),
            }
        } else {
            match (b < 0, c < 0) {
                (false, true) => (false, 1),
                (true, false) => (false, 3),
                (false, false) => (true, 3),
                (true, true) => (true, 1),
            }
        };
        Self { flip, quarters }
    }

    /// This one, and then another.
    pub(crate) fn then(self, next: Self) -> Self {
        // A mirror before a turn is the same turn backwards before the mirror.
        let own = if next.flip { 4 - self.quarters } else { self.quarters };
        Self { flip: self.flip != next.flip, quarters: (next.quarters + own) % 4 }
    }

    /// Whether width and height change places.
    pub(crate) fn swaps(self) -> bool {
        self.quarters % 2 == 1
    }

    /// The size after the turn, and, as turning twice over the corner changes nothing, the size before it.
    pub(crate) fn size(self, (w, h): (u32, u32)) -> (u32, u32) {
        if self.swaps() { (h, w) } else { (w, h) }
    }

    /// ffmpeg's filter for it.
    pub(crate) fn filter(self) -> Option<&'static str> {
        match (self.flip, self.quarters) {
            (false, 0) => None,
            (false, 1) => Some("transpose=clock"),
            (false, 2) => Some("hflip,vflip"),
            (false, _) => Some("transpose=cclock"),
            (true, 0) => Some("hflip"),
            (true, 1) => Some("transpose=clock_flip"),
            (true, 2) => Some("vflip"),
            (true, _) => Some("transpose=cclock_flip"),
        }
    }

    /// Where a point lies after the turn.
    pub(crate) fn point(self, focus: Focus) -> Focus {
        let mut at = if self.flip { Focus { x: 1.0 - focus.x, y: focus.y } } else { focus };
        for _ in 0..self.quarters {
            at = Focus { x: 1.0 - at.y, y: at.x };
        }
        at
    }

    /// The part of the stored picture that becomes a part of the turned one.
    pub(crate) fn stored(self, part: Part) -> Part {
        let mut at = part;
        for _ in 0..self.quarters {
            at = Part { left: at.top, top: 1.0 - at.left - at.width, width: at.height, height: at.width };
        }
        if self.flip { Part { left: 1.0 - at.left - at.width, ..at } } else { at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eight_turns_add_up() {
        let all: Vec<Turn> = (0..8).map(|n| Turn { flip: n > 3, quarters: n % 4 }).collect();
        for a in &all {
            for b in &all {
                // A point that no turn leaves in its place tells them all apart.
                let p = Focus { x: 0.1, y: 0.3 };
                let (one, two) = (a.then(*b).point(p), b.point(a.point(p)));
                assert!((one.x - two.x).abs() < 1e-9 && (one.y - two.y).abs() < 1e-9, "{a:?} {b:?}");
            }
            let part = Part { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
            let stored = a.stored(part);
            let corner = a.point(Focus { x: stored.left, y: stored.top });
            let inside =
                |v: f64, from: f64, len: f64| (v - from).abs() < 1e-9 || (v - from - len).abs() < 1e-9;
            assert!(inside(corner.x, 0.1, 0.3) && inside(corner.y, 0.2, 0.4), "{a:?}");
        }
        assert_eq!(Turn::asked(1, true), Turn { flip: true, quarters: 3 });
        assert_eq!(Turn::of_matrix([0, 1, -1, 0]), Turn { flip: false, quarters: 1 });
        assert_eq!(Turn::of_matrix([0, 0, 0, 0]), Turn::NONE);
    }
}
