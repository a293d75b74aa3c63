//! What a person sees of a stored picture: upright, turned, mirrored, straightened and cut, as geometry alone. No pixel
//! is moved here; `frame` asks where in the stored picture a part of the view lies.

use griot_domain::asset::Focus;
use griot_domain::edit::{Crop, WHOLE, upright_part};
use griot_domain::recipe::{Fit, ImageRecipe};
use image::metadata::Orientation;

use crate::picture::quarter;

/// A part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

/// The view that a recipe has of a stored picture, in the stored picture's pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    stored: (f64, f64),
    /// From the stored picture to the turned and mirrored one.
    pub(super) turned: Orientation,
    /// Clockwise, in radians; zero for nearly every picture.
    angle: f64,
    /// The largest upright part of the straightened picture.
    kept: (f64, f64),
    /// What the crop leaves of that.
    part: Rect,
    focus: Focus,
}

impl View {
    /// The view of a picture of the stored `size`, turned upright by `upright`.
    pub(super) fn new(size: (u32, u32), upright: Orientation, recipe: &ImageRecipe) -> Self {
        let stored = (f64::from(size.0), f64::from(size.1));
        let retouch = &recipe.retouch;
        let turned = compose(upright, retouch.turn, retouch.flip);
        let (tw, th) = if quarter(turned) { (stored.1, stored.0) } else { stored };
        let share = upright_part((tw, th), retouch.straighten);
        let kept = (tw * share, th * share);
        let whole = Crop { left: 0, top: 0, width: WHOLE, height: WHOLE };
        let crop = recipe.crop.unwrap_or(whole);
        let of = |share: u16, side: f64| f64::from(share) / f64::from(WHOLE) * side;
        let part = Rect {
            x: of(crop.left, kept.0),
            y: of(crop.top, kept.1),
            w: of(crop.width, kept.0),
            h: of(crop.height, kept.1),
        };
        let angle = (f64::from(retouch.straighten) / 100.0).to_radians();
        let mut view = Self { stored, turned, angle, kept, part, focus: recipe.focus };
        view.focus = view.seen(recipe, (tw, th));
        view
    }

    /// The size of the view in whole pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        let side = |side: f64| (side.round() as u32).max(1);
        (side(self.part.w), side(self.part.h))
    }

    /// The point that `cover` keeps, in shares of the view.
    pub(super) fn focus(&self) -> Focus {
        self.focus
    }

    /// Whether the view lies along the stored picture's rows, so that cutting and resizing suffice.
    pub(super) fn is_level(&self) -> bool {
        self.angle == 0.0
    }

    /// The recipe's focal point, which lies in the upright original, as a share of the view. What the crop left out
    /// becomes the nearest edge.
    fn seen(&self, recipe: &ImageRecipe, (tw, th): (f64, f64)) -> Focus {
        let (mut x, mut y) = (recipe.focus.x, recipe.focus.y);
        for _ in 0..recipe.retouch.turn % 4 {
            (x, y) = (1.0 - y, x);
        }
        if recipe.retouch.flip {
            x = 1.0 - x;
        }
        let (sin, cos) = self.angle.sin_cos();
        let (dx, dy) = ((x - 0.5) * tw, (y - 0.5) * th);
        let (dx, dy) = (dx * cos - dy * sin, dx * sin + dy * cos);
        let share = |at: f64, from: f64, length: f64| ((at - from) / length).clamp(0.0, 1.0);
        Focus {
            x: share(dx + self.kept.0 / 2.0, self.part.x, self.part.w),
            y: share(dy + self.kept.1 / 2.0, self.part.y, self.part.h),
        }
    }

    /// A rectangle in whole pixels of the view, as it lies in the straightened picture.
    fn placed(&self, rect: Rect) -> Rect {
        let (w, h) = self.size();
        let (sx, sy) = (self.part.w / f64::from(w), self.part.h / f64::from(h));
        Rect { x: self.part.x + rect.x * sx, y: self.part.y + rect.y * sy, w: rect.w * sx, h: rect.h * sy }
    }

    /// Where a part of a level view lies in the stored picture.
    pub(super) fn stored(&self, rect: Rect) -> Rect {
        stored(self.placed(rect), self.turned, self.stored)
    }

    /// How a pixel of an output of size `out`, which shows `rect` of the view, is found in the stored picture:
    /// `x = m[0] * column + m[1] * row + m[2]`, `y = m[3] * column + m[4] * row + m[5]`.
    pub(super) fn map(&self, rect: Rect, out: (u32, u32)) -> [f64; 6] {
        let at = |column: f64, row: f64| {
            let rect = self.placed(rect);
            let x = rect.x + column * rect.w / f64::from(out.0) - self.kept.0 / 2.0;
            let y = rect.y + row * rect.h / f64::from(out.1) - self.kept.1 / 2.0;
            let (sin, cos) = self.angle.sin_cos();
            let (sw, sh) = self.stored;
            let (tw, th) = if quarter(self.turned) { (sh, sw) } else { (sw, sh) };
            let point =
                Rect { x: x * cos + y * sin + tw / 2.0, y: y * cos - x * sin + th / 2.0, w: 0.0, h: 0.0 };
            let point = stored(point, self.turned, self.stored);
            (point.x, point.y)
        };
        let (origin, column, row) = (at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0));
        [column.0 - origin.0, row.0 - origin.0, origin.0, column.1 - origin.1, row.1 - origin.1, origin.1]
    }
}

/// The most pixels of an output that one pixel of the stored picture becomes, over all recipes: what a decoder must at
/// least deliver. More than 1 where something is enlarged.
pub(super) fn need(size: (u32, u32), upright: Orientation, recipes: &[ImageRecipe]) -> f64 {
    let of = |recipe: &ImageRecipe| {
        let (w, h) = View::new(size, upright, recipe).size();
        let across = f64::from(recipe.width) / f64::from(w);
        let down = f64::from(recipe.height) / f64::from(h);
        match recipe.fit {
            Fit::Cover => across.max(down),
            Fit::Inside => across.min(down).min(1.0),
            Fit::Blur => across.min(down),
        }
    };
    recipes.iter().map(of).fold(0.0, f64::max)
}

/// An orientation, then quarter turns clockwise, then a mirror.
fn compose(upright: Orientation, turn: u8, flip: bool) -> Orientation {
    let (turns, mirrored) = match upright {
        Orientation::NoTransforms => (0, false),
        Orientation::Rotate90 => (1, false),
        Orientation::Rotate180 => (2, false),
        Orientation::Rotate270 => (3, false),
        Orientation::FlipHorizontal => (0, true),
        Orientation::Rotate90FlipH => (1, true),
        Orientation::FlipVertical => (2, true),
        Orientation::Rotate270FlipH => (3, true),
    };
    // A turn after a mirror is the opposite turn before it.
    let turn = turn % 4;
    let turns = (turns + if mirrored { 4 - turn } else { turn }) % 4;
    match (turns, mirrored != flip) {
        (0, false) => Orientation::NoTransforms,
        (1, false) => Orientation::Rotate90,
        (2, false) => Orientation::Rotate180,
        (_, false) => Orientation::Rotate270,
        (0, true) => Orientation::FlipHorizontal,
        (1, true) => Orientation::Rotate90FlipH,
        (2, true) => Orientation::FlipVertical,
        (_, true) => Orientation::Rotate270FlipH,
    }
}

/// A part of the turned picture, as it lies in the stored one of the size `(sw, sh)`.
pub(super) fn stored(rect: Rect, orientation: Orientation, (sw, sh): (f64, f64)) -> Rect {
    let Rect { x, y, w, h } = rect;
    match orientation {
        Orientation::NoTransforms => rect,
        Orientation::FlipHorizontal => Rect { x: sw - x - w, y, w, h },
        Orientation::FlipVertical => Rect { x, y: sh - y - h, w, h },
        Orientation::Rotate180 => Rect { x: sw - x - w, y: sh - y - h, w, h },
        Orientation::Rotate90 => Rect { x: y, y: sh - x - w, w: h, h: w },
        Orientation::Rotate270 => Rect { x: sw - y - h, y: x, w: h, h: w },
        Orientation::Rotate90FlipH => Rect { x: y, y: x, w: h, h: w },
        Orientation::Rotate270FlipH => Rect { x: sw - y - h, y: sh - x - w, w: h, h: w },
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgb, RgbImage};

    use super::*;

    #[test]
    fn a_turn_and_a_mirror_after_any_orientation_are_one_orientation() {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(5, 3, |x, y| Rgb([x as u8, y as u8, 0])));
        for upright in (1..=8).filter_map(Orientation::from_exif) {
            for turn in 0..4 {
                for flip in [false, true] {
                    let mut steps = picture.clone();
                    steps.apply_orientation(upright);
                    (0..turn).for_each(|_| steps = steps.rotate90());
                    if flip {
                        steps = steps.fliph();
                    }
                    let mut once = picture.clone();
                    once.apply_orientation(compose(upright, turn, flip));
                    assert_eq!(once, steps, "{upright:?} {turn} {flip}");
                }
            }
        }
    }
}
