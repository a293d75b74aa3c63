//! Why exactly a file was refused: what the hosts need to say it in a person's language. What a decoder of others said
//! is kept apart, for the log. The short English texts here are for the log too.

use griot_domain::asset::Format;

/// A sound file, or a wish, of a kind that is not read or written here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    // What was given for what.
    /// A picture was given for a film.
    #[error("a picture where a film is wanted")]
    PictureForFilm,
    /// A film was given for a picture.
    #[error("a film where a picture is wanted")]
    FilmForPicture,
    /// A picture that does not move was given for an animation.
    #[error("a picture that does not move, where an animation is wanted")]
    StillForAnimation,
    /// A picture that moves, in a container whose frames are not read.
    #[error("an animation in {}", .0.mime())]
    Animation(Format),
    // Pictures.
    /// A camera's raw file without a finished picture as large as its sensor.
    #[error("a raw file without a finished picture of its own size")]
    Raw,
    /// A TIFF whose data are packed in a way that is not read: the number of its compression.
    #[error("a TIFF with the compression {0}")]
    TiffCompression(u16),
    /// A TIFF whose samples are of a kind that is not read: what they are said to be, and their bits.
    #[error("a TIFF with samples of the kind {kind} and {bits} bits")]
    TiffSamples {
        /// The number of its photometric interpretation.
        kind: u16,
        /// Bits of a sample.
        bits: u16,
    },
    /// A JPEG with so many bits a sample.
    #[error("a JPEG with {0} bits a sample")]
    JpegDepth(u8),
    /// A JPEG with arithmetic coding.
    #[error("an arithmetic-coded JPEG")]
    ArithmeticJpeg,
    /// A JPEG without loss.
    #[error("a lossless JPEG")]
    LosslessJpeg,
    /// A JPEG in steps of size.
    #[error("a hierarchical JPEG")]
    HierarchicalJpeg,
    /// An AVIF whose picture, or a part of it, has another coding than AV1: the four letters of that one.
    #[error("an AVIF with a picture of the kind {0:?}")]
    NotAv1(String),
    /// Colours by a matrix of this number (ITU-T H.273), which is not known here.
    #[error("colours of the matrix {0}")]
    Matrix(u16),
    /// A drawing whose text is not UTF-8.
    #[error("a drawing that is not written in UTF-8")]
    DrawingText,
    // Films.
    /// Locked by whoever sold or lent it.
    #[error("an encrypted video")]
    Encrypted,
    /// A video whose picture has this coding, which is not read here.
    #[error("a video of the kind {0:?}")]
    VideoCodec(String),
    /// A video whose colours lie in a way that is not known here.
    #[error("a video whose colours are not known")]
    VideoColours,
    /// A recording of sound alone.
    #[error("a recording without a picture")]
    SoundOnly,
    /// More than one film in a file.
    #[error("several films in one file")]
    SeveralFilms,
    /// A film whose data lies in another file.
    #[error("a film whose data lies in another file")]
    DataElsewhere,
    /// A QuickTime film cannot be copied as it is.
    #[error("a QuickTime film must be converted")]
    QuickTime,
    /// A film in fragments cannot be copied as it is.
    #[error("a film in fragments must be converted")]
    Fragments,
    // What the person asked for.
    /// A cut that is not within the picture.
    #[error("a cut that is not within the picture")]
    Cut,
    /// A picture of this format has no side of more than `most` pixels.
    #[error("a picture in {} with more than {most} pixels on a side", .format.mime())]
    Side {
        /// What was to be written.
        format: Format,
        /// The most pixels.
        most: u32,
    },
    /// A decoder of others cannot read it; its own words, which are no sentence for a person.
    #[error("{0}")]
    Decoder(String),
}

/// What is too much, and how much is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    // The file.
    /// Bytes of the file.
    #[error("the file has {} MiB, {} are allowed", .bytes >> 20, .most >> 20)]
    File {
        /// How many it has.
        bytes: u64,
        /// How many are allowed.
        most: u64,
    },
    /// Pixels of a picture, or of a film's frame.
    #[error("{width} x {height} are {} megapixels, {} are allowed", .width.saturating_mul(*.height) / 1_000_000, .most / 1_000_000)]
    Pixels {
        /// Pixels across.
        width: u64,
        /// Pixels down.
        height: u64,
        /// How many are allowed in all.
        most: u64,
    },
    /// Bytes of memory while it is decoded.
    #[error("decoding needs {} MiB of memory, {} are allowed", .bytes >> 20, .most >> 20)]
    Memory {
        /// How many are needed.
        bytes: u64,
        /// How many are allowed.
        most: u64,
    },
    /// A picture takes too long to decode.
    #[error("the picture takes too long to decode")]
    Patience,
    /// A JPEG has more than so many scans.
    #[error("a JPEG with more than {0} scans")]
    Scans(u32),
    /// An animation has more than so many frames.
    #[error("the animation has more than {0} frames")]
    Frames(u64),
    /// An animation has more than so many pixels in all its frames.
    #[error("the animation has more than {} megapixels in its frames", .0 / 1_000_000)]
    MovingPixels(u64),
    /// A film is too long, in milliseconds.
    #[error("the film lasts {} minutes, {} are allowed", .ms / 60_000, .most / 60_000)]
    Duration {
        /// How long it lasts.
        ms: u64,
        /// How long it may last.
        most: u64,
    },
    /// Bytes of a film's index.
    #[error("the film's index has {} MiB, {} are allowed", .bytes >> 20, .most >> 20)]
    Index {
        /// How many it has.
        bytes: u64,
        /// How many are allowed.
        most: u64,
    },
    /// A film has more packets than any film.
    #[error("the film has more packets than any film")]
    Packets,
    /// A drawing costs too much.
    #[error("the drawing {0}")]
    Drawing(Excess),
    /// Subtitles have more than so many bytes.
    #[error("the subtitles have more than {} MiB", .0 >> 20)]
    Subtitles(u64),
    // What was to be made of it.
    /// No acceptable quality of a picture fits into so many bytes.
    #[error("no acceptable quality fits into {0} bytes")]
    PictureBytes(u64),
    /// No acceptable quality of an animation fits into so many bytes.
    #[error("no acceptable animation fits into {0} bytes")]
    AnimationBytes(u64),
    /// A film did not get under so many bytes.
    #[error("the film did not get under {0} bytes")]
    FilmBytes(u64),
    /// So many bytes are too few for a film of this length.
    #[error("{bytes} bytes are too few for {} seconds of film", .ms / 1000)]
    FilmLength {
        /// How many it may have.
        bytes: u64,
        /// How long it is, in milliseconds.
        ms: u64,
    },
    /// The part of a film that is to be kept holds nothing; milliseconds.
    #[error("the part from {from} ms to {to} ms holds nothing of a film of {length} ms")]
    Part {
        /// Where it starts.
        from: u64,
        /// Where it ends.
        to: u64,
        /// How long the film is.
        length: u64,
    },
    /// A strip of no frames, of too many, or of too low ones.
    #[error("a strip of {count} frames, {height} pixels high")]
    Strip {
        /// How many frames.
        count: u32,
        /// How high, in pixels.
        height: u32,
    },
    /// A decoder of others found it too much; its own words, which are no sentence for a person.
    #[error("{0}")]
    Decoder(String),
}

/// What makes a drawing cost too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// More bytes of text than this.
    #[error("has more than {} MiB of text", .0 >> 20)]
    Text(u64),
    /// Entities made of others.
    #[error("has entities made of others")]
    Entities,
    /// Entities that become too much text.
    #[error("unpacks to too much text")]
    Unpacked,
    /// Parts that are repeated too often.
    #[error("repeats its parts too often")]
    Repeats,
    /// Parts within parts within parts.
    #[error("nests its parts too deeply")]
    Nests,
    /// Too many pixels for a canvas.
    #[error("is too large")]
    Large,
}

/// What an ffmpeg that is there was built without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// An encoder of H.264 that works on this computer.
    #[error("an encoder of H.264 that works on this computer")]
    Encoder,
    /// A decoder that sees what is transparent in WebM.
    #[error("libvpx, which sees what is transparent")]
    Transparency,
    /// What draws subtitles into the picture.
    #[error("libass, with which subtitles are burnt in")]
    Subtitles,
}
