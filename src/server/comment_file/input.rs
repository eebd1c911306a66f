//! What is read of a file, unpacked, and not without end.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::{FileProblem, GZIP, MOST_PIECE, MOST_UNPACKED};

/// What is read of a file: neither a piece of it nor the whole may be too long.
pub(super) struct Input<R> {
    inner: R,
    /// The lines that were read one by one.
    pub lines: u64,
    piece: usize,
    whole: u64,
}

/// A text file, unpacked if it is packed.
pub(super) type TextInput = Input<Box<dyn BufRead + Send>>;

pub(super) fn open_text(path: &Path) -> Result<TextInput, FileProblem> {
    let open = || -> io::Result<Box<dyn BufRead + Send>> {
        let mut plain = BufReader::with_capacity(1 << 16, File::open(path)?);
        Ok(if plain.fill_buf()?.starts_with(GZIP) {
            Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain)))
        } else {
            Box::new(plain)
        })
    };
    Ok(Input::new(open().map_err(|error| FileProblem::of_io(None, &error))?, MOST_UNPACKED))
}

impl<R: BufRead> Input<R> {
    pub fn new(inner: R, whole: u64) -> Self {
        Self { inner, lines: 0, piece: MOST_PIECE, whole }
    }

    /// Begins the next piece.
    pub fn next_piece(&mut self) {
        self.piece = MOST_PIECE;
    }

    /// Reads a line and gives its number, or nothing at the end.
    pub fn next_line(&mut self, line: &mut Vec<u8>) -> Result<Option<u64>, FileProblem> {
        line.clear();
        self.next_piece();
        self.lines += 1;
        let read = self.read_until(b'\n', line).map_err(|error| FileProblem::of_io(self.lines, &error))?;
        Ok((read > 0).then_some(self.lines))
    }
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = self.inner.fill_buf()?;
        let most = self.piece.min(usize::try_from(self.whole).unwrap_or(usize::MAX));
        if most == 0 && !available.is_empty() {
            let (what, most) =
                if self.piece == 0 { ("this line or text", MOST_PIECE as u64) } else { ("the file", MOST_UNPACKED) };
            return Err(io::Error::new(ErrorKind::FileTooLarge, format!("{what} has more than {} MB", most >> 20)));
        }
        Ok(available.get(..most).unwrap_or(available))
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.piece = self.piece.saturating_sub(amount);
        self.whole = self.whole.saturating_sub(amount as u64);
    }
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}
