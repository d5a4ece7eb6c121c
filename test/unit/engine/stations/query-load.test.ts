import { expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { QueryLoad } from '#engine/stations/query-load.ts';

it('sends the queries of all panels once per user and interval, and none while paused', () => {
  const kernel = new Kernel();
  const asked: number[] = [];
  let isPaused = false;
  const port = {
    meeting: 'query' as const,
    query: (reply: { latencyUs: number }) => {
      asked.push(kernel.nowUs);
      reply.latencyUs = 7;
    },
  };
  const heard: number[] = [];
  const options = {
    users: 3,
    panels: 4,
    intervalUs: 1000,
    phase: new DrawStream(1, 'app', 'dashboards'),
    isPaused: () => isPaused,
  };
  const load = new QueryLoad(kernel, port, options, ({ latencyUs }) => heard.push(latencyUs));
  load.start();
  kernel.run(9999);
  expect(asked).toHaveLength(3 * 4 * 10);
  expect(heard.every((latencyUs) => latencyUs === 7)).toBe(true);
  // Users refresh apart from each other; the panels of one at once.
  expect(new Set(asked.slice(0, 12)).size).toBe(3);
  isPaused = true;
  kernel.run(20_000);
  expect(asked).toHaveLength(120);
});
