import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'ecs-service/memory-size': ({ memoryMiB, cpu, from, to, step }) =>
    `Fargate has no task of ${cpu} CPU units with ${memoryMiB} MiB; choose ${from} to ${to} MiB in steps of ${step} MiB (256 CPU units: 512, 1024 or 2048 MiB)`,
  'ecs-service/hyperexponential-variation': ({ value }) =>
    `a hyperexponential service time needs a coefficient of variation of at least 1, got ${value}; choose lognormal or gamma below 1`,
  'ecs-service/start-up-reversed': ({ from, to }) =>
    `the shortest start-up (${from} s) must not exceed the longest (${to} s)`,
  'ecs-service/capacity-reversed': ({ minCapacity, maxCapacity }) =>
    `the fewest tasks (${minCapacity}) must not exceed the most tasks (${maxCapacity}) of auto scaling`,
  'ecs-service/desired-outside-capacity': ({ desiredCount, minCapacity, maxCapacity }) =>
    `the service begins with ${desiredCount} tasks, which must lie between the fewest (${minCapacity}) and the most (${maxCapacity}) of auto scaling`,
  'ecs-service/refusing': ({ tasks }) =>
    Number(tasks) === 0
      ? 'no task is running: requests are refused'
      : `all places of the ${tasks} running tasks and of the queue are taken: requests are refused`,
  'ecs-service/accepting': ({ refused }) => `no request was refused for a minute; ${refused} had been`,
  'ecs-service/failing': () => 'the program in the tasks fails on records: requests are lost, queue messages go back',
  'ecs-service/failing-ended': ({ records }) => `no record fails any more; ${records} attempts had`,
  'ecs-service/skipping': ({ attempts }) => `stream records are skipped after ${attempts} failed attempts: lost`,
  'ecs-service/skipping-ended': ({ records }) => `${records} stream records were skipped; no more now`,
  'ecs-service/leases-taken': ({ failoverMs }) =>
    `tasks take over leases that were not renewed for ${failoverMs} ms and begin at their last checkpoints`,
  'ecs-service/leases-taken-ended': ({ records }) =>
    `all leases are held again; ${records} records since the checkpoints were worked on twice`,
  'ecs-service/tasks-lost': ({ lost, left }) => `running tasks lost, with what they worked on: ${lost}; left: ${left}`,
  'ecs-service/tasks-launched': ({ launched }) => `tasks launched in place of those that were lost: ${launched}`,
  'ecs-service/scaled': ({ from, to, metric, target }) =>
    `auto scaling: ${from} -> ${to} tasks; the metric stood at ${metric}, its target is ${target}`,
  'ecs-service/cpu-busy': ({ cpuPercent, tasks, to, aimPercent }) =>
    `The processors of the tasks were ${cpuPercent} % busy with up to ${tasks} tasks; works slow each other down. ${to} tasks would be about ${aimPercent} % busy.`,
  'ecs-service/scaling-ceiling': ({ cpuPercent, maxCapacity, to }) =>
    `Auto scaling stood at its ceiling of ${maxCapacity} tasks while their processors were ${cpuPercent} % busy. Allow ${to} tasks.`,
  'ecs-service/places-taken': ({ concurrency, to, cpuPercent, waiting, refused }) =>
    `All places were taken while the processors were only ${cpuPercent} % busy: up to ${waiting} requests waited and ${refused} were refused. Let a task work on ${to} requests at a time in place of ${concurrency}.`,
  'ecs-service/idle-tasks': ({ tasks, leases }) =>
    `A stream is read by one worker per shard: ${leases} leases leave ${Number(tasks) - Number(leases)} of ${tasks} tasks without work. Use ${leases} tasks, or more shards.`,
  'ecs-service/skipped': ({ from, to }) =>
    `Stream records were skipped after ${from} failed attempts: lost. With ${to} attempts a shard waits for a short trouble to pass, and its other records with it.`,
  'ecs-service/repeated': ({ records, from, to }) =>
    `${records} records were worked on twice after tasks were lost: everything since a checkpoint of up to ${from} s. A checkpoint every ${to} s repeats less, for more writes to the lease table.`,
};
