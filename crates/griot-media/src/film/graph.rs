//! The picture's way through ffmpeg: thinned, cut, scaled, turned, brought to ordinary light, framed, subtitled. The
//! small picture is turned, not the large one. Every number is our own.

use griot_domain::recipe::Fit;

use super::plan::Plan;
use super::sight::{BT709, Shown, Weave};
use crate::reel::Light;
use crate::turn::Part;

/// Names of files in the scratch folder.
pub(super) const LIGHT: &str = "light.cube";
pub(super) const FONTS: &str = "fonts";

/// The long side, in pixels, of the copy that becomes the blurred ground.
const GROUND: f64 = 160.0;

/// All pictures of one run: decoded once, split, each brought on its way to `[v0]`, `[v1]`, ...; `words` are the names of
/// the subtitles of each, `end` what the encoder wants at the end.
pub(super) fn graph(plans: &[&Plan], words: &[Option<String>], end: &str) -> String {
    let count = plans.len();
    let mut parts = Vec::new();
    let first = plans.first().map_or_else(String::new, |plan| prelude(&plan.shown));
    let mut source = format!("[0:v:0]{first}");
    if count > 1 {
        let labels: String = (0..count).map(|n| format!("[s{n}]")).collect();
        parts.push(format!("{source}split={count}{labels}"));
        source = String::new();
    }
    for (n, plan) in plans.iter().enumerate() {
        let input = if count > 1 { format!("[s{n}]") } else { source.clone() };
        parts.push(way(plan, n, &input, words.get(n).and_then(Option::as_deref), end));
    }
    parts.join(";")
}

/// What is done to whole frames before anything else: two fields become one frame, and what is transparent comes to stand
/// on white, as pictures do.
fn prelude(shown: &Shown) -> String {
    let mut out = String::new();
    if let Some(weave) = shown.weave {
        let (parity, which) = match weave {
            Weave::Flagged => ("auto", "interlaced"),
            Weave::Top => ("tff", "all"),
            Weave::Bottom => ("bff", "all"),
        };
        out.push_str(&format!("yadif=mode=send_frame:parity={parity}:deint={which},"));
    }
    if shown.alpha {
        let read = reading(shown);
        out.push_str(&format!(
            "scale={read},format=rgba,split=2[ground][shown];[ground]lutrgb=r=255:g=255:b=255:a=255[white];\
             [white][shown]overlay=format=rgb,format=gbrp,"
        ));
    }
    out
}

/// How `scale` is to read the samples that come in: nothing is left to its guess.
fn reading(shown: &Shown) -> String {
    let range = if shown.full { "pc" } else { "tv" };
    match shown.matrix {
        Some(matrix) => format!("in_color_matrix={matrix}:in_range={range}"),
        None => "in_range=pc".into(),
    }
}

/// The same after [`prelude`], which leaves red, green and blue where something was transparent.
fn read_on(shown: &Shown) -> String {
    if shown.alpha { reading(&Shown { matrix: None, ..*shown }) } else { reading(shown) }
}

fn way(plan: &Plan, n: usize, input: &str, words: Option<&str>, end: &str) -> String {
    let (w, h) = (plan.width, plan.height);
    let (frames, per) = plan.rate;
    let rate = format!("fps={frames}/{per}:start_time=0");
    // Frames that nobody will see are not scaled. An overlay tells nobody how long its last frame lasts: after it the rate
    // would lose that one.
    let (early, late) = if plan.thinned || plan.fit == Fit::Blur {
        (format!("{rate},"), String::new())
    } else {
        (String::new(), format!(",{rate}"))
    };
    let cut = cut(plan.part);
    let framed = match plan.fit {
        Fit::Cover | Fit::Inside => format!("{input}{early}{cut}{}", scaled(plan, (w, h), Kept::Film)),
        Fit::Blur => blur(plan, n, &format!("{input}{early}{cut}")),
    };
    let words = words.map_or_else(String::new, |name| format!(",ass={name}:fontsdir={FONTS}"));
    format!("{framed}{late}{words},format=yuv420p,{},setsar=1{end}[v{n}]", colours(&plan.shown))
}

/// One picture of a video: `rate` chooses which.
pub(super) fn still(plan: &Plan, rate: &str, kept: Kept) -> String {
    format!("{}{rate}{}", prelude(&plan.shown), scaled(plan, (plan.width, plan.height), kept))
}

/// Cuts a part out of the stored picture.
fn cut(part: Part) -> String {
    if part == Part::WHOLE {
        return String::new();
    }
    format!(
        "crop=iw*{:.6}:ih*{:.6}:iw*{:.6}:ih*{:.6},",
        part.width,
        part.height,
        part.left.max(0.0),
        part.top.max(0.0)
    )
}

/// As what samples leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// As networks take videos: BT.709 in its limited range.
    Film,
    /// As PNG has them.
    Rgb,
    /// As JPEG has them: BT.601 in its full range.
    Jpeg,
}

impl Kept {
    /// What `scale` is told, and the format after it.
    fn leaving(self) -> (&'static str, &'static str) {
        match self {
            Self::Film => ("out_color_matrix=bt709:out_range=tv", "yuv420p"),
            Self::Rgb => ("out_range=pc", "rgb24"),
            Self::Jpeg => ("out_color_matrix=smpte170m:out_range=pc", "yuvj420p"),
        }
    }
}

/// The colours of what is made, by the numbers of ITU-T H.273; light that was not ordinary has become BT.709.
fn numbers(shown: &Shown) -> (u8, u8) {
    if shown.light == Light::Sdr { (shown.primaries, shown.transfer) } else { (BT709, BT709) }
}

/// Writes the names of the colours on every frame.
fn colours(shown: &Shown) -> String {
    let (primaries, transfer) = numbers(shown);
    format!("setparams=range=tv:color_primaries={primaries}:color_trc={transfer}:colorspace={BT709}")
}

/// The same for the encoder: not every version takes them from the frames.
pub(super) fn named(shown: &Shown) -> [String; 8] {
    let (primaries, transfer) = numbers(shown);
    [
        "-color_range".into(),
        "tv".into(),
        "-colorspace".into(),
        BT709.to_string(),
        "-color_primaries".into(),
        primaries.to_string(),
        "-color_trc".into(),
        transfer.to_string(),
    ]
}

/// Scales to a size that is meant upright, in the range and light of ordinary films, and turns it upright.
fn scaled(plan: &Plan, size: (u32, u32), kept: Kept) -> String {
    let (w, h) = plan.turn.size(size);
    let turn = plan.turn.filter().map_or_else(String::new, |filter| format!(",{filter}"));
    let (read, (leave, format)) = (read_on(&plan.shown), kept.leaving());
    let named = if kept == Kept::Film { format!(",{}", colours(&plan.shown)) } else { String::new() };
    match plan.shown.light {
        Light::Sdr => {
            format!(
                "scale={w}:{h}:flags=lanczos+accurate_rnd+full_chroma_int:{read}:{leave},format={format}{named},setsar=1{turn}"
            )
        }
        Light::Hlg | Light::Pq => format!(
            "scale={w}:{h}:flags=lanczos+accurate_rnd+full_chroma_int:{read},format=gbrp16le,lut3d=file={LIGHT}:interp=tetrahedral,\
             scale={leave},format={format}{named},setsar=1{turn}"
        ),
    }
}

/// The whole film on a blurred, darkened copy of itself.
fn blur(plan: &Plan, n: usize, input: &str) -> String {
    let (w, h) = (plan.width, plan.height);
    let small = GROUND / f64::from(w.max(h));
    let side = |side: u32| ((f64::from(side) * small / 2.0).round() as u32 * 2).max(2);
    let ground = (side(w), side(h));
    let cover = plan.cover(ground);
    let (x, y) = cover.at;
    let front = plan.contain();
    let at = ((w - front.0) / 2, (h - front.1) / 2);
    // The front is scaled once and the ground made from it: the large picture is read once.
    format!(
        "{input}{},split=2[a{n}][b{n}];\
         [a{n}]scale={}:{}:flags=area,crop={}:{}:{x}:{y},gblur=sigma=5,scale={w}:{h}:flags=bicubic,\
         lutyuv=y=(val-16)*0.55+16,setsar=1[g{n}];\
         [g{n}][b{n}]overlay={}:{}",
        scaled(plan, front, Kept::Film),
        cover.scaled.0,
        cover.scaled.1,
        ground.0,
        ground.1,
        at.0,
        at.1
    )
}
