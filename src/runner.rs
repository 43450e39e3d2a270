//! Running the commands of slices and reviewers: as processes, in terminals, in work trees
//! of their own. Which command runs, and what its end means for an epoch, is not decided
//! here.

pub mod worktree;
