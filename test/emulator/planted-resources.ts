/** Resources planted in a copy of a template: one that takes its time, one that fails. Both are custom, behind a function. */
import type { Template } from './adapt-template.ts';
import { withResource } from './documents.ts';

const CODE = `
const https = { 'http:': require('http'), 'https:': require('https') };
exports.handler = async (event) => {
  const { Seconds = 0, Reason, FailsOn = 'Create' } = event.ResourceProperties;
  if (event.RequestType !== 'Delete') await new Promise((done) => setTimeout(done, Number(Seconds) * 1000));
  const { StackId, RequestId, LogicalResourceId } = event;
  const isRefused = Reason !== undefined && event.RequestType === FailsOn;
  const Status = isRefused ? 'FAILED' : 'SUCCESS';
  const answer = { Status, Reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'planted' };
  const body = JSON.stringify(answer);
  const url = new URL(event.ResponseURL);
  await new Promise((resolve, reject) => {
    const request = https[url.protocol].request(url, { method: 'PUT', headers: { 'content-length': body.length } }, (reply) => {
      reply.resume();
      reply.on('end', resolve);
    });
    request.on('error', reject);
    request.end(body);
  });
};`;

function planted(template: Template, properties: Readonly<Record<string, unknown>>): Template {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    },
  };
  const fn = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 60,
      Code: { ZipFile: CODE },
      Role: { 'Fn::GetAtt': ['PlantedRole', 'Arn'] },
    },
  };
  const custom = {
    Type: 'Custom::Planted',
    Properties: { ServiceToken: { 'Fn::GetAtt': ['PlantedFunction', 'Arn'] }, ...properties },
  };
  return withResource(
    withResource(withResource(template, 'PlantedRole', role), 'PlantedFunction', fn),
    'Planted',
    custom,
  );
}

/** With a resource that takes so many seconds. */
export function slowResource(template: Template, seconds: number): Template {
  return planted(template, { Seconds: seconds });
}

/** With a resource that cannot be made. */
export function failingResource(template: Template, reason: string): Template {
  return planted(template, { Reason: reason });
}

/** With a resource that can be made but not be deleted. */
export function stubbornResource(template: Template, reason: string): Template {
  return planted(template, { Reason: reason, FailsOn: 'Delete' });
}
