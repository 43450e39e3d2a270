//! A look at a trail from outside, by somebody who wants to know whether it is well and
//! writes nothing. Whether the next write works is known only by writing: what is looked at
//! here is whether this user would be let.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::{Sqlite, reader, schema};
use crate::audit::{Error, Finding, chain};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// No table yet.
    Empty,
    /// The earlier implementation's table.
    Earlier,
    /// This implementation's, of this version.
    Version(i64),
}

/// A trail as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What the file holds.
    pub schema: Schema,
    /// The number of the last row that there ever was.
    pub last: i64,
    /// How many of the newest rows were looked at.
    pub looked_at: usize,
    /// What was done to those besides appending.
    pub findings: Vec<Finding>,
}

impl Sqlite {
    /// Looks at the file and its newest rows.
    pub fn look(&self, newest: u32) -> Result<Look, Error> {
        let reader::Newest { found, rows, last } = reader::newest(&self.path, newest)?;
        let looked_at = rows.len();
        let mut verifier = chain::Verifier::amid();
        for row in rows {
            verifier.step(row);
        }
        Ok(Look {
            schema: match found {
                schema::Found::Nothing => Schema::Empty,
                schema::Found::Earlier => Schema::Earlier,
                schema::Found::Version(version) => Schema::Version(version),
            },
            last: last.unwrap_or_default(),
            looked_at,
            findings: verifier.finish(last),
        })
    }

    /// What this user may not write to and would have to: the file, what stands beside it,
    /// and its directory, or the nearest one above that is there.
    pub fn not_writable(&self) -> Vec<PathBuf> {
        let mut needed: Vec<PathBuf> = ["", "-wal", "-shm"]
            .into_iter()
            .map(|suffix| {
                let mut name = self.path.as_os_str().to_owned();
                name.push(suffix);
                PathBuf::from(name)
            })
            .filter(|path| path.exists())
            .collect();
        let above = self.path.ancestors().skip(1);
        needed.extend(above.map(Path::to_owned).find(|path| path.exists()));
        needed.retain(|path| {
            let wish = if path.is_dir() {
                Access::WRITE_OK | Access::EXEC_OK
            } else {
                Access::READ_OK | Access::WRITE_OK
            };
            access(path, wish).is_err()
        });
        needed
    }
}
