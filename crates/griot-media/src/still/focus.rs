//! A suggested focal point: where the eye probably goes. Found on a copy of some sixty pixels, by what differs from its
//! surroundings in light and colour, what has edges, and what has the colour of skin. No learning, no model: the same
//! picture gives the same point on every machine.

use griot_domain::asset::Focus;
use image::{RgbImage, imageops};

/// Long side of the copy that is looked at, in pixels.
pub(super) const SIDE: u32 = 64;
/// A picture whose liveliest place differs less than this from its mean (of 255) has no such place.
const FLAT: f32 = 10.0;

/// One number for each pixel.
struct Plane {
    w: usize,
    h: usize,
    data: Vec<f32>,
}

impl Plane {
    fn of(image: &RgbImage, value: impl Fn(f32, f32, f32) -> f32) -> Self {
        let data = image.pixels().map(|p| value(f32::from(p[0]), f32::from(p[1]), f32::from(p[2]))).collect();
        Self { w: image.width() as usize, h: image.height() as usize, data }
    }

    /// The value at a place; beyond the edges the outermost go on.
    fn at(&self, x: i64, y: i64) -> f32 {
        let (x, y) = (x.clamp(0, self.w as i64 - 1), y.clamp(0, self.h as i64 - 1));
        self.data[y as usize * self.w + x as usize]
    }

    fn map(&self, value: impl Fn(i64, i64) -> f32) -> Self {
        let data = (0..self.h as i64).flat_map(|y| (0..self.w as i64).map(move |x| (x, y)));
        Self { w: self.w, h: self.h, data: data.map(|(x, y)| value(x, y)).collect() }
    }

    /// The mean over a square of `2 * radius + 1` pixels, along one side and then the other.
    fn blurred(&self, radius: i64) -> Self {
        let count = (2 * radius + 1) as f32;
        let across = self.map(|x, y| (x - radius..=x + radius).map(|x| self.at(x, y)).sum::<f32>() / count);
        self.map(|x, y| (y - radius..=y + radius).map(|y| across.at(x, y)).sum::<f32>() / count)
    }

    fn edge_mean(&self) -> f32 {
        let (right, bottom) = (self.w as i64 - 1, self.h as i64 - 1);
        let rows = (0..=right).flat_map(|x| [(x, 0), (x, bottom)]);
        let columns = (0..=bottom).flat_map(|y| [(0, y), (right, y)]);
        let (sum, count) =
            rows.chain(columns).fold((0.0, 0.0), |(sum, n), (x, y)| (sum + self.at(x, y), n + 1.0_f32));
        sum / count
    }
}

/// The suggested point of an upright small picture on white, or nothing when no place stands out.
pub(super) fn suggest(image: &RgbImage) -> Option<Focus> {
    let (w, h) = image.dimensions();
    let side = |side: u32| (side * SIDE).div_ceil(w.max(h)).clamp(1, SIDE);
    let small;
    let image = if w.max(h) > SIDE {
        small = imageops::thumbnail(image, side(w), side(h));
        &small
    } else {
        image
    };
    if image.width().min(image.height()) < 8 {
        return None;
    }
    let map = liveliness(image);
    let mean = map.data.iter().sum::<f32>() / map.data.len() as f32;
    let most = map.data.iter().copied().fold(0.0, f32::max);
    if most - mean < FLAT {
        return None;
    }
    let (x, y) = settled(&map, mean);
    Focus::new((x + 0.5) / map.w as f64, (y + 0.5) / map.h as f64)
}

/// How much each place draws the eye.
fn liveliness(image: &RgbImage) -> Plane {
    let light = Plane::of(image, |r, g, b| 0.299 * r + 0.587 * g + 0.114 * b);
    let red_green = Plane::of(image, |r, g, _| r - g);
    let blue_yellow = Plane::of(image, |r, g, b| b - (r + g) / 2.0);
    let skin = Plane::of(image, skin);
    let planes = [(&light, 1.0), (&red_green, 1.0), (&blue_yellow, 0.7)];
    let grounds: Vec<_> = planes
        .iter()
        .map(|(plane, weight)| (*plane, *weight, [plane.blurred(4), plane.blurred(12)], plane.edge_mean()))
        .collect();
    let edges = light.map(|x, y| {
        let across = light.at(x + 1, y) - light.at(x - 1, y);
        let down = light.at(x, y + 1) - light.at(x, y - 1);
        across.abs() + down.abs()
    });
    let edges = edges.blurred(2);
    let sum = light.map(|x, y| {
        let contrast: f32 = grounds
            .iter()
            .map(|(plane, weight, [near, far], edge)| {
                let value = plane.at(x, y);
                let around = (value - near.at(x, y)).abs() + (value - far.at(x, y)).abs();
                weight * (0.5 * around + 0.6 * (value - edge).abs())
            })
            .sum();
        let (dx, dy) = (x as f32 / light.w as f32 - 0.5, y as f32 / light.h as f32 - 0.5);
        // People put things near the middle more often than not.
        let middle = 0.6 + 0.4 * (-(dx * dx + dy * dy) / 0.18).exp();
        (contrast + 0.5 * edges.at(x, y) + 40.0 * skin.at(x, y)) * middle
    });
    sum.blurred(2)
}

/// Whether a colour may be skin, of any complexion: red over green over blue, by a share of its light.
fn skin(r: f32, g: f32, b: f32) -> f32 {
    let light = r.max(1.0);
    let (red, green) = ((r - g) / light, (g - b) / light);
    let near = |value: f32, best: f32, wide: f32| (1.0 - (value - best).abs() / wide).max(0.0);
    if r < 40.0 { 0.0 } else { near(red, 0.28, 0.2) * near(green, 0.17, 0.18) }
}

/// From the liveliest place to the middle of what is lively around it.
fn settled(map: &Plane, mean: f32) -> (f64, f64) {
    let best = map.data.iter().enumerate().fold(0, |best, (n, v)| if *v > map.data[best] { n } else { best });
    let (mut x, mut y) = ((best % map.w) as f64, (best / map.w) as f64);
    let wide = 0.3 * map.w.min(map.h) as f64;
    for _ in 0..12 {
        let (mut sum, mut sx, mut sy) = (0.0, 0.0, 0.0);
        for (n, value) in map.data.iter().enumerate() {
            let (px, py) = ((n % map.w) as f64, (n / map.w) as f64);
            let near = ((px - x).powi(2) + (py - y).powi(2)) / (wide * wide);
            if near <= 1.0 {
                let weight = f64::from((value - mean).max(0.0)).powi(2);
                (sum, sx, sy) = (sum + weight, sx + weight * px, sy + weight * py);
            }
        }
        if sum > 0.0 {
            (x, y) = (sx / sum, sy / sum);
        }
    }
    (x, y)
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn found(w: u32, h: u32, ground: impl Fn(u32, u32) -> [u8; 3], disc: (f64, f64, f64, [u8; 3])) -> Focus {
        let (cx, cy, radius, colour) = disc;
        let picture = RgbImage::from_fn(w, h, |x, y| {
            let (dx, dy) = (f64::from(x) - cx * f64::from(w), f64::from(y) - cy * f64::from(h));
            Rgb(if dx.hypot(dy) < radius * f64::from(w.min(h)) { colour } else { ground(x, y) })
        });
        suggest(&picture).expect("something stands out")
    }

    #[test]
    fn the_one_thing_in_a_picture_is_found_where_it_is() {
        let sky = |_: u32, y: u32| [120, 160, (200 + y / 8) as u8];
        let grass = |x: u32, y: u32| [60, (110 + (x * 7 + y * 13) % 40) as u8, 40];
        for (x, y) in [(0.2, 0.3), (0.8, 0.25), (0.75, 0.8), (0.25, 0.7), (0.5, 0.5)] {
            for (w, h) in [(240, 160), (160, 240)] {
                let near = |focus: Focus| (focus.x - x).hypot(focus.y - y) < 0.12;
                let red = found(w, h, sky, (x, y, 0.12, [200, 40, 30]));
                assert!(near(red), "red at {x} {y}: {red:?}");
                let face = found(w, h, grass, (x, y, 0.1, [150, 100, 75]));
                assert!(near(face), "face at {x} {y}: {face:?}");
            }
        }
    }

    #[test]
    fn a_picture_of_nothing_suggests_nothing() {
        assert_eq!(suggest(&RgbImage::from_pixel(200, 100, Rgb([90, 120, 150]))), None);
        assert_eq!(suggest(&RgbImage::from_pixel(3, 1, Rgb([0, 0, 0]))), None);
    }
}
