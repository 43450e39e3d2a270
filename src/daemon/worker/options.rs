//! From the settings of the workers to the SDK's options. It leaves out what a worker hosts,
//! and the worker of this host's commands, which has limits of its own.

use temporalio_common::worker::{
    VersioningBehavior, WorkerDeploymentOptions, WorkerDeploymentVersion,
};
use temporalio_sdk::WorkerOptions;
use temporalio_sdk::runtime::worker_tuner::{FixedSizeSlotSupplier, TunerHolder};
use temporalio_sdk::runtime::{AutoscalingOptions, PollerBehavior};

use crate::config::aurad::{Pollers, Rate, Worker, WorkerVersioning};

/// What `auto` moves between.
const FEWEST_POLLERS: usize = 2;
const MOST_POLLERS: usize = 100;
const FIRST_POLLERS: usize = 5;

/// Sets what the settings say for each of the shared queues.
pub(super) fn limit(options: &mut WorkerOptions, settings: &Worker) {
    options.max_cached_workflows = size(settings.max_cached_workflows.value);
    let slots = |count: u32| FixedSizeSlotSupplier::new(size(count));
    options.tuner = TunerHolder::builder()
        .workflow_task_slot_supplier(slots(settings.max_concurrent_workflow_tasks.value))
        .activity_task_slot_supplier(slots(settings.max_concurrent_activities.value))
        .local_activity_task_slot_supplier(slots(settings.max_concurrent_local_activities.value))
        // Nothing here is of that kind.
        .nexus_task_slot_supplier(FixedSizeSlotSupplier::new(1))
        .build()
        .into();
    let polls = settings.max_concurrent_workflow_task_polls.value;
    options.workflow_task_poller_behavior = Some(pollers(polls));
    let polls = settings.max_concurrent_activity_task_polls.value;
    options.activity_task_poller_behavior = Some(pollers(polls));
    let rate = settings.max_activities_per_second.value;
    options.max_worker_activities_per_second = rate.map(Rate::per_second);
    let rate = settings.max_task_queue_activities_per_second.value;
    options.max_task_queue_activities_per_second = rate.map(Rate::per_second);
}

/// What a worker calls itself. Which worker gets a task depends on it for the shared queues
/// alone: the queue of a host's commands has one worker, of whatever version.
///
/// Options that are built without it have a checksum there, for which the SDK reads the whole
/// program.
pub(super) fn deployment(settings: &Worker, is_shared: bool) -> WorkerDeploymentOptions {
    let version = WorkerDeploymentVersion::builder()
        .deployment_name(settings.deployment_name.value.clone())
        .build_id(settings.build_id.value.clone())
        .build();
    let behavior = if is_shared {
        behavior(settings.worker_versioning.value)
    } else {
        None
    };
    WorkerDeploymentOptions::new(version)
        .use_worker_versioning(behavior.is_some())
        .maybe_default_versioning_behavior(behavior)
        .build()
}

/// What becomes of an execution when another version becomes current; none where versions
/// decide nothing.
const fn behavior(versioning: WorkerVersioning) -> Option<VersioningBehavior> {
    match versioning {
        WorkerVersioning::Off => None,
        WorkerVersioning::AutoUpgrade => Some(VersioningBehavior::AutoUpgrade),
        WorkerVersioning::Pinned => Some(VersioningBehavior::Pinned),
    }
}

fn pollers(pollers: Pollers) -> PollerBehavior {
    match pollers {
        Pollers::AtMost(count) => PollerBehavior::SimpleMaximum(size(count)),
        Pollers::Auto => PollerBehavior::Autoscaling(
            AutoscalingOptions::builder()
                .minimum(FEWEST_POLLERS)
                .maximum(MOST_POLLERS)
                .initial(FIRST_POLLERS)
                .build(),
        ),
    }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use temporalio_common::worker::VersioningBehavior;
    use temporalio_sdk::WorkerOptions;
    use temporalio_sdk::runtime::worker_tuner::{SlotSupplier, WorkerTuner};
    use temporalio_sdk::runtime::{AutoscalingOptions, PollerBehavior};

    use super::{deployment, limit};
    use crate::config::aurad::{Flags, Settings, WorkerFlags};

    fn options(worker: WorkerFlags, embedded: bool) -> WorkerOptions {
        let flags = Flags {
            embedded,
            worker,
            ..Flags::default()
        };
        let env = BTreeMap::from([("XDG_DATA_HOME", "/data")]);
        let settings = Settings::resolve(flags, &env).unwrap();
        let mut options = WorkerOptions::new("queue")
            .deployment_options(deployment(&settings.worker, true))
            .build();
        limit(&mut options, &settings.worker);
        options
    }

    /// Slots for workflow tasks, activities, and local activities.
    fn slots(options: &WorkerOptions) -> [usize; 3] {
        let WorkerTuner::TunerHolder(holder) = &options.tuner else {
            panic!("{:?}", options.tuner)
        };
        let count = |supplier: &SlotSupplier| match supplier {
            SlotSupplier::FixedSize(fixed) => fixed.num_slots,
            other => panic!("{other:?}"),
        };
        [
            count(&holder.workflow_task_slot_supplier),
            count(&holder.activity_task_slot_supplier),
            count(&holder.local_activity_task_slot_supplier),
        ]
    }

    #[test]
    fn each_setting_reaches_the_option_that_it_is_named_after() {
        let text = |text: &str| Some(text.to_owned());
        let options = options(
            WorkerFlags {
                max_cached_workflows: text("11"),
                max_concurrent_workflow_tasks: text("12"),
                max_concurrent_activities: text("13"),
                max_concurrent_local_activities: text("14"),
                max_concurrent_workflow_task_polls: text("15"),
                max_concurrent_activity_task_polls: text("auto"),
                max_activities_per_second: text("0.5"),
                max_task_queue_activities_per_second: text("16"),
                deployment_name: text("team"),
                build_id: text("17"),
                worker_versioning: text("auto-upgrade"),
            },
            false,
        );
        assert_eq!(options.max_cached_workflows, 11);
        assert_eq!(slots(&options), [12, 13, 14]);
        assert_eq!(
            options.workflow_task_poller_behavior,
            Some(PollerBehavior::SimpleMaximum(15))
        );
        let auto = AutoscalingOptions::builder()
            .minimum(2)
            .maximum(100)
            .initial(5)
            .build();
        assert_eq!(
            options.activity_task_poller_behavior,
            Some(PollerBehavior::Autoscaling(auto))
        );
        assert_eq!(options.max_worker_activities_per_second, Some(0.5));
        assert_eq!(options.max_task_queue_activities_per_second, Some(16.0));
        let deployment = &options.deployment_options;
        assert_eq!(deployment.version.deployment_name, "team");
        assert_eq!(deployment.version.build_id, "17");
        assert!(deployment.use_worker_versioning);
        assert_eq!(
            deployment.default_versioning_behavior,
            Some(VersioningBehavior::AutoUpgrade)
        );
    }

    #[test]
    fn where_nobody_says_anything_it_is_the_sdks_except_for_the_cache() {
        let apart = options(WorkerFlags::default(), false);
        assert_eq!(apart.max_cached_workflows, 300);
        assert_eq!(slots(&apart), [100, 100, 100]);
        let five = Some(PollerBehavior::SimpleMaximum(5));
        assert_eq!(apart.workflow_task_poller_behavior, five);
        assert_eq!(apart.activity_task_poller_behavior, five);
        assert_eq!(apart.max_worker_activities_per_second, None);
        assert_eq!(apart.max_task_queue_activities_per_second, None);
        let deployment = &apart.deployment_options.version;
        assert_eq!(deployment.deployment_name, "aura");
        assert_eq!(deployment.build_id, env!("CARGO_PKG_VERSION"));
        assert!(!apart.deployment_options.use_worker_versioning);

        let beside = options(WorkerFlags::default(), true);
        assert_eq!(beside.max_cached_workflows, 100);
        let asked = WorkerFlags {
            max_cached_workflows: Some("1000".to_owned()),
            ..WorkerFlags::default()
        };
        assert_eq!(options(asked, true).max_cached_workflows, 1000);
    }
}
