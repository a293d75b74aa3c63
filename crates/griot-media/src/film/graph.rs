//! The picture's way through ffmpeg: thinned, cut, scaled, turned, brought to ordinary light, framed, subtitled. The
//! small picture is turned, not the large one. Every number is our own.

use griot_domain::recipe::Fit;

use super::plan::Plan;
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
    if count > 1 {
        let labels: String = (0..count).map(|n| format!("[s{n}]")).collect();
        parts.push(format!("[0:v:0]split={count}{labels}"));
    }
    for (n, plan) in plans.iter().enumerate() {
        let input = if count > 1 { format!("[s{n}]") } else { "[0:v:0]".into() };
        parts.push(way(plan, n, &input, words.get(n).and_then(Option::as_deref), end));
    }
    parts.join(";")
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
        Fit::Cover | Fit::Inside => format!("{input}{early}{cut}{}", scaled(plan, (w, h))),
        Fit::Blur => blur(plan, n, &format!("{input}{early}{cut}")),
    };
    let words = words.map_or_else(String::new, |name| format!(",ass={name}:fontsdir={FONTS}"));
    format!("{framed}{late}{words},format=yuv420p,setsar=1{end}[v{n}]")
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

/// Scales to a size that is meant upright, in the range and light of ordinary films, and turns it upright.
pub(super) fn scaled(plan: &Plan, size: (u32, u32)) -> String {
    let (w, h) = plan.turn.size(size);
    let turn = plan.turn.filter().map_or_else(String::new, |filter| format!(",{filter}"));
    match plan.light {
        Light::Sdr => format!("scale={w}:{h}:flags=lanczos:out_range=tv,setsar=1{turn}"),
        Light::Hlg | Light::Pq => format!(
            "scale={w}:{h}:flags=lanczos:in_color_matrix=bt2020,format=gbrp16le,lut3d=file={LIGHT}:interp=tetrahedral,\
             scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,\
             setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709,setsar=1{turn}"
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
        "{input}{},format=yuv420p,split=2[a{n}][b{n}];\
         [a{n}]scale={}:{}:flags=area,crop={}:{}:{x}:{y},gblur=sigma=5,scale={w}:{h}:flags=bicubic,\
         lutyuv=y=(val-16)*0.55+16,setsar=1[g{n}];\
         [g{n}][b{n}]overlay={}:{}",
        scaled(plan, front),
        cover.scaled.0,
        cover.scaled.1,
        ground.0,
        ground.1,
        at.0,
        at.1
    )
}
