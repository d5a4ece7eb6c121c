/**
 * Stations against the formulas of queueing theory, through ordinary scenario files. Each quantity is the mean of ten
 * replications; it must lie within the t-interval of confidence 1 - 1e-4 (false-alarm rate 1e-4 a check), and the interval must be
 * narrow enough to notice an error of a few percent.
 */
import { describe, expect, it } from 'vitest';
import type { RawResult } from '#schema/result.ts';
import { checkFormula } from '#test/harness/claims.ts';

const station = (result: RawResult, id = 'server') => result.nodes[id]?.metrics ?? {};

const queueMetrics = (result: RawResult): Record<string, number> => ({
  waitingMs: station(result).WaitingTime?.mean ?? Number.NaN,
  responseMs: station(result).ResponseTime?.mean ?? Number.NaN,
  responseP99Ms: station(result).ResponseTime?.p99 ?? Number.NaN,
  queueLength: station(result).QueueLength?.mean ?? Number.NaN,
  utilisation: (station(result).Utilisation?.mean ?? Number.NaN) / 100,
  refusedRatio: (station(result).RecordsRefused?.sum ?? Number.NaN) / result.ledger.created,
});

/** Probability that an arrival waits in M/M/c with `a` Erlang offered. */
function erlangC(servers: number, a: number): number {
  const b = erlangB(servers, a);
  return b / (1 - (a / servers) * (1 - b));
}

/** Probability of loss in M/M/c/c (any service law), by the stable recursion. */
function erlangB(servers: number, a: number): number {
  let b = 1;
  for (let n = 1; n <= servers; n += 1) b = (a * b) / (n + a * b);
  return b;
}

/** Mean wait of M/G/1 by Pollaczek and Khinchine. */
function pollaczekKhinchine(lambda: number, mean: number, cv: number): number {
  return (lambda * mean * mean * (1 + cv * cv)) / (2 * (1 - lambda * mean));
}

describe('single stations', () => {
  it('M/M/1 has the waiting, queue length and 99th percentile of the formulas', (context) => {
    const [lambda, service] = [100, 0.008];
    const rho = lambda * service;
    const response = service / (1 - rho);
    checkFormula(
      context,
      'm-m-1',
      queueMetrics,
      {
        waitingMs: (1000 * rho * service) / (1 - rho),
        responseMs: 1000 * response,
        responseP99Ms: 1000 * response * Math.log(100),
        queueLength: (rho * rho) / (1 - rho),
        utilisation: rho,
      },
      0.08,
    );
  });

  it('M/M/c waits as Erlang C says', (context) => {
    const [lambda, service, servers] = [100, 0.032, 4];
    const a = lambda * service;
    const waiting = (erlangC(servers, a) * service) / (servers - a);
    checkFormula(context, 'm-m-c', queueMetrics, {
      waitingMs: 1000 * waiting,
      queueLength: lambda * waiting,
      utilisation: a / servers,
    });
  });

  it('the places of all tasks of a service are the servers of M/M/c', (context) => {
    const [lambda, service, servers] = [100, 0.032, 4];
    const waiting = (erlangC(servers, lambda * service) * service) / (servers - lambda * service);
    checkFormula(context, 'tasks-m-m-c', queueMetrics, { waitingMs: 1000 * waiting, queueLength: lambda * waiting });
  });

  it('a task whose works share one processor is as busy as its work asks for, and answers as processor sharing within 2 %', (context) => {
    const [lambda, service] = [80, 0.008];
    const rho = lambda * service;
    const responses: number[] = [];
    const metrics = (result: RawResult): Record<string, number> => {
      responses.push(station(result).ResponseTime?.mean ?? Number.NaN);
      return { utilisation: (station(result).CPUUtilization?.mean ?? Number.NaN) / 100 };
    };
    checkFormula(context, 'task-processor-sharing', metrics, { utilisation: rho });
    // The stretch of a work is fixed when it begins, so that the formula is not met exactly.
    const mean = responses.reduce((sum, ms) => sum + ms, 0) / responses.length;
    expect(Math.abs((mean * (1 - rho)) / (1000 * service) - 1)).toBeLessThan(0.02);
  });

  it('M/D/1 waits half as long as M/M/1', (context) => {
    const [lambda, service] = [100, 0.008];
    const waiting = pollaczekKhinchine(lambda, service, 0);
    checkFormula(context, 'm-d-1', queueMetrics, {
      waitingMs: 1000 * waiting,
      queueLength: lambda * waiting,
      utilisation: 0.8,
    });
  });

  it('M/G/1 with lognormal service waits as Pollaczek and Khinchine say', (context) => {
    const [lambda, service, cv] = [100, 0.007, 1.5];
    checkFormula(
      context,
      'm-g-1-lognormal',
      queueMetrics,
      {
        waitingMs: 1000 * pollaczekKhinchine(lambda, service, cv),
        utilisation: lambda * service,
      },
      0.1,
    );
  });

  it('M/G/1 with hyperexponential service waits as Pollaczek and Khinchine say', (context) => {
    const [lambda, service, cv] = [100, 0.007, 2];
    checkFormula(
      context,
      'm-g-1-hyperexponential',
      queueMetrics,
      {
        waitingMs: 1000 * pollaczekKhinchine(lambda, service, cv),
        utilisation: lambda * service,
      },
      0.1,
    );
  });

  it('M/M/c/K loses and waits as the birth-death chain says', (context) => {
    const [lambda, service, servers, places] = [100, 0.032, 3, 5];
    const a = lambda * service;
    const weights = [1];
    for (let n = 1; n <= servers + places; n += 1) weights.push(((weights[n - 1] ?? 0) * a) / Math.min(n, servers));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const loss = (weights.at(-1) ?? 0) / total;
    const queueLength = weights.reduce((sum, weight, n) => sum + Math.max(0, n - servers) * weight, 0) / total;
    checkFormula(context, 'm-m-c-k', queueMetrics, {
      refusedRatio: loss,
      queueLength,
      waitingMs: (1000 * queueLength) / (lambda * (1 - loss)),
      utilisation: (a * (1 - loss)) / servers,
    });
  });

  it('a loss system refuses the share of Erlang B whatever the service law', (context) => {
    checkFormula(context, 'erlang-b', queueMetrics, {
      refusedRatio: erlangB(10, 8),
      utilisation: (8 * (1 - erlangB(10, 8))) / 10,
    });
  });
});

describe('networks', () => {
  it('a Jackson network with feedback has product-form response times', (context) => {
    const entering = 70;
    const lambda = entering / 0.7;
    const first = 0.007 / (1 - lambda * 0.007);
    const offered = lambda * 0.012;
    const second = 0.012 + (erlangC(2, offered) * 0.012) / (2 - offered);
    checkFormula(
      context,
      'jackson-feedback',
      (result) => ({
        firstMs: station(result, 'first').ResponseTime?.mean ?? Number.NaN,
        secondMs: station(result, 'second').ResponseTime?.mean ?? Number.NaN,
        totalSeconds: result.paths[0]?.latencySeconds.mean ?? Number.NaN,
      }),
      { firstMs: 1000 * first, secondMs: 1000 * second, totalSeconds: (first + second) / 0.7 },
    );
  });
});

describe('buffers', () => {
  it('a size-or-time buffer flushes as often as the renewal argument says', (context) => {
    const [lambda, size, windowSeconds] = [250, 20, 0.05];
    // A cycle begins with the first record and ends when the window closes or the buffer is full:
    // records per flush = 1 + min(Poisson(lambda w), size - 1) in the mean.
    let probability = Math.exp(-lambda * windowSeconds);
    let tail = 1;
    let further = 0;
    for (let k = 1; k < size; k += 1) {
      tail -= probability;
      further += tail;
      probability *= (lambda * windowSeconds) / k;
    }
    checkFormula(
      context,
      'size-or-time-flush',
      (result) => ({ recordsPerFlush: (result.edges.arrivals?.records ?? 0) / (result.edges.arrivals?.requests ?? 1) }),
      { recordsPerFlush: 1 + further },
      0.01,
    );
  });
});
