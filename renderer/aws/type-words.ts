/** `AWS::SQS::Queue` as a person says it: SQS Queue. */
export function typeWords(type: string): string {
  return type.replace(/^AWS::/, '').replaceAll('::', ' ');
}
