/** The CDK child: takes one request over the channel to its parent, answers with a template or an error, and ends. */
import { serializeError } from '#schema/errors.ts';
import { synthRequestSchema } from '#schema/deployment.ts';
import { DeploymentApp } from './app.ts';

process.once('message', (message) => {
  let reply: unknown;
  try {
    reply = { kind: 'done', result: new DeploymentApp(synthRequestSchema.parse(message)).synthesize() };
  } catch (error) {
    reply = { kind: 'failed', error: serializeError(error) };
  }
  process.send?.(reply, () => process.disconnect());
});
