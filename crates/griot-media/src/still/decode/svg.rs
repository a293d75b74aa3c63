//! Drawings to pixels. Pictures inside a drawing go through this crate's own decoders, under the same limits.

use griot_domain::asset::{Format, MediaKind};
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageEncoder, RgbaImage};
use resvg::tiny_skia::{Pixmap, Transform};

use crate::picture::{self, Drawing};
use crate::sniff::sniff;
use crate::{Error, Excess, Limits, OverLimit};

/// Pixels of one picture inside a drawing.
const INNER_PIXELS: u64 = 16_000_000;

/// Draws.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<DynamicImage, Error> {
    let inner = Limits { max_pixels: INNER_PIXELS.min(limits.max_pixels), ..*limits };
    let drawing = Drawing::read(bytes, limits, |data| embedded(data, &inner))?;
    let (width, height) = (drawing.width, drawing.height);
    // Layers of a drawing are as large as the drawing, and a few are open at once.
    limits.alloc(u64::from(width) * u64::from(height) * 4 * 4)?;
    let mut pixels = Pixmap::new(width, height).ok_or(Error::OverLimit(OverLimit::Drawing(Excess::Large)))?;
    let size = drawing.tree.size();
    let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&drawing.tree, scale, &mut pixels.as_mut());
    let plain: Vec<u8> = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let pixel = pixel.demultiply();
            [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
        })
        .collect();
    RgbaImage::from_raw(width, height, plain)
        .map(DynamicImage::ImageRgba8)
        .ok_or_else(|| Error::Bug("a drawing has another size than its canvas".into()))
}

/// A picture inside a drawing, as PNG; nothing when it is none or cannot be read, and for drawings within drawings.
fn embedded(data: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let format = sniff(data.get(..crate::sniff::HEAD).unwrap_or(data))?;
    if format == Format::Svg || format.kind() != MediaKind::Image {
        return None;
    }
    let header = picture::header(data, format, limits).ok()?;
    let mut master = super::decode(data, format, &header, 1.0, limits).ok()?;
    master.pixels.apply_orientation(master.orientation);
    let pixels = master.pixels.into_rgba8();
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(pixels.as_raw(), pixels.width(), pixels.height(), image::ExtendedColorType::Rgba8)
        .ok()?;
    Some(png)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(text: &str) -> Result<RgbaImage, Error> {
        assert_eq!(sniff(text.as_bytes()), Some(Format::Svg));
        decode(text.as_bytes(), &Limits::default()).map(DynamicImage::into_rgba8)
    }

    fn svg(body: &str) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='20' height='10'>{body}</svg>"
        )
    }

    #[test]
    fn a_small_drawing_is_drawn_large_with_its_own_shape_and_clear_ground() {
        let drawn = draw(&svg("<rect width='10' height='10' fill='#f00'/>")).expect("drawn");
        assert_eq!(drawn.dimensions(), (2048, 1024));
        assert_eq!(drawn.get_pixel(100, 100).0, [255, 0, 0, 255]);
        assert_eq!(drawn.get_pixel(2000, 100)[3], 0);
    }

    #[test]
    fn pictures_inside_are_drawn_and_those_outside_are_never_looked_at() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let file = folder.path().join("secret.png");
        image::RgbImage::from_pixel(4, 4, image::Rgb([0, 255, 0])).save(&file).expect("a PNG");
        let outside = [file.display().to_string(), format!("file://{}", file.display()), "secret.png".into()];
        for href in outside {
            let drawn =
                draw(&svg(&format!("<image width='20' height='10' xlink:href='{href}'/>"))).expect("drawn");
            assert!(drawn.pixels().all(|pixel| pixel[3] == 0), "{href}");
        }
        let pixel =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
        let inside = format!("<image width='20' height='10' xlink:href='data:image/png;base64,{pixel}'/>");
        let drawn = draw(&svg(&inside)).expect("drawn");
        assert_eq!(drawn.get_pixel(1000, 500).0, [255, 0, 0, 255]);
    }

    #[test]
    fn a_size_in_percent_is_none_and_the_shape_is_the_drawings_own_as_in_browsers() {
        let size = |attributes: &str| {
            let text = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' {attributes}><rect width='9' height='9'/></svg>"
            );
            let (w, h) = draw(&text).expect("drawn").dimensions();
            (f64::from(w) / f64::from(h) * 1000.0).round() / 1000.0
        };
        let tall = 123.0 / 456.0;
        let near = |a: f64, b: f64| assert!((a - b).abs() < 0.01, "{a}, not {b}");
        near(size("width='200%' height='456' viewBox='0 0 123 456'"), tall);
        near(size("width='123' height='50%' viewBox='0 0 123 456'"), tall);
        near(size("width='100%' height='50%' viewBox='0 0 123 456'"), tall);
        near(size("width='100%' height='100%' viewBox='0 0 123 456'"), tall);
        near(size("width='100%' viewBox='0 0 123 456'"), tall);
        near(size("width='50%' height='30%'"), 2.0);
        near(size("width='100%' height='75'"), 4.0);
        near(size("width='80' height='40'"), 2.0);
    }

    #[test]
    fn drawings_that_grow_when_they_are_read_are_refused_at_once() {
        let laughs = "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>";
        let quadratic = format!(
            "<!DOCTYPE svg [<!ENTITY a '{}'>]>{}",
            "x".repeat(100_000),
            svg(&format!("<desc>{}</desc>", "&a;".repeat(10_000)))
        );
        let uses: String = (1..12)
            .map(|n| format!("<g id='g{n}'>{}</g>", format!("<use xlink:href='#g{}'/>", n - 1).repeat(10)))
            .collect();
        let uses = svg(&format!("<g id='g0'><rect width='1' height='1'/></g>{uses}"));
        let deep = svg(&format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000)));
        let filters = svg(&format!(
            "<filter id='f'>{}</filter><rect width='9' height='9' filter='url(#f)'/>",
            "<feGaussianBlur stdDeviation='9'/>".repeat(500)
        ));
        for text in [laughs.to_owned(), quadratic, uses, deep, filters] {
            let start = std::time::Instant::now();
            let refused = draw(&text).map(|_| ());
            assert!(matches!(refused, Err(Error::OverLimit(_))), "{refused:?}: {}", &text[..80]);
            assert!(start.elapsed().as_secs() < 5);
        }
    }

    #[test]
    fn an_outside_entity_is_no_way_to_a_file() {
        let text = "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>&x;</text></svg>";
        assert!(matches!(draw(text), Err(Error::Damaged(_))));
    }
}
