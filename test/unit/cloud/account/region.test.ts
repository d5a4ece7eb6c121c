import { describe, expect, it } from 'vitest';
import { chooseRegion } from '#cloud/account/region.ts';

describe('chooseRegion', () => {
  it("takes the document's Region where nothing else is said", () => {
    expect(chooseRegion({ document: 'us-east-1' })).toBe('us-east-1');
    expect(chooseRegion({ document: 'us-east-1', configured: '' })).toBe('us-east-1');
    expect(chooseRegion({ document: 'us-east-1', configured: 'us-east-1' })).toBe('us-east-1');
  });

  it('takes the Region that is asked for before all others', () => {
    expect(chooseRegion({ asked: 'eu-west-1', document: 'us-east-1', configured: 'eu-west-2' })).toBe('eu-west-1');
  });

  it('takes that of the AWS settings where there is no document, or the first of AWS', () => {
    expect(chooseRegion({ configured: 'eu-west-1' })).toBe('eu-west-1');
    expect(chooseRegion({ asked: 'eu-west-2', configured: 'eu-west-1' })).toBe('eu-west-2');
    expect(chooseRegion({ configured: '' })).toBe('us-east-1');
  });

  it('fails, naming both, where the document and the AWS settings differ', () => {
    expect(() => chooseRegion({ document: 'us-east-1', configured: 'eu-west-1' })).toThrow(
      'the document says us-east-1, your AWS settings say eu-west-1; say which with --region us-east-1 or --region eu-west-1 [aws/two-regions]',
    );
  });

  it.each(['Frankfurt', 'eu-west', 'EU-WEST-1', '--profile'])('fails for %s, which is no Region', (asked) => {
    expect(() => chooseRegion({ asked, document: 'us-east-1' })).toThrow('[aws/not-a-region]');
  });
});
