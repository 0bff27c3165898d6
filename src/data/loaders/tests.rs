//! Tests of the loaders: malformed files by their sentences, arbitrary bytes, and what is remembered.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use super::contents::{Answers, Contents};
use super::{disk, examples, info, parse, resolved_file};
use crate::data::idx::File;
use crate::data::{Answer, DataError, DataFile, InputShape, Parameters, Request, Split};
use crate::random::{Purpose, Stream};

fn parsed(bytes: &[u8]) -> Result<Contents, DataError> {
    parse(File { name: "my/table", bytes }, &mut |_| Ok(None))
}

fn classes(text: &str) -> Vec<u32> {
    match parsed(text.as_bytes()).unwrap().train.answers {
        Answers::Classes(classes) => classes,
        Answers::Values(values) => panic!("{values:?}"),
    }
}

/// A folder with one file of these contents.
struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn file(&self, name: &str) -> DataFile {
        DataFile { path: self.path(name).to_str().unwrap().to_owned(), sha256: String::new() }
    }
}

fn split(file: DataFile, n_train: usize, seed: u64) -> Result<Split, DataError> {
    let parameters = Parameters { file, ..Parameters::default() };
    examples(&Request { n_train, n_outputs: 2, seed, parameters })
}

fn idx(sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, u8::try_from(sizes.len()).unwrap()];
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes.extend(data);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn each_malformed_table_is_refused_with_its_place_and_what_to_do() {
    let many = (0..1002).fold("x,y\n".to_owned(), |text, i| format!("{text}0.5,{i}\n"));
    for (text, place, why) in [
        ("a,label\n1,0\n,1\n", "line 3, column `a`", "a value is missing"),
        ("a,label\n1,0\n2,\n", "line 3, column `label`", "a value is missing"),
        ("a,label\n1,0\n\n2,1,3\n", "line 4", "this row has three cells, the first one 2"),
        ("a,label\nnan,0\n2,1\n", "line 2, column `a`", "nan is not a finite number"),
        ("a,label\n1e400,0\n2,1\n", "line 2, column `a`", "not a finite number"),
        ("1,2,0\n1,red,1\n", "line 2, column `2`", "`red` is not a number; write categories"),
        ("a,y\n1,0.5\n2,inf\n", "line 3, column `y`", "inf is not a finite number"),
        ("a,y\n1,0.5\n2,NA\n", "line 3, column `y`", "numbers such as 0.5 and texts such as `NA`"),
        ("a\n1\n2\n", "line 1", "there is one column only"),
        ("a,b\n1,2\n", "line 3", "ends before a second example"),
        ("a,b\n1,2\n3,2\n", "column `b`", "all rows are of one class"),
        (&many, "line 1002, column `y`", "the 1001st class of at most 1000"),
    ] {
        let error = parsed(text.as_bytes()).unwrap_err().to_string();
        let start = format!("`my/table`, {place}: ");
        assert!(error.starts_with(&start) && error.contains(why), "{error}");
    }
    let error = parsed(b"a,b\n1,\xff\n").unwrap_err().to_string();
    assert!(error.contains("byte 6") && error.contains("UTF-8"), "{error}");
    let error = parsed(b"\x89PNG\r\n\x1a\n\0\0").unwrap_err().to_string();
    assert!(error.contains("none of the formats IDX, CSV"), "{error}");
}

#[test]
fn the_column_to_predict_is_found_and_its_classes_are_sorted() {
    assert_eq!(classes("Class,a,b\n10,0,0\n9,1,1\n10,2,2\n"), [1, 0, 1]);
    assert_eq!(classes("a,b,kind\n0,0,red\n1,1,blue\n"), [1, 0]);
    assert_eq!(classes("5.1,3.5,setosa\n4.9,3,virginica\n"), [0, 1]);
    assert_eq!(classes("\u{feff}a;TARGET;b\r\n0,5;-1;1\r\n0,25;3;1\r\n"), [0, 1]);
    assert_eq!(classes("a\tb\n\"1\"\t\"x, y\"\n2\tz\n"), [0, 1]);
    let contents = parsed(b"a;b;y\n1,5;2;0,5\n1;3;2\n").unwrap();
    assert_eq!(contents.summary.answer, Answer::Values(1));
    let Answers::Values(values) = contents.train.answers else { panic!("classes") };
    assert_eq!(values, [0.5, 2.0]);
}

#[test]
fn arbitrary_and_truncated_bytes_are_refused_or_read_and_never_panic() {
    let table = b"a,b,label\n1,2.5,x\n3,4,y\n5,6e3,x\n".to_vec();
    let images = idx(&[3, 2, 2], &[7; 12]);
    let labels = idx(&[3], &[4, 9, 4]);
    for whole in [&table, &images, &gzip(&table), &gzip(&images)] {
        let mut stream = Stream::new(3, Purpose::Data, whole.len() as u64);
        for round in 0..4000_usize {
            let mut bytes = whole.clone();
            bytes.truncate(round % (whole.len() + 1));
            for _ in 0..round % 5 {
                let place = usize::try_from(stream.below(bytes.len() as u64)).unwrap();
                let byte = u8::try_from(stream.below(256)).unwrap();
                if let Some(changed) = bytes.get_mut(place) {
                    *changed = byte;
                }
            }
            let Ok(bytes) = disk::unpacked("f-images", bytes) else { continue };
            let file = File { name: "f-images", bytes: &bytes };
            if let Ok(contents) = parse(file, &mut |_| Ok(Some(labels.clone()))) {
                let summary = &contents.summary;
                assert!(summary.n * summary.n_inputs <= bytes.len(), "{summary:?}");
            }
        }
    }
}

#[test]
fn a_file_that_unpacks_to_too_much_is_refused_at_the_limit() {
    // A thousand times smaller than its contents.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0_u8; 1 << 20];
    for _ in 0..=disk::MAX_BYTES >> 20 {
        encoder.write_all(&zeros).unwrap();
    }
    let packed = encoder.finish().unwrap();
    assert!(packed.len() < 1 << 20);
    let error = disk::unpacked("bomb", packed).unwrap_err().to_string();
    assert!(error.contains("unpacks to more, but at most 600 MB are read"), "{error}");
    let folder = Folder::new();
    let large = fs::File::create(folder.path("large")).unwrap();
    large.set_len(1 << 40).unwrap();
    let error = resolved_file(&folder.file("large")).unwrap_err().to_string();
    assert!(error.contains("it has 1048576 MB, but at most 600 MB are read"), "{error}");
}

#[test]
fn what_is_no_file_of_examples_is_refused() {
    let folder = Folder::new().with("empty", "");
    for (name, why) in
        [("none", "does not exist; check the path"), ("", "is a folder"), ("empty", "is empty")]
    {
        let error = resolved_file(&folder.file(name)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let error = resolved_file(&DataFile::default()).unwrap_err().to_string();
    assert!(error.contains("no file is named"), "{error}");
}

#[test]
fn columns_are_scaled_by_the_training_rows_and_the_other_rows_are_the_test_set() {
    let rows = (0..50).fold("a,b,c,label\n".to_owned(), |text, i| {
        format!("{text}{},{},0.1,{}\n", i, 1000 - 7 * i, if i % 3 == 0 { "no" } else { "yes" })
    });
    let folder = Folder::new().with("rows.csv", rows);
    let file = folder.file("rows.csv");
    let Split { train, test } = split(file.clone(), 40, 5).unwrap();
    let test = test.unwrap();
    assert_eq!((train.n, test.n), (40, 10));
    for column in 0..3 {
        let values: Vec<f64> = train.inputs.iter().skip(column).step_by(3).copied().collect();
        let mean = values.iter().sum::<f64>() / 40.0;
        let variance = values.iter().map(|x| x * x).sum::<f64>() / 40.0;
        let wanted = if column == 2 { 0.0 } else { 1.0 };
        assert!(mean.abs() < 1e-12 && (variance - wanted).abs() < 1e-12, "{mean}, {variance}");
    }
    assert!(test.inputs.chunks(3).all(|row| row[2] == 0.0));
    let total = [&train, &test].map(|part| part.labels.as_ref().unwrap().iter().sum::<u32>());
    assert_eq!(total.iter().sum::<u32>(), 33);
    assert_eq!(split(file.clone(), 40, 5).unwrap().train, train);
    assert_ne!(split(file.clone(), 40, 6).unwrap().train, train);
    let few = split(file.clone(), 10, 5).unwrap().train.labels.unwrap();
    assert_eq!(few, train.labels.unwrap()[..10]);
    assert_eq!(split(file.clone(), 50, 5).unwrap().test, None);
    assert!(matches!(split(file.clone(), 51, 5), Err(DataError::Count { available: 50, .. })));
    let facts = info(&file, 40).unwrap();
    assert_eq!((facts.default_n_train, facts.max_n_train, facts.n_test), (40, 50, 10));
}

#[test]
fn images_are_read_with_their_labels_and_their_test_set() {
    let folder = Folder::new()
        .with("train-images-idx3-ubyte.gz", gzip(&idx(&[4, 2, 1], &[0, 9, 200, 30, 4, 5, 6, 7])))
        .with("train-labels-idx1-ubyte", idx(&[4], &[7, 3, 7, 3]));
    let file = folder.file("train-images-idx3-ubyte.gz");
    let facts = info(&file, 3).unwrap();
    assert_eq!(facts.shape, InputShape::Image { height: 2, width: 1, channels: 1 });
    assert_eq!((facts.answer, facts.n_test), (Answer::Class(2), 1));
    let folder = folder
        .with("t10k-images-idx3-ubyte", idx(&[2, 2, 1], &[1, 2, 3, 4]))
        .with("t10k-labels-idx1-ubyte.gz", gzip(&idx(&[2], &[5, 3])));
    // The test set has appeared, with a class of its own.
    let facts = info(&file, 4).unwrap();
    assert_eq!((facts.answer, facts.n_test), (Answer::Class(3), 2));
    let Split { train, test } = split_of(3, file, 4);
    let mean = train.inputs.iter().sum::<f64>() / 8.0;
    let square = train.inputs.iter().map(|x| x * x).sum::<f64>() / 8.0;
    assert!(mean.abs() < 1e-12 && (square - 0.25).abs() < 1e-12);
    assert_eq!(test.unwrap().labels.unwrap(), [1, 0]);
    fs::remove_file(folder.path("t10k-labels-idx1-ubyte.gz")).unwrap();
    let error = info(&folder.file("train-images-idx3-ubyte.gz"), 4).unwrap_err().to_string();
    assert!(error.contains("there is no file `t10k-labels-idx1-ubyte`"), "{error}");
}

fn split_of(n_outputs: usize, file: DataFile, n_train: usize) -> Split {
    let parameters = Parameters { file, ..Parameters::default() };
    examples(&Request { n_train, n_outputs, seed: 1, parameters }).unwrap()
}

#[test]
fn images_without_labels_or_of_another_kind_are_refused() {
    let folder = Folder::new()
        .with("images", idx(&[2, 1, 1], &[1, 2]))
        .with("pictures", idx(&[2, 1, 1], &[1, 2]))
        .with("a-images", idx(&[2, 1, 1], &[1, 2]))
        .with("a-labels", idx(&[3], &[1, 2, 3]))
        .with("b-images", idx(&[2], &[1, 2]))
        .with("b-labels", idx(&[2], &[1, 2]))
        .with("c-images", idx(&[2, 1, 1], &[1, 2]))
        .with("c-labels", idx(&[2], &[4, 4]));
    for (name, why) in [
        ("images", "there is no file `labels` or `labels.gz`"),
        ("pictures", "call the two files as those of MNIST"),
        ("a-images", "holds 2 images"),
        ("b-images", "images and labels are not exchanged"),
        ("c-images", "2 images of 1 classes"),
    ] {
        let error = resolved_file(&folder.file(name)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn other_contents_than_the_recorded_ones_are_refused_and_the_recorded_are_still_described() {
    let text = "a,label\n1,0\n2,1\n3,0\n";
    let folder = Folder::new().with("rows.csv", text);
    let file = resolved_file(&folder.file("rows.csv")).unwrap();
    // As `sha256sum` prints it.
    assert_eq!(file.sha256, "417f0dd3434963e769e977b296f3a761d8ffaa3049a3b648cbaf6d9fc72c06dc");
    let folder = folder.with("rows.csv", "a,label\n1,0\n2,1\n3,0\n4,1\n");
    assert_eq!(info(&file, 3).unwrap().max_n_train, 3, "from memory");
    let error = split(file.clone(), 3, 1).unwrap_err().to_string();
    assert!(error.contains("other contents") && error.contains(&file.sha256[..12]), "{error}");
    let anew = resolved_file(&folder.file("rows.csv")).unwrap();
    assert_ne!(anew.sha256, file.sha256);
    assert_eq!(info(&anew, 3).unwrap().max_n_train, 4);
    fs::remove_file(folder.path("rows.csv")).unwrap();
    assert!(split(anew.clone(), 3, 1).unwrap_err().to_string().contains("does not exist"));
    assert_eq!(info(&anew, 3).unwrap().max_n_train, 4, "from memory");
    fs::write(folder.path("rows.csv"), text).unwrap();
    split(file, 3, 1).unwrap();
}
