//! What a video looks like when it comes out: colours, light, fields, what was transparent, and frames a second.

use super::ways::{made_by, make};
use super::*;
use crate::film::original::Original;
use crate::film::sight::{Motion, Seen};

/// The first frame of a finished video, decoded by the tags that it carries.
fn decoded(ffmpeg: &Ffmpeg, film: &Path, folder: &Path) -> image::RgbImage {
    let seen = look(ffmpeg, film, folder);
    assert!(seen.named(), "{seen:?}");
    assert_eq!(seen.pixels, "yuv420p");
    let raw = folder.join("decoded.rgb");
    let words = format!(
        "-v error -i {} -vf scale=in_color_matrix=bt709:in_range=tv,format=rgb24 -frames:v 1 -f rawvideo",
        film.display()
    );
    made_by(ffmpeg, &words, &raw);
    image::RgbImage::from_raw(seen.size.0, seen.size.1, std::fs::read(&raw).unwrap()).unwrap()
}

fn look(ffmpeg: &Ffmpeg, film: &Path, folder: &Path) -> Seen {
    Seen::look(ffmpeg, &Original::open(film, &Limits::default()).unwrap(), folder).unwrap()
}

/// The mean colour of a part about a point, in shares of the sides.
fn colour(picture: &image::RgbImage, x: f64, y: f64) -> [i32; 3] {
    let at = |share: f64, side: u32| (f64::from(side) * share) as u32 - 4;
    let part = image::imageops::crop_imm(picture, at(x, picture.width()), at(y, picture.height()), 8, 8);
    let part = part.to_image();
    [0, 1, 2].map(|c| part.pixels().map(|p| i32::from(p[c])).sum::<i32>() / 64)
}

fn near(a: [i32; 3], b: [i32; 3], most: i32) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= most)
}

/// A second of red beside green, coded as somebody would, with what they say of it.
fn coded(ffmpeg: &Ffmpeg, folder: &Path, size: &str, coding: &str, name: &str) -> PathBuf {
    let out = folder.join(name);
    let words = format!(
        "-v error -f lavfi -i color=c=0xFD0000:s={size}:r=25:d=1,format=rgb24,drawbox=x=iw/2:w=iw/2:h=ih:c=0x10C020:t=fill {coding}"
    );
    made_by(ffmpeg, &words, &out);
    out
}

#[test]
fn colours_stay_whatever_their_source_says_or_does_not_say_of_them() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let x264 = "-c:v libx264 -crf 10 -preset ultrafast";
    for (name, size, coding) in [
        (
            "sd.mp4",
            "720x576",
            format!("-vf scale=out_color_matrix=smpte170m:out_range=tv,format=yuv420p {x264}"),
        ),
        (
            "hd.mp4",
            "1280x720",
            format!("-vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p {x264}"),
        ),
        (
            "full.mp4",
            "1280x720",
            format!(
                "-vf scale=out_color_matrix=bt709:out_range=pc,format=yuv420p {x264} -color_range pc -colorspace bt709 -color_primaries bt709 -color_trc bt709"
            ),
        ),
        (
            "tagged.mp4",
            "1280x720",
            format!(
                "-vf scale=out_color_matrix=smpte170m:out_range=tv,format=yuv420p {x264} -colorspace smpte170m"
            ),
        ),
        (
            "still.mov",
            "640x360",
            "-vf scale=out_color_matrix=smpte170m:out_range=pc,format=yuvj420p -c:v mjpeg -q:v 1".into(),
        ),
        ("rgb.mkv", "640x360", "-pix_fmt bgr0 -c:v ffv1".into()),
        ("png.mov", "640x360", "-pix_fmt rgb24 -c:v png".into()),
    ] {
        let film = coded(&ffmpeg, scratch.path(), size, &coding, name);
        for fit in [Fit::Cover, Fit::Blur] {
            let made = make(&ffmpeg, &film, &[recipe(fit, 320, 180)], scratch.path()).unwrap();
            let picture = decoded(&ffmpeg, &made[0].path, scratch.path());
            let (red, green) = (colour(&picture, 0.25, 0.5), colour(&picture, 0.75, 0.5));
            assert!(
                near(red, [253, 0, 0], 3) && near(green, [16, 192, 32], 3),
                "{name} {fit:?}: {red:?} {green:?}"
            );
            let cover = VideoRecipe { cover_ms: Some(0), ..recipe(fit, 320, 180) };
            let made = make(&ffmpeg, &film, &[cover], scratch.path()).unwrap();
            let cover =
                image::load_from_memory(&still_png(made[0].cover.as_ref().unwrap())).unwrap().to_rgb8();
            assert!(
                near(colour(&cover, 0.25, 0.5), [253, 0, 0], 5),
                "{name}: {:?}",
                colour(&cover, 0.25, 0.5)
            );
        }
    }
}

#[test]
fn a_copy_names_the_colours_that_its_source_left_to_guess() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    for (size, matrix) in [("720x576", "smpte170m"), ("1280x720", "bt709")] {
        let coding = format!("-vf scale=out_color_matrix={matrix}:out_range=tv,format=yuv420p -c:v libx264");
        let film = coded(&ffmpeg, scratch.path(), size, &coding, "plain.mp4");
        let out = [scratch.path().join("out.mp4")];
        let wanted = [recipe(Fit::Inside, 1280, 720)];
        assert!(fits(&facts(&film), &wanted[0]));
        render(None, &film, &wanted, &out, &Extras::default(), scratch.path(), &Limits::default(), &())
            .unwrap();
        let shown = look(&ffmpeg, &out[0], scratch.path());
        assert_eq!(shown.shown(None, None).unwrap().matrix, Some(matrix));
        let untold = look(&ffmpeg, &film, scratch.path());
        assert_ne!(format!("{shown:?}"), format!("{untold:?}"), "it is named now");
    }
}

/// A JPEG as PNG, by the decoder of the project.
fn still_png(jpeg: &Path) -> Vec<u8> {
    use griot_domain::recipe::{ImageFormat, ImageRecipe};
    let recipe = ImageRecipe::new(Fit::Inside, (4000, 4000), ImageFormat::Png, 90);
    still::render(jpeg, &[recipe], &Limits::default(), &()).unwrap().pop().unwrap().bytes
}

#[test]
fn an_animation_keeps_its_red_as_a_video() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let gif = scratch.path().join("red.gif");
    let frame = |green: u32| {
        let mut picture = image::RgbaImage::from_pixel(640, 640, image::Rgba([253, 0, 0, 255]));
        (0..40).for_each(|x| picture.put_pixel(x, green, image::Rgba([16, 192, 32, 255])));
        image::Frame::from_parts(picture, 0, 0, image::Delay::from_numer_denom_ms(200, 1))
    };
    let mut encoder = image::codecs::gif::GifEncoder::new(std::fs::File::create(&gif).unwrap());
    encoder.encode_frames([frame(0), frame(30), frame(60)]).unwrap();
    drop(encoder);
    let (out, limits) = (scratch.path().join("out.mp4"), Limits::default());
    let wanted = recipe(Fit::Inside, 640, 640);
    from_animation(Some(&ffmpeg), &gif, &wanted, &out, scratch.path(), &limits, &()).unwrap();
    let picture = decoded(&ffmpeg, &out, scratch.path());
    assert!(near(colour(&picture, 0.5, 0.5), [253, 0, 0], 3), "{:?}", colour(&picture, 0.5, 0.5));
}

#[test]
fn two_fields_become_frames_without_combs() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let moves = "-v error -f lavfi -i testsrc2=s=720x576:r=50:d=2,scroll=horizontal=0.02";
    for (name, way) in [
        ("flagged.mp4", "-vf interlace=scan=tff:lowpass=off -c:v libx264 -flags +ilme+ildct"),
        ("lower.mp4", "-vf interlace=scan=bff:lowpass=off,setfield=prog -c:v libx264"),
        ("tv.mpg", "-vf interlace=scan=tff:lowpass=off -c:v mpeg2video -q:v 3 -flags +ilme+ildct"),
    ] {
        let film = scratch.path().join(name);
        made_by(&ffmpeg, &format!("{moves} {way} -pix_fmt yuv420p"), &film);
        // Smaller, so that none goes out as it is.
        let made = make(&ffmpeg, &film, &[recipe(Fit::Inside, 704, 576)], scratch.path()).unwrap();
        let original = Original::open(&made[0].path, &Limits::default()).unwrap();
        let found = Motion::look(&ffmpeg, &original, 0, scratch.path()).unwrap().unwrap();
        let woven = look(&ffmpeg, &made[0].path, scratch.path()).shown(None, Some(found)).unwrap().weave;
        assert_eq!(woven, None, "{name}: {found:?}");
    }
}

#[test]
fn what_is_transparent_stands_on_white_and_hides_nothing() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let source = "-v error -f lavfi -i color=c=0x10C020:s=320x180:r=25:d=1,format=yuva420p,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='if(lt(X,160),255,0)'";
    for (name, coding) in [
        ("vp9.webm", "-c:v libvpx-vp9 -crf 10 -b:v 0 -cpu-used 8"),
        ("vp8.webm", "-c:v libvpx -auto-alt-ref 0 -crf 10 -b:v 2M"),
        ("logo.mov", "-pix_fmt argb -c:v qtrle"),
    ] {
        let film = scratch.path().join(name);
        made_by(&ffmpeg, &format!("{source} {coding}"), &film);
        let made = make(&ffmpeg, &film, &[recipe(Fit::Inside, 320, 180)], scratch.path()).unwrap();
        let picture = decoded(&ffmpeg, &made[0].path, scratch.path());
        let (shown, ground) = (colour(&picture, 0.25, 0.5), colour(&picture, 0.75, 0.5));
        assert!(near(shown, [16, 192, 32], 6) && near(ground, [255; 3], 3), "{name}: {shown:?} {ground:?}");
    }
}

#[test]
fn a_video_of_high_dynamic_range_is_brought_to_ordinary_light() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    // Reference white (BT.2408) of both codings: 58 % of PQ, 75 % of HLG; as ordinary light they would be grey.
    for (transfer, signal) in [("smpte2084", "0x949494"), ("arib-std-b67", "0xBFBFBF")] {
        let film = scratch.path().join("hdr.mp4");
        let words = format!(
            "-v error -f lavfi -i color=c={signal}:s=320x180:r=25:d=1,drawbox=w=40:h=180:c=black:t=fill -vf scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le -c:v libx264 -preset ultrafast -color_range tv -colorspace bt2020nc -color_primaries bt2020 -color_trc {transfer}"
        );
        made_by(&ffmpeg, &words, &film);
        let made = make(&ffmpeg, &film, &[recipe(Fit::Inside, 320, 180)], scratch.path()).unwrap();
        let seen = look(&ffmpeg, &made[0].path, scratch.path());
        assert_eq!(seen.shown(None, None).unwrap().light, Light::Sdr);
        let white = colour(&decoded(&ffmpeg, &made[0].path, scratch.path()), 0.6, 0.5);
        assert!(white.iter().all(|c| (208..=240).contains(c)), "{transfer}: {white:?}");
    }
}

#[test]
fn a_network_that_asks_for_more_frames_gets_them() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let film = scratch.path().join("slow.mp4");
    made_by(&ffmpeg, "-v error -f lavfi -i testsrc2=s=180x320:r=10:d=2 -c:v libx264 -pix_fmt yuv420p", &film);
    let reel = VideoRecipe { min_fps: Some(24.0), max_fps: Some(60.0), ..recipe(Fit::Inside, 1080, 1920) };
    assert!(!fits(&facts(&film), &reel));
    let made = make(&ffmpeg, &film, &[reel], scratch.path()).unwrap();
    assert_eq!((facts(&made[0].path).fps, made[0].duration_ms / 100), (Some(30.0), 20));
    assert!(fits(&facts(&film), &recipe(Fit::Inside, 1080, 1920)), "others take it as it is");
}

#[test]
fn frames_come_evenly_also_where_they_could_be_copied() {
    let Some(ffmpeg) = ffmpeg() else { return };
    let scratch = tempfile::tempdir().unwrap();
    for name in ["uneven.mkv", "uneven.mp4"] {
        let film = scratch.path().join(name);
        let words = "-v error -f lavfi -i testsrc2=s=320x180:r=30:d=3 -vf select='not(eq(mod(n,60),41))' -vsync vfr -c:v libx264 -pix_fmt yuv420p";
        made_by(&ffmpeg, words, &film);
        let made = make(&ffmpeg, &film, &[recipe(Fit::Inside, 320, 180)], scratch.path()).unwrap();
        let facts = facts(&made[0].path);
        assert!(!facts.metadata.contains(&"variable rate".to_owned()), "{name}: {facts:?}");
        assert!(facts.fps.unwrap() > 29.9, "{name}: {:?}", facts.fps);
    }
}
