//! What is made of a photograph: uses as `griot render` takes them, the names of their files, the sizes they must have.

use std::fs;
use std::path::{Path, PathBuf};

use super::header::upright_size;
use crate::fault::{Fault, WhileDoing};

/// What eight networks want of one photograph.
pub(super) const EIGHT: [&str; 8] = [
    "cover:1080x1350:jpeg:80",
    "cover:1080x1080:jpeg:80",
    "cover:1080x1920:jpeg:80",
    "cover:1600x900:jpeg:80",
    "cover:1200x630:jpeg:80",
    "inside:2048x2048:jpeg:80",
    "inside:320x320:jpeg:80",
    "inside:1200x1200:webp:80",
];

/// What a library shows of each photograph.
pub(super) const THUMBNAIL: &str = "inside:320x320:jpeg:80";

/// A use, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Usage {
    /// Fills its frame; else it stays whole within it.
    pub(super) covers: bool,
    /// Of the frame.
    pub(super) width: u32,
    /// Of the frame.
    pub(super) height: u32,
    /// `cover-1080x1350-jpeg-80.jpg`, which every side's files end with.
    pub(super) file: String,
}

impl Usage {
    /// One of this file's own.
    pub(super) fn of(text: &str) -> Usage {
        Self::read(text).expect("BUG: the uses are written in this file")
    }

    fn read(text: &str) -> Option<Usage> {
        let mut words = text.split(':');
        let (fit, size, format) = (words.next()?, words.next()?, words.next()?);
        let (width, height) = size.split_once('x')?;
        let ending = if format == "jpeg" { "jpg" } else { format };
        Some(Usage {
            covers: fit == "cover",
            width: width.parse().ok()?,
            height: height.parse().ok()?,
            file: format!("{}.{ending}", text.replace(':', "-")),
        })
    }

    /// The size of the rendition of a photograph. A side that falls between two pixels may be either.
    fn fits(&self, (width, height): (u32, u32), photo: (u32, u32)) -> bool {
        if self.covers {
            return (width, height) == (self.width, self.height);
        }
        let scale = |frame: u32, side: u32| f64::from(frame) / f64::from(side);
        let scale = scale(self.width, photo.0).min(scale(self.height, photo.1)).min(1.0);
        let near = |side: u32, of: u32| (f64::from(side) - f64::from(of) * scale).abs() <= 0.5;
        near(width, photo.0) && near(height, photo.1)
    }

    /// The rendition in a folder; its name may begin with the photograph's.
    pub(super) fn find(&self, folder: &Path) -> Result<PathBuf, Fault> {
        files(folder)?
            .into_iter()
            .find(|path| path.to_string_lossy().ends_with(&self.file))
            .ok_or_else(|| Fault::Unsound(format!("no {} was made", self.file)))
    }
}

/// Every use has its file in the folder, as large as the use says.
pub(super) fn exact(folder: &Path, uses: &[&str], photo: (u32, u32)) -> Result<(), Fault> {
    for usage in uses.iter().map(|text| Usage::of(text)) {
        let path = usage.find(folder)?;
        let size = size_of(&path)?;
        if !usage.fits(size, photo) {
            return Err(Fault::Unsound(format!("{} is {}x{}", path.display(), size.0, size.1)));
        }
    }
    Ok(())
}

/// There are as many pictures as asked for, each whole enough to have a size.
pub(super) fn counted(folder: &Path, wanted: usize) -> Result<(), Fault> {
    let files = files(folder)?;
    if files.len() != wanted {
        return Err(Fault::Unsound(format!("{} files were made of {wanted}", files.len())));
    }
    files.iter().try_for_each(|path| size_of(path).map(|_| ()))
}

/// Of a picture, as it is seen.
pub(super) fn size_of(path: &Path) -> Result<(u32, u32), Fault> {
    let bytes = fs::read(path).while_doing(|| format!("reading {}", path.display()))?;
    upright_size(&bytes).ok_or_else(|| Fault::Unsound(format!("{} is no picture", path.display())))
}

/// What is in a folder, in order.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = fs::read_dir(folder).while_doing(|| format!("reading {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_taken_apart() {
        let usage = Usage::of(EIGHT[0]);
        let file = "cover-1080x1350-jpeg-80.jpg".to_owned();
        assert_eq!(usage, Usage { covers: true, width: 1080, height: 1350, file });
        assert_eq!(Usage::of(EIGHT[7]).file, "inside-1200x1200-webp-80.webp");
        for text in EIGHT {
            assert!(Usage::read(text).is_some(), "{text}");
        }
        for text in ["", "cover", "cover:1x:jpeg", "cover:12:jpeg:80"] {
            assert_eq!(Usage::read(text), None, "{text}");
        }
    }

    #[test]
    fn covering_is_exact_and_holding_rounds() {
        let photo = (6000, 4000);
        assert!(Usage::of(EIGHT[0]).fits((1080, 1350), photo));
        assert!(!Usage::of(EIGHT[0]).fits((1080, 1349), photo));
        assert!(Usage::of(EIGHT[5]).fits((2048, 1365), photo));
        assert!(!Usage::of(EIGHT[5]).fits((2048, 1366), photo));
        assert!(!Usage::of(EIGHT[5]).fits((1365, 2048), photo));
        assert!(Usage::of(EIGHT[5]).fits((640, 480), (640, 480)), "nothing is made larger");
        assert!(Usage::of("inside:100x100:jpeg:80").fits((100, 13), (200, 25)));
        assert!(Usage::of("inside:100x100:jpeg:80").fits((100, 12), (200, 25)));
    }
}
