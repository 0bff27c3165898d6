//! Parser of IDX files (the format of MNIST), plain or gzipped.

use std::io::{ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;

use super::DataError;

/// Largest uncompressed file accepted: above EMNIST's 547 MB, below a laptop's memory.
const MAX_BYTES: u64 = 1 << 30;

/// Contents of a file and its name.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Name or path, for errors only.
    pub name: &'a str,
    /// Contents, gzipped or not.
    pub bytes: &'a [u8],
}

/// Greyscale images and their classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledImages {
    /// Number of images.
    pub n: usize,
    /// Height in pixels.
    pub n_rows: usize,
    /// Width in pixels.
    pub n_columns: usize,
    /// Brightness, row-major n × rows × columns.
    pub pixels: Vec<u8>,
    /// Classes from 0, one per image.
    pub labels: Vec<u32>,
}

/// Parses a pair of IDX files of unsigned bytes: 3-dimensional images and 1-dimensional labels.
///
/// # Errors
/// A file is damaged, empty, truncated, too long, of another kind or too large; a label is not
/// below `n_classes`; the files' lengths differ.
pub fn read(images: File, labels: File, n_classes: u32) -> Result<LabelledImages, DataError> {
    let ([n, n_rows, n_columns], pixels) = read_array(images, "images")?;
    let ([n_labels], classes) = read_array(labels, "labels")?;
    if n != n_labels {
        return Err(DataError::Unpaired {
            images: images.name.to_owned(),
            n_images: n,
            labels: labels.name.to_owned(),
            n_labels,
        });
    }
    let classes: Vec<u32> = classes.into_iter().map(u32::from).collect();
    if let Some(index) = classes.iter().position(|label| *label >= n_classes) {
        let file = labels.name.to_owned();
        return Err(DataError::Label { file, index, label: classes[index], n_classes });
    }
    Ok(LabelledImages { n, n_rows, n_columns, pixels, labels: classes })
}

/// Parses a `D`-dimensional array of unsigned bytes; `what` is its kind for errors.
fn read_array<const D: usize>(
    file: File,
    what: &'static str,
) -> Result<([usize; D], Vec<u8>), DataError> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    if file.bytes.starts_with(&GZIP) {
        parse(file.name, what, MultiGzDecoder::new(file.bytes))
    } else {
        parse(file.name, what, file.bytes)
    }
}

fn parse<const D: usize>(
    name: &str,
    what: &'static str,
    mut reader: impl Read,
) -> Result<([usize; D], Vec<u8>), DataError> {
    let file = || name.to_owned();
    let header_len = 4 * (D as u64 + 1);
    let header = take(&mut reader, name, header_len)?;
    let mut words = header
        .chunks_exact(4)
        .map(|bytes| bytes.iter().fold(0, |word: u32, byte| word << 8 | u32::from(*byte)));
    // Two zero bytes, 8 for unsigned bytes, the number of dimensions.
    let wanted = 0x0800 + D as u64;
    match words.next() {
        Some(found) if u64::from(found) != wanted => {
            let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
            return Err(DataError::Magic { file: file(), what, found, wanted });
        }
        Some(_) if header.len() as u64 == header_len => {}
        Some(_) | None => {
            let found = header.len() as u64;
            return Err(DataError::Truncated { file: file(), found, wanted: header_len });
        }
    }
    let sizes: Vec<u32> = words.collect();
    let sizes_in_words = || sizes.iter().map(u32::to_string).collect::<Vec<_>>().join(" × ");
    let n_bytes = sizes
        .iter()
        .try_fold(1_u64, |product, size| product.checked_mul(u64::from(*size)))
        .filter(|n_bytes| *n_bytes <= MAX_BYTES)
        .ok_or_else(|| DataError::TooLarge {
            file: file(),
            sizes: sizes_in_words(),
            limit: MAX_BYTES,
        })?;
    if n_bytes == 0 {
        return Err(DataError::Empty { file: file(), sizes: sizes_in_words() });
    }
    // Reads one byte more than declared, to detect trailing data and to verify gzip's checksum.
    let data = take(&mut reader, name, n_bytes + 1)?;
    let wanted = header_len + n_bytes;
    if data.len() as u64 > n_bytes {
        return Err(DataError::TooLong { file: file(), wanted });
    }
    if (data.len() as u64) < n_bytes {
        let found = header_len + data.len() as u64;
        return Err(DataError::Truncated { file: file(), found, wanted });
    }
    let shape = std::array::from_fn(|axis| sizes[axis] as usize);
    Ok((shape, data))
}

/// Reads up to `n` bytes. Memory grows with the data present, not with the size declared.
fn take(reader: &mut impl Read, name: &str, n: u64) -> Result<Vec<u8>, DataError> {
    let mut bytes = Vec::new();
    reader.take(n).read_to_end(&mut bytes).map_err(|error| DataError::Damaged {
        file: name.to_owned(),
        reason: if error.kind() == ErrorKind::UnexpectedEof {
            "unexpected end".to_owned()
        } else {
            error.to_string()
        },
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{File, LabelledImages, read};
    use crate::data::DataError;

    fn idx(sizes: &[u32], data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, u8::try_from(sizes.len()).unwrap()];
        for size in sizes {
            bytes.extend(size.to_be_bytes());
        }
        bytes.extend(data);
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read_bytes(images: &[u8], labels: &[u8]) -> Result<LabelledImages, DataError> {
        read(File { name: "pictures", bytes: images }, File { name: "classes", bytes: labels }, 10)
    }

    fn two_images() -> Vec<u8> {
        idx(&[2, 2, 3], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    }

    #[test]
    fn a_good_pair_is_read_plain_and_gzipped() {
        let labels = idx(&[2], &[9, 0]);
        let plain = read_bytes(&two_images(), &labels).unwrap();
        assert_eq!((plain.n, plain.n_rows, plain.n_columns), (2, 2, 3));
        assert_eq!(plain.pixels, (1..=12).collect::<Vec<u8>>());
        assert_eq!(plain.labels, [9, 0]);
        assert_eq!(read_bytes(&gzip(&two_images()), &gzip(&labels)).unwrap(), plain);
    }

    #[test]
    fn every_truncation_of_a_gzipped_or_plain_file_is_an_error_with_its_name() {
        let labels = idx(&[2], &[9, 0]);
        for whole in [two_images(), gzip(&two_images())] {
            for n in 0..whole.len() {
                let error = read_bytes(&whole[..n], &labels).unwrap_err().to_string();
                assert!(error.contains("`pictures`"), "{n} bytes: {error}");
            }
        }
        let all = two_images();
        assert_eq!(
            read_bytes(&all[..all.len() - 1], &labels).unwrap_err(),
            DataError::Truncated { file: "pictures".into(), found: 27, wanted: 28 }
        );
        let zipped = gzip(&all);
        let error = read_bytes(&zipped[..zipped.len() - 9], &labels).unwrap_err();
        assert!(matches!(error, DataError::Damaged { .. }), "{error}");
    }

    #[test]
    fn a_flipped_bit_in_a_gzipped_file_is_detected() {
        let labels = idx(&[2], &[9, 0]);
        let mut zipped = gzip(&two_images());
        let crc = zipped.len() - 6;
        zipped[crc] ^= 1;
        assert!(matches!(read_bytes(&zipped, &labels), Err(DataError::Damaged { .. })));
    }

    #[test]
    fn swapped_files_are_detected_by_their_magic_number() {
        let error = read_bytes(&idx(&[2], &[9, 0]), &two_images()).unwrap_err();
        let wanted = DataError::Magic {
            file: "pictures".into(),
            what: "images",
            found: 0x801,
            wanted: 0x803,
        };
        assert_eq!(error, wanted);
        assert!(error.to_string().contains("0x00000801"), "{error}");
        let text = read_bytes(b"label,pixel0,pixel1\n5,0,0\n", &two_images()).unwrap_err();
        assert!(matches!(text, DataError::Magic { .. }), "{text}");
    }

    #[test]
    fn excessive_sizes_are_refused_before_memory_is_allocated() {
        let labels = idx(&[2], &[9, 0]);
        for sizes in [[u32::MAX; 3], [60_000, 28 << 8, 28], [1 << 30, 2, 1]] {
            let error = read_bytes(&idx(&sizes, &[0; 8]), &labels).unwrap_err();
            assert!(matches!(error, DataError::TooLarge { .. }), "{error}");
        }
        let error = read_bytes(&idx(&[0, 28, 28], &[]), &labels).unwrap_err();
        assert!(error.to_string().contains("0 × 28 × 28"), "{error}");
        // Below the limit but missing: detected at the end of the file.
        let error = read_bytes(&idx(&[1 << 20, 28, 28], &[0; 8]), &labels).unwrap_err();
        assert!(matches!(error, DataError::Truncated { .. }), "{error}");
    }

    #[test]
    fn a_file_with_trailing_data_is_refused() {
        let mut long = two_images();
        long.push(0);
        for bytes in [gzip(&long), long] {
            let error = read_bytes(&bytes, &idx(&[2], &[9, 0])).unwrap_err();
            assert_eq!(error, DataError::TooLong { file: "pictures".into(), wanted: 28 });
        }
    }

    #[test]
    fn an_invalid_label_is_reported_with_its_index() {
        let error = read_bytes(&two_images(), &idx(&[2], &[9, 10])).unwrap_err();
        let wanted =
            DataError::Label { file: "classes".into(), index: 1, label: 10, n_classes: 10 };
        assert_eq!(error, wanted);
    }

    #[test]
    fn images_and_labels_of_different_counts_are_refused() {
        let error = read_bytes(&two_images(), &idx(&[3], &[0, 1, 2])).unwrap_err();
        assert!(matches!(error, DataError::Unpaired { n_images: 2, n_labels: 3, .. }), "{error}");
        assert!(error.to_string().contains("2 images") && error.to_string().contains("3 labels"));
    }
}
