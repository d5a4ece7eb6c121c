import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'custom-service/hyperexponential-variation': ({ value }) =>
    `a hyperexponential service time needs a coefficient of variation of at least 1, got ${value}; choose lognormal or gamma below 1`,
  'custom-service/quantiles-out-of-order': ({ p, valueMs }) =>
    `quantiles must be given with rising p and times that do not fall; (${p}, ${valueMs} ms) is out of order`,
  'custom-service/servers-busy': ({ servers, busyPercent, offered, to, busyGoalPercent, waiting, refused }) =>
    `Servers: ${servers}, busy ${busyPercent} % of the time; up to ${waiting} records waited and ${refused} were refused. What arrives, refused attempts counted, keeps ${offered} busy; of ${to} each would be busy at most ${busyGoalPercent} % of the time.`,
  'custom-service/peaks': ({ servers, busyPercent, waiting, refused }) =>
    `Servers: ${servers}, busy only ${busyPercent} % of the time, but at peaks up to ${waiting} records waited and ${refused} were refused. A smoother load, more room in the queue or more servers would take the peaks.`,
  'custom-service/refusing': ({ servers }) =>
    `all ${servers} servers are busy and the queue is full: records are refused`,
  'custom-service/accepting': ({ refused }) => `no record was refused for a minute; ${refused} had been`,
};
