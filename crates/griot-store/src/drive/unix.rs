//! Linux tells the kind of the file system, Apple's systems whether it is local.

use std::path::Path;

pub(super) fn is_network(dir: &Path) -> bool {
    rustix::fs::statfs(dir).is_ok_and(|facts| kind_is_network(&facts))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn kind_is_network(facts: &rustix::fs::StatFs) -> bool {
    // The kernel keeps 32 bits; some architectures extend their sign.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "32 bits are what is meant")]
    let kind = facts.f_type as u32;
    NETWORK_KINDS.contains(&kind)
}

/// linux/magic.h and statfs(2). 9p is left out: virtual machines keep local folders on it.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NETWORK_KINDS: [u32; 9] = [
    0x6969,      // NFS
    0x517b,      // SMB
    0xff53_4d42, // CIFS
    0xfe53_4d42, // SMB 2
    0x564c,      // NCP
    0x5346_414f, // AFS
    0x6b41_4653, // kAFS
    0x7375_7245, // Coda
    0x00c3_6400, // Ceph
];

#[cfg(target_vendor = "apple")]
fn kind_is_network(facts: &rustix::fs::StatFs) -> bool {
    /// `MNT_LOCAL` of sys/mount.h.
    const LOCAL: u32 = 0x1000;
    facts.f_flags & LOCAL == 0
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn kind_is_network(_: &rustix::fs::StatFs) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_local_folder_is_not_refused() {
        assert!(!is_network(&std::env::temp_dir()));
        assert!(!is_network(Path::new("/proc")));
        assert!(!is_network(Path::new("/there/is/no/such/folder")));
    }

    #[test]
    fn shares_are_recognised_by_the_kernel_s_numbers() {
        for kind in [0x6969_u32, 0xff53_4d42, 0xfe53_4d42] {
            assert!(NETWORK_KINDS.contains(&kind), "{kind:x}");
        }
        for local in [0xef53_u32, 0x5846_5342, 0x9123_683e, 0x0102_1994] {
            assert!(!NETWORK_KINDS.contains(&local), "ext4, xfs, btrfs and tmpfs are local: {local:x}");
        }
    }
}
