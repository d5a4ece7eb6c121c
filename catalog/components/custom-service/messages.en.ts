import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'custom-service/hyperexponential-variation': ({ value }) =>
    `a hyperexponential service time needs a coefficient of variation of at least 1, got ${value}; choose lognormal or gamma below 1`,
  'custom-service/quantiles-out-of-order': ({ p, valueMs }) =>
    `quantiles must be given with rising p and times that do not fall; (${p}, ${valueMs} ms) is out of order`,
  'custom-service/servers-busy': ({ servers, to, waiting, refused }) =>
    `All ${servers} servers were busy: up to ${waiting} records waited and ${refused} were refused. ${to} servers would keep up.`,
  'custom-service/refusing': ({ servers }) =>
    `all ${servers} servers are busy and the queue is full: records are refused`,
  'custom-service/accepting': ({ refused }) => `no record was refused for a minute; ${refused} had been`,
};
