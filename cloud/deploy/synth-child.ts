/** The CDK child: answers each request of its parent with a template or an error, and ends with the channel to it. */
import { serializeError } from '#schema/errors.ts';
import { synthRequestSchema } from '#schema/deployment.ts';
import { DeploymentApp } from './app.ts';

process.on('message', (message) => {
  let reply: unknown;
  try {
    reply = { kind: 'done', result: new DeploymentApp(synthRequestSchema.parse(message)).synthesize() };
  } catch (error) {
    reply = { kind: 'failed', error: serializeError(error) };
  }
  process.send?.(reply);
});
