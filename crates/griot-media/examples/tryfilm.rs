#![allow(missing_docs, clippy::all, clippy::print_stdout)]
use griot_domain::recipe::*;
use griot_media::*;
use std::path::*;
struct P(std::time::Instant);
impl Progress for P {
    fn report(&self, d: f32) -> Result<(), Cancelled> {
        if std::env::var_os("SHOW").is_some() {
            eprintln!("{d:.3} {:?} left {:?}", self.0.elapsed(), time_left(self.0.elapsed(), d));
        }
        Ok(())
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let ff = std::env::var_os("FF").map(PathBuf::from);
    let ffmpeg = film::Ffmpeg::find(ff.as_deref(), None, std::env::var_os("PATH").as_deref()).unwrap();
    let limits = Limits::default();
    let scratch = std::env::temp_dir().join("tryscratch");
    std::fs::create_dir_all(&scratch).unwrap();
    let src = Path::new(&a[2]);
    let ffmpeg = ffmpeg.with_hardware_first(std::env::var_os("HW").is_some());
    let p = P(std::time::Instant::now());
    match a[1].as_str() {
        "probe" => println!("{:?}", probe::probe(src, &limits)),
        "strip" => println!(
            "{:?}",
            film::strip_of_frames(
                &ffmpeg,
                src,
                a[3].parse().unwrap(),
                a[4].parse().unwrap(),
                Path::new(&a[5]),
                &scratch,
                &limits,
                &p
            )
        ),
        cmd => {
            let mut recipes = vec![];
            let mut outs = vec![];
            let mut extras = film::Extras::default();
            for spec in &a[4..] {
                let mut r = VideoRecipe::new(Fit::Inside, (1280, 1280));
                for kv in spec.split(',') {
                    let (k, v) = kv.split_once('=').unwrap();
                    match k {
                        "fit" => {
                            r.fit = match v {
                                "cover" => Fit::Cover,
                                "blur" => Fit::Blur,
                                _ => Fit::Inside,
                            }
                        }
                        "w" => r.width = v.parse().unwrap(),
                        "h" => r.height = v.parse().unwrap(),
                        "from" => r.from_ms = v.parse().ok(),
                        "to" => r.to_ms = v.parse().ok(),
                        "max" => r.max_bytes = v.parse().ok(),
                        "fps" => r.max_fps = v.parse().ok(),
                        "turn" => r.turn = v.parse().unwrap(),
                        "flip" => r.flip = true,
                        "mute" => r.mute = true,
                        "level" => r.level = true,
                        "cover" => r.cover_ms = v.parse().ok(),
                        "sub" => extras.subtitles = Some(v.into()),

                        "crop" => {
                            let n: Vec<u16> = v.split('-').map(|n| n.parse().unwrap()).collect();
                            r.crop = Some(griot_domain::edit::Crop {
                                left: n[0],
                                top: n[1],
                                width: n[2],
                                height: n[3],
                            })
                        }
                        _ => panic!("{k}"),
                    }
                }
                outs.push(PathBuf::from(format!("{}-{}.mp4", a[3], recipes.len())));
                recipes.push(r);
            }
            if cmd == "anim" {
                println!(
                    "{:?}",
                    film::from_animation(Some(&ffmpeg), src, &recipes[0], &outs[0], &scratch, &limits, &p)
                );
            } else {
                println!(
                    "{:#?}",
                    film::render(Some(&ffmpeg), src, &recipes, &outs, &extras, &scratch, &limits, &p)
                );
            }
        }
    }
}
