//! Embedded colour profiles to sRGB, on plain slices of samples.
//!
//! A crate of its own for one reason: moxcms generates minutes' worth of machine code in the crate that calls it, and
//! nothing here changes, so it is compiled once and not with every change of griot-media. It knows no files and no
//! pictures. Samples are converted in blocks, side by side over the cores.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};
use rayon::prelude::*;

/// The most bytes of a profile that is looked at: real ones, press profiles with large tables included, are smaller.
pub const MAX_PROFILE: usize = 4 << 20;

/// Pixels of one block: large enough that a core is not asked too often, small enough to stay in its cache.
const BLOCK: usize = 16_384;

/// What the samples of a picture stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// One channel of light.
    Grey,
    /// Red, green, blue.
    Rgb,
    /// Four inks, 255 = full.
    Cmyk,
}

/// A readable profile.
pub struct Profile {
    profile: ColorProfile,
    space: Space,
}

impl Profile {
    /// Reads an ICC profile; nothing when it is broken, too large or of a space that no picture here has.
    #[must_use]
    pub fn read(icc: &[u8]) -> Option<Self> {
        if icc.len() > MAX_PROFILE {
            return None;
        }
        let profile = ColorProfile::new_from_slice(icc).ok()?;
        let space = match profile.color_space {
            DataColorSpace::Gray => Space::Grey,
            DataColorSpace::Rgb => Space::Rgb,
            DataColorSpace::Cmyk => Space::Cmyk,
            _ => return None,
        };
        Some(Self { profile, space })
    }

    /// What samples it describes.
    #[must_use]
    pub fn space(&self) -> Space {
        self.space
    }

    /// 8-bit samples (with a last channel of alpha where `alpha` says so; inks have none) to sRGB of as many pixels.
    /// Nothing when the profile cannot be used.
    #[must_use]
    pub fn to_srgb(&self, samples: &[u8], alpha: bool) -> Option<Vec<u8>> {
        let (from, channels, to, out) = match (self.space, alpha) {
            (Space::Grey, false) => (Layout::Gray, 1, Layout::Rgb, 3),
            (Space::Grey, true) => (Layout::GrayAlpha, 2, Layout::Rgba, 4),
            (Space::Rgb, false) => (Layout::Rgb, 3, Layout::Rgb, 3),
            (Space::Rgb, true) => (Layout::Rgba, 4, Layout::Rgba, 4),
            (Space::Cmyk, _) => (Layout::Rgba, 4, Layout::Rgb, 3),
        };
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = self.profile.create_transform_8bit(from, &srgb, to, options).ok()?;
        let mut converted = vec![0; samples.len() / channels * out];
        blocks(&transform, samples, channels, &mut converted, out)?;
        Some(converted)
    }

    /// 8-bit samples of red, green, blue (and alpha, where `alpha` says so) to sRGB where they stand. Nothing, and
    /// nothing changed, when the profile cannot be used or is of another space.
    #[must_use]
    pub fn to_srgb_in_place(&self, samples: &mut [u8], alpha: bool) -> Option<()> {
        let (layout, channels) = if alpha { (Layout::Rgba, 4) } else { (Layout::Rgb, 3) };
        if self.space != Space::Rgb || !samples.len().is_multiple_of(channels) {
            return None;
        }
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = self.profile.create_transform_8bit(layout, &srgb, layout, options).ok()?;
        let convert = |from: &mut Vec<u8>, block: &mut [u8]| {
            from.clear();
            from.extend_from_slice(block);
            transform.transform(from, block)
        };
        samples.par_chunks_mut(BLOCK * channels).try_for_each_init(Vec::new, convert).ok()
    }

    /// The same for 16-bit RGB samples, for pictures that would show bands if they were narrowed first. Nothing for
    /// another space.
    #[must_use]
    pub fn to_srgb_16(&self, samples: &[u16], alpha: bool) -> Option<Vec<u16>> {
        if self.space != Space::Rgb {
            return None;
        }
        let layout = if alpha { Layout::Rgba } else { Layout::Rgb };
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = self.profile.create_transform_16bit(layout, &srgb, layout, options).ok()?;
        let mut converted = vec![0; samples.len()];
        let channels = if alpha { 4 } else { 3 };
        blocks(&transform, samples, channels, &mut converted, channels)?;
        Some(converted)
    }
}

/// Converts block after block, side by side.
fn blocks<T: Copy + Default + Send + Sync>(
    transform: &Arc<dyn TransformExecutor<T> + Send + Sync>,
    samples: &[T],
    channels: usize,
    converted: &mut [T],
    out: usize,
) -> Option<()> {
    let whole = samples.len() / channels * channels;
    samples[..whole]
        .par_chunks(BLOCK * channels)
        .zip(converted.par_chunks_mut(BLOCK * out))
        .try_for_each(|(from, to)| transform.transform(from, to))
        .ok()
}

/// A wide space that test pictures are made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wide {
    /// Adobe RGB (1998).
    AdobeRgb,
    /// Display P3, of phones.
    DisplayP3,
    /// ProPhoto RGB, wider than any screen.
    ProPhoto,
}

impl Wide {
    fn profile(self) -> ColorProfile {
        match self {
            Self::AdobeRgb => ColorProfile::new_adobe_rgb(),
            Self::DisplayP3 => ColorProfile::new_display_p3(),
            Self::ProPhoto => ColorProfile::new_pro_photo_rgb(),
        }
    }

    /// The profile as a file embeds it; nothing when it cannot be written.
    #[must_use]
    pub fn icc(self) -> Option<Vec<u8>> {
        let mut icc = self.profile().encode().ok()?;
        // The header's date would make every file of a test another one.
        icc.get_mut(24..36)?.fill(0);
        Some(icc)
    }

    /// 8-bit sRGB samples as this space stores them; nothing when they cannot be converted.
    #[must_use]
    pub fn from_srgb(self, samples: &[u8]) -> Option<Vec<u8>> {
        let options = TransformOptions::default();
        let srgb = ColorProfile::new_srgb();
        let transform =
            srgb.create_transform_8bit(Layout::Rgb, &self.profile(), Layout::Rgb, options).ok()?;
        let mut converted = vec![0; samples.len()];
        transform.transform(samples, &mut converted).ok()?;
        Some(converted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().expect("a profile of the library's own can be written")
    }

    #[test]
    fn srgb_stays_as_it_is_and_a_wider_red_becomes_the_nearest_red() {
        let samples = [200, 30, 30, 255, 0, 0, 128, 128, 128];
        let srgb = Profile::read(&written(&ColorProfile::new_srgb())).expect("readable");
        assert_eq!(srgb.space(), Space::Rgb);
        let same = srgb.to_srgb(&samples, false).expect("usable");
        assert!(same.iter().zip(samples).all(|(a, b)| a.abs_diff(b) <= 1), "{same:?}");
        let wide = Profile::read(&written(&ColorProfile::new_display_p3())).expect("readable");
        let nearer = wide.to_srgb(&samples, false).expect("usable");
        assert!(
            nearer[0] > 205 && nearer[1] < 30,
            "a red of Display P3 is more than sRGB's same numbers: {nearer:?}"
        );
        assert!(nearer[6..].iter().all(|grey| grey.abs_diff(128) <= 1), "grey stays grey: {nearer:?}");
    }

    #[test]
    fn a_large_picture_is_converted_alike_in_place_and_beside_it() {
        let profile = Profile::read(&written(&ColorProfile::new_display_p3())).expect("readable");
        let samples: Vec<u8> = (0..3 * (BLOCK + 77)).map(|n| (n * 7 % 251) as u8).collect();
        let beside = profile.to_srgb(&samples, false).expect("usable");
        assert_eq!(beside.len(), samples.len());
        let mut place = samples;
        profile.to_srgb_in_place(&mut place, false).expect("usable");
        assert_eq!(place, beside);
        assert!(place[place.len() - 3..].iter().any(|v| *v != 0), "the last block is converted too");
    }

    #[test]
    fn alpha_is_kept_and_what_is_no_profile_is_none() {
        let profile = Profile::read(&written(&ColorProfile::new_display_p3())).expect("readable");
        assert_eq!(profile.to_srgb(&[10, 20, 30, 77], true).expect("usable")[3], 77);
        assert!(Profile::read(b"").is_none());
        assert!(Profile::read(&[0x41; 4096]).is_none());
        assert!(Profile::read(&vec![0; MAX_PROFILE + 1]).is_none());
    }
}
