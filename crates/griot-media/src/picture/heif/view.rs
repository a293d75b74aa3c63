//! How a coded picture is cut and turned, from its properties in their order. Whatever the order in the file, the
//! answer is one cut of the coded picture and one turn after it.

use image::metadata::Orientation;

use super::{Part, be32, slice};

/// One cut of the coded picture, in its pixels, and the turn that makes the rest upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) orientation: Orientation,
}

/// Where the axes of the upright picture lie in the coded one: the signed columns of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    /// Step in the coded picture for one step to the right in the seen one.
    right: (i8, i8),
    /// The same for one step down.
    down: (i8, i8),
}

const UPRIGHT: Turn = Turn { right: (1, 0), down: (0, 1) };

fn back((x, y): (i8, i8)) -> (i8, i8) {
    (-x, -y)
}

impl Turn {
    /// A quarter anticlockwise more: what was at the right edge is now at the top.
    fn anticlockwise(self) -> Self {
        Self { right: self.down, down: back(self.right) }
    }

    fn orientation(self) -> Orientation {
        match (self.right, self.down) {
            ((-1, 0), (0, 1)) => Orientation::FlipHorizontal,
            ((-1, 0), (0, -1)) => Orientation::Rotate180,
            ((1, 0), (0, -1)) => Orientation::FlipVertical,
            ((0, 1), (1, 0)) => Orientation::Rotate90FlipH,
            ((0, -1), (1, 0)) => Orientation::Rotate90,
            ((0, -1), (-1, 0)) => Orientation::Rotate270FlipH,
            ((0, 1), (-1, 0)) => Orientation::Rotate270,
            _ => Orientation::NoTransforms,
        }
    }
}

impl View {
    /// Reads the properties of a picture of the size `(width, height)`; nothing when a cut leaves nothing.
    pub(super) fn read<'a>(
        (width, height): (u32, u32),
        properties: impl Iterator<Item = Part<'a>>,
    ) -> Option<Self> {
        let mut view = Self { x: 0, y: 0, width, height, orientation: Orientation::NoTransforms };
        let mut turn = UPRIGHT;
        for part in properties {
            match &part.name {
                b"irot" => {
                    for _ in 0..part.body.first()? & 3 {
                        turn = turn.anticlockwise();
                    }
                }
                b"imir" if part.body.first()? & 1 == 1 => turn.right = back(turn.right),
                b"imir" => turn.down = back(turn.down),
                b"clap" => view.cut(part.body, turn)?,
                _ => {}
            }
        }
        view.orientation = turn.orientation();
        Some(view)
    }

    /// Cuts around the middle, as `clap` says it of the picture turned so far.
    fn cut(&mut self, body: &[u8], turn: Turn) -> Option<()> {
        let part = |n: usize| {
            let (over, under) = (be32(body, n * 8)?, be32(body, n * 8 + 4)?);
            (under != 0).then_some((over, under))
        };
        let share = |n| part(n).map(|(over, under)| f64::from(over) / f64::from(under));
        let offset = |n: usize| {
            let (_, under) = part(n)?;
            let over = i32::from_be_bytes(*slice(body, n * 8, 4)?.first_chunk()?);
            Some(f64::from(over) / f64::from(under))
        };
        let (seen_w, seen_h, off_x, off_y) = (share(0)?, share(1)?, offset(2)?, offset(3)?);
        // To the coded picture's axes: a side that lies along x there, and the middle's way.
        let quarter = turn.right.0 == 0;
        let (w, h) = if quarter { (seen_h, seen_w) } else { (seen_w, seen_h) };
        let way = |right: i8, down: i8| f64::from(right) * off_x + f64::from(down) * off_y;
        let (dx, dy) = (way(turn.right.0, turn.down.0), way(turn.right.1, turn.down.1));
        let axis = |from: u32, full: u32, side: f64, middle: f64| {
            let side = side.round().min(f64::from(full));
            let start = ((f64::from(full) - side) / 2.0 + middle).round().max(0.0);
            let start = start.min(f64::from(full) - side.max(0.0));
            (side >= 1.0).then_some((from + start as u32, side as u32))
        };
        (self.x, self.width) = axis(self.x, self.width, w, dx)?;
        (self.y, self.height) = axis(self.y, self.height, h, dy)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, GenericImageView, RgbImage};

    use super::*;

    fn property(name: &[u8; 4], body: &'static [u8]) -> Part<'static> {
        Part { name: *name, body }
    }

    /// What the properties say, done step by step on a picture.
    fn step_by_step(steps: &[Part<'_>]) -> DynamicImage {
        let mut image = DynamicImage::ImageRgb8(RgbImage::from_fn(6, 4, |x, y| {
            image::Rgb([u8::try_from(x).unwrap(), u8::try_from(y).unwrap(), 0])
        }));
        for step in steps {
            image = match (&step.name, step.body[0]) {
                (b"irot", 1) => image.rotate270(),
                (b"irot", 2) => image.rotate180(),
                (b"irot", 3) => image.rotate90(),
                (b"imir", 0) => image.flipv(),
                (b"imir", _) => image.fliph(),
                _ => {
                    let (w, h) = image.dimensions();
                    image.crop_imm(w - 2, h - 2, 2, 2)
                }
            };
        }
        image
    }

    /// A cut of 2 x 2 at the lower right of a picture of 6 x 4, and the same for one of 4 x 6.
    const LANDSCAPE: &[u8] =
        &[0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
    const PORTRAIT: &[u8] =
        &[0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1];

    #[test]
    fn any_order_of_turns_mirrors_and_cuts_is_one_cut_and_one_turn() {
        let (quarter, half, three) =
            (property(b"irot", &[1]), property(b"irot", &[2]), property(b"irot", &[3]));
        let (down, across) = (property(b"imir", &[0]), property(b"imir", &[1]));
        let (wide, tall) = (property(b"clap", LANDSCAPE), property(b"clap", PORTRAIT));
        let orders: [&[Part<'_>]; 10] = [
            &[quarter],
            &[half, across],
            &[three, down],
            &[down, quarter],
            &[across, three],
            &[wide, quarter, down],
            &[quarter, tall],
            &[three, across, tall],
            &[across, half, wide],
            &[down, three, tall, quarter],
        ];
        for order in orders {
            let view = View::read((6, 4), order.iter().copied()).expect("a cut leaves something");
            let whole = step_by_step(&[]);
            let mut seen = whole.crop_imm(view.x, view.y, view.width, view.height);
            seen.apply_orientation(view.orientation);
            assert_eq!(seen, step_by_step(order), "{order:?}");
        }
    }
}
