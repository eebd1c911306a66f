//! Pictures: read by content, re-encoded without what the camera wrote into them, in sizes that fit screens.

use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::db::upload::{NewUpload, StoredSize};
use super::error::internal;
use super::secret::sha256_hex;
use super::state::Store;
use crate::domain::error::AppError;

/// The most bytes of a picture that are taken.
pub const BYTES_MOST: usize = 20 * 1024 * 1024;
/// The most pixels along a side that are taken.
const SIDE_MOST: u32 = 12_000;
/// The widths in which a picture is served, as far as it has them: phones of 360 to 412 pixels with two or three dots
/// to each, columns of a wide screen, a whole one.
const WIDTHS: [u32; 4] = [480, 720, 1080, 1600];

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPicture {
    /// Over the limit of bytes or pixels.
    TooLarge,
    /// Neither JPEG, PNG nor WebP, or broken.
    Unreadable,
}

/// A picture ready to be stored: what to record, and the files with their names.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What to record.
    pub upload: NewUpload,
    files: Vec<(String, Vec<u8>)>,
}

/// Decodes a picture and makes its sizes. Slow: call it off the async threads.
///
/// # Errors
/// Why it is not taken.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, BadPicture> {
    if bytes.len() > BYTES_MOST {
        return Err(BadPicture::TooLarge);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| BadPicture::Unreadable)?;
    let media_type = match reader.format() {
        Some(ImageFormat::Jpeg) => "image/jpeg",
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::WebP) => "image/webp",
        _ => return Err(BadPicture::Unreadable),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MOST);
    limits.max_image_height = Some(SIDE_MOST);
    limits.max_alloc = Some(512 * 1024 * 1024);
    reader.limits(limits);
    let explain = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => BadPicture::TooLarge,
        _ => BadPicture::Unreadable,
    };
    let mut decoder = reader.into_decoder().map_err(explain)?;
    let orientation = decoder.orientation().map_err(explain)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(explain)?;
    picture.apply_orientation(orientation);
    let picture = DynamicImage::ImageRgb8(picture.to_rgb8());

    let (mut sizes, mut files) = (Vec::new(), Vec::new());
    let mut keep = |encoded: Vec<u8>, media_type: &str, ending: &str, scaled: &DynamicImage| {
        let sha256 = sha256_hex(&encoded);
        sizes.push(StoredSize {
            media_type: media_type.to_owned(),
            width: scaled.width(),
            height: scaled.height(),
            sha256: sha256.clone(),
            bytes: encoded.len() as u64,
        });
        files.push((format!("{sha256}.{ending}"), encoded));
    };
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|width| *width < picture.width()).collect();
    if widths.len() < WIDTHS.len() {
        widths.push(picture.width());
    }
    for width in widths {
        let scaled = scale(&picture, width);
        let encoded = webp::Encoder::from_rgb(scaled.as_bytes(), scaled.width(), scaled.height()).encode(76.0);
        keep(encoded.to_vec(), "image/webp", "webp", &scaled);
    }
    let scaled = scale(&picture, 960);
    let mut encoded = Vec::new();
    JpegEncoder::new_with_quality(&mut encoded, 80).encode_image(&scaled).map_err(explain)?;
    keep(encoded, "image/jpeg", "jpg", &scaled);

    let upload = NewUpload {
        sha256: sha256_hex(bytes),
        media_type,
        width: picture.width(),
        height: picture.height(),
        bytes: bytes.len() as u64,
        sizes,
    };
    Ok(Prepared { upload, files })
}

fn scale(picture: &DynamicImage, width: u32) -> DynamicImage {
    if width >= picture.width() {
        return picture.clone();
    }
    let height = (u64::from(picture.height()) * u64::from(width)).div_ceil(u64::from(picture.width()));
    picture.resize_exact(width, u32::try_from(height).unwrap_or(width).max(1), FilterType::Lanczos3)
}

impl Prepared {
    /// The picture as a JPEG of its largest size, without what the camera wrote into it.
    pub fn jpeg(&self) -> Option<&[u8]> {
        self.files.iter().find(|(name, _)| name.ends_with(".jpg")).map(|(_, bytes)| bytes.as_slice())
    }

    /// The picture in its largest size as WebP, without what the camera wrote into it.
    pub fn largest(&self) -> Option<&[u8]> {
        self.files.iter().rfind(|(name, _)| name.ends_with(".webp")).map(|(_, bytes)| bytes.as_slice())
    }

    /// Writes the files, each under the hash of its content: whole, or not at all.
    ///
    /// # Errors
    /// When the data folder can't be written.
    pub fn write(&self, store: &Store) -> Result<(), AppError> {
        self.files.iter().try_for_each(|(name, bytes)| write_file(store, name, bytes))
    }
}

/// Writes a public file under the hash of its content: whole, or not at all.
///
/// # Errors
/// When the data folder can't be written.
pub fn write_file(store: &Store, name: &str, bytes: &[u8]) -> Result<(), AppError> {
    write_whole(&store.picture_file(name), bytes)
}

/// Writes a file that is not there yet: whole, or not at all.
///
/// # Errors
/// When its folder can't be written.
pub fn write_whole(file: &Path, bytes: &[u8]) -> Result<(), AppError> {
    if file.exists() {
        return Ok(());
    }
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random).map_err(internal)?;
    let begun = file.with_file_name(format!(".{}", hex::encode(random)));
    std::fs::write(&begun, bytes).and_then(|()| std::fs::rename(&begun, file)).map_err(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_gets_its_sizes_and_a_fallback() {
        let mut png = Vec::new();
        DynamicImage::new_rgb8(1200, 800).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).expect("a picture");
        let prepared = prepare(&png).expect("prepared");
        let shown: Vec<_> =
            prepared.upload.sizes.iter().map(|size| (size.media_type.as_str(), size.width, size.height)).collect();
        assert_eq!(
            shown,
            [
                ("image/webp", 480, 320),
                ("image/webp", 720, 480),
                ("image/webp", 1080, 720),
                ("image/webp", 1200, 800),
                ("image/jpeg", 960, 640)
            ]
        );
    }

    #[test]
    fn what_is_no_picture_is_refused_without_panic() {
        for bytes in [&b""[..], b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"\xff\xd8\xff\xe0"] {
            assert_eq!(prepare(bytes).err(), Some(BadPicture::Unreadable));
        }
    }
}
