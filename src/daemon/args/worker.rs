//! The flags of the workers.

use clap::Args;

use crate::config::aurad::WorkerFlags;

/// How the workers go about it; each holds for a task queue.
#[derive(Debug, Args)]
#[command(next_help_heading = "Workers, for each task queue")]
pub(super) struct WorkerArgs {
    #[arg(
        long,
        value_name = "COUNT",
        help = "Runs that are remembered, so that they need not be replayed\n\
                [env: AURAD_MAX_CACHED_WORKFLOWS]\n[default: 300; 100 with --embedded]"
    )]
    max_cached_workflows: Option<String>,

    #[arg(
        long,
        value_name = "COUNT",
        help = "Workflow tasks that are worked on at once\n\
                [env: AURAD_MAX_CONCURRENT_WORKFLOW_TASKS] [default: 100]"
    )]
    max_concurrent_workflow_tasks: Option<String>,

    #[arg(
        long,
        value_name = "COUNT",
        help = "Activities that run at once; commands have --max-commands\n\
                [env: AURAD_MAX_CONCURRENT_ACTIVITIES] [default: 100]"
    )]
    max_concurrent_activities: Option<String>,

    #[arg(
        long,
        value_name = "COUNT",
        help = "Activities that run at once inside workflow tasks\n\
                [env: AURAD_MAX_CONCURRENT_LOCAL_ACTIVITIES] [default: 100]"
    )]
    max_concurrent_local_activities: Option<String>,

    #[arg(
        long,
        value_name = "COUNT",
        help = "Polls for workflow tasks that wait at once, or auto\n\
                [env: AURAD_MAX_CONCURRENT_WORKFLOW_TASK_POLLS] [default: 5]"
    )]
    max_concurrent_workflow_task_polls: Option<String>,

    #[arg(
        long,
        value_name = "COUNT",
        help = "Polls for activities that wait at once, or auto\n\
                [env: AURAD_MAX_CONCURRENT_ACTIVITY_TASK_POLLS] [default: 5]"
    )]
    max_concurrent_activity_task_polls: Option<String>,

    #[arg(
        long,
        value_name = "RATE",
        help = "Activities that this worker begins in a second\n\
                [env: AURAD_MAX_ACTIVITIES_PER_SECOND] [default: unlimited]"
    )]
    max_activities_per_second: Option<String>,

    #[arg(
        long,
        value_name = "RATE",
        help = "Activities that the server hands out in a second, to all workers together\n\
                [env: AURAD_MAX_TASK_QUEUE_ACTIVITIES_PER_SECOND]\n[default: unlimited]"
    )]
    max_task_queue_activities_per_second: Option<String>,

    #[arg(
        long,
        value_name = "NAME",
        help = "What this daemon is a part of, as the server shows it\n\
                [env: AURAD_DEPLOYMENT_NAME] [default: aura]"
    )]
    deployment_name: Option<String>,

    #[arg(
        long,
        value_name = "ID",
        help = "What it was built from, as the server shows it\n\
                [env: AURAD_BUILD_ID] [default: its version]"
    )]
    build_id: Option<String>,

    #[arg(
        long,
        value_name = "KIND",
        help = "Let Temporal decide by these two what it works on: off, auto-upgrade\n\
                (open epochs go on with the current version) or pinned (a run stays\n\
                with the version it began with)\n\
                [env: AURAD_WORKER_VERSIONING] [default: off]"
    )]
    worker_versioning: Option<String>,
}

impl From<WorkerArgs> for WorkerFlags {
    fn from(args: WorkerArgs) -> Self {
        let WorkerArgs {
            max_cached_workflows,
            max_concurrent_workflow_tasks,
            max_concurrent_activities,
            max_concurrent_local_activities,
            max_concurrent_workflow_task_polls,
            max_concurrent_activity_task_polls,
            max_activities_per_second,
            max_task_queue_activities_per_second,
            deployment_name,
            build_id,
            worker_versioning,
        } = args;
        Self {
            max_cached_workflows,
            max_concurrent_workflow_tasks,
            max_concurrent_activities,
            max_concurrent_local_activities,
            max_concurrent_workflow_task_polls,
            max_concurrent_activity_task_polls,
            max_activities_per_second,
            max_task_queue_activities_per_second,
            deployment_name,
            build_id,
            worker_versioning,
        }
    }
}
